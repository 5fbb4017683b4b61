import { LODGED_BY, type LodgedBy, LODGING_FORMS, type LodgingForm } from '@acogida/reference';
import { CommandAnswer } from '@acogida/service-kit';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID } from 'class-validator';
import {
  APPLICATION_STAGES,
  type ApplicationStage,
  type AsylumApplication,
  LATE_FILINGS,
  type LateFiling,
} from '../domain/asylum-application.ts';
import { LATE_FILING_REASONS, type LateFilingReason } from '../domain/late-filing-reasons.ts';
import type { AsylumApplicationEntity } from '../projections/asylum-application.entity.ts';

/** Answer of `POST /v1/applications`. */
export class LodgedAnswer extends CommandAnswer {
  @IsUUID() applicationId!: string;
  @IsUUID() caseId!: string;
  @IsBoolean() late!: boolean;
  @IsOptional() @IsISO8601() fileBy!: string | null;
  @IsOptional() @IsISO8601() ratifyBy!: string | null;
}

/** Answer of `POST /v1/applications/:id/registration`. */
export class RegisteredAnswer extends CommandAnswer {
  @IsOptional() @IsISO8601() decideBy!: string | null;
}

/** An application in a list. */
export class ApplicationRow {
  @IsUUID() applicationId!: string;
  @IsInt() version!: number;
  @IsIn(APPLICATION_STAGES) stage!: ApplicationStage;
  @IsUUID() caseId!: string;
  @IsOptional() @IsUUID() referralId!: string | null;
  @IsIn(LODGING_FORMS) form!: LodgingForm;
  @IsIn(LODGED_BY) lodgedBy!: LodgedBy;
  @IsISO8601() lodgedOn!: string;
  @IsOptional() @IsISO8601() fileBy!: string | null;
  @IsBoolean() late!: boolean;
  @IsIn(LATE_FILINGS) lateFiling!: LateFiling;
  @IsOptional() @IsISO8601() ratifyBy!: string | null;
  @IsOptional() @IsISO8601() ratifiedOn!: string | null;
  @IsOptional() @IsISO8601() registeredOn!: string | null;
  @IsOptional() @IsISO8601() decideBy!: string | null;
  @IsISO8601() changedAt!: string;
}

/** An application as the eligibility officer sees it. */
export class ApplicationView {
  @IsUUID() id!: string;
  @IsUUID() applicationId!: string;
  @IsInt() version!: number;
  @IsIn(APPLICATION_STAGES) stage!: ApplicationStage;
  @IsUUID() caseId!: string;
  @IsOptional() @IsUUID() referralId!: string | null;
  /** Country whose parameters gave the limits. */
  @IsOptional() @IsString() country!: string | null;
  @IsIn(LODGING_FORMS) form!: LodgingForm;
  @IsIn(LODGED_BY) lodgedBy!: LodgedBy;
  @IsISO8601() lodgedOn!: string;
  @IsOptional() @IsString() enteredOn!: string | null;
  @IsOptional() @IsISO8601() fileBy!: string | null;
  @IsBoolean() late!: boolean;
  @IsIn(LATE_FILINGS) lateFiling!: LateFiling;
  @IsOptional() @IsIn(LATE_FILING_REASONS) lateFilingReason!: LateFilingReason | null;
  @IsOptional() @IsISO8601() ratifyBy!: string | null;
  @IsOptional() @IsISO8601() ratifiedOn!: string | null;
  @IsOptional() @IsBoolean() ratifiedLate!: boolean | null;
  @IsOptional() @IsString() fileNumber!: string | null;
  @IsOptional() @IsISO8601() registeredOn!: string | null;
  @IsOptional() @IsISO8601() decideBy!: string | null;
}

/** The list row of an application. */
export function applicationRowOf(entity: AsylumApplicationEntity): ApplicationRow {
  const { openedPosition: _, changedAt, ...facts } = entity;
  return { ...facts, changedAt: changedAt.toISOString() };
}

/** The view of a lodged application; null when there is none. */
export function applicationViewOf(state: AsylumApplication, version: number): ApplicationView | null {
  const { stage, lodged, ratified, lateFiling, lateFilingReason, registration } = state;
  if (lodged === null) return null;
  return {
    id: lodged.applicationId,
    version,
    stage,
    ...lodged,
    lateFiling,
    lateFilingReason,
    ratifiedOn: ratified?.ratifiedOn ?? null,
    ratifiedLate: ratified?.late ?? null,
    fileNumber: registration?.fileNumber ?? null,
    registeredOn: registration?.registeredOn ?? null,
    decideBy: registration?.decideBy ?? null,
  };
}
