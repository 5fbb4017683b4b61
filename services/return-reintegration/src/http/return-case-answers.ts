import {
  CARE_STATUSES,
  type CareStatus,
  CONSENT_FORMS,
  CONSENT_GIVERS,
  type ConsentForm,
  type ConsentGiver,
  COUNSELLED_OPTIONS,
  type CounselledOption,
  INTERPRETATIONS,
  type Interpretation,
} from '@acogida/reference';
import { CommandAnswer } from '@acogida/service-kit';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import type { ReturnConsent } from '../domain/return-case-events.ts';
import { RETURN_STAGES, type ReturnCase, type ReturnStage } from '../domain/return-case-state.ts';
import type { ReturnCaseEntity } from '../projections/return-case.entity.ts';

/** Answer to every command on a return case. */
export class ReturnCaseAnswer extends CommandAnswer {
  @IsIn(RETURN_STAGES) stage!: ReturnStage;
  @IsUUID() caseId!: string;
  /** Until when the consent does not count yet; null where there is none. */
  @IsOptional() @IsISO8601() coolingUntil!: string | null;
}

/** A session of counselling. */
export class ReturnCounsellingView {
  @IsISO8601() heldAt!: string;
  @IsString() language!: string;
  @IsIn(INTERPRETATIONS) interpretation!: Interpretation;
  @IsArray() @IsIn(COUNSELLED_OPTIONS, { each: true }) options!: CounselledOption[];
  @IsBoolean() isDetained!: boolean;
}

/** The consent that stands. */
export class ReturnConsentView {
  @IsInt() version!: number;
  @IsISO8601() signedAt!: string;
  @IsISO8601() coolingUntil!: string;
  @IsISO8601() validUntil!: string;
  @IsString() language!: string;
  @IsIn(INTERPRETATIONS) interpretation!: Interpretation;
  @IsIn(CONSENT_FORMS) form!: ConsentForm;
  @IsIn(CONSENT_GIVERS) givenBy!: ConsentGiver;
  /** An officer has established after the cooling-off that it is voluntary. */
  @IsBoolean() isConfirmed!: boolean;
}

/** A return case as its counsellor sees it. */
export class ReturnCaseView {
  @IsUUID() id!: string;
  @IsInt() version!: number;
  @IsIn(RETURN_STAGES) stage!: ReturnStage;
  @IsUUID() caseId!: string;
  @IsOptional() @IsUUID() referralId!: string | null;
  @IsString() destination!: string;
  /** Null for an adult. */
  @IsOptional() @IsIn(CARE_STATUSES) careStatus!: CareStatus | null;
  @IsISO8601() submittedAt!: string;
  /** Since the application, or since the last consent ended. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => ReturnCounsellingView) sessions!: ReturnCounsellingView[];
  /** Null where none stands. */
  @IsOptional() @ValidateNested() @Type(() => ReturnConsentView) consent!: ReturnConsentView | null;
  @IsOptional() @IsISO8601() departedAt!: string | null;
}

/** A return case in a list. */
export class ReturnCaseRow {
  @IsUUID() id!: string;
  @IsInt() version!: number;
  @IsIn(RETURN_STAGES) stage!: ReturnStage;
  @IsUUID() caseId!: string;
  @IsOptional() @IsUUID() referralId!: string | null;
  @IsOptional() @IsIn(CARE_STATUSES) careStatus!: CareStatus | null;
  @IsISO8601() submittedAt!: string;
  /** Of the consent that was signed last; the stage says whether it stands. */
  @IsOptional() @IsInt() consentVersion!: number | null;
  @IsOptional() @IsISO8601() coolingUntil!: string | null;
  @IsOptional() @IsISO8601() validUntil!: string | null;
  @IsOptional() @IsISO8601() departedAt!: string | null;
  @IsISO8601() changedAt!: string;
}

/** The list row of a return case. */
export function returnCaseRowOf(entity: ReturnCaseEntity): ReturnCaseRow {
  const { returnCaseId: id, openedPosition: _, ...facts } = entity;
  const { submittedAt, coolingUntil, validUntil, departedAt, changedAt } = facts;
  return {
    ...{ id, ...facts },
    submittedAt: submittedAt.toISOString(),
    coolingUntil: coolingUntil?.toISOString() ?? null,
    validUntil: validUntil?.toISOString() ?? null,
    departedAt: departedAt?.toISOString() ?? null,
    changedAt: changedAt.toISOString(),
  };
}

function consentViewOf(consent: ReturnConsent, isConfirmed: boolean): ReturnConsentView {
  const { version, signedAt, coolingUntil, validUntil, language, interpretation, form, givenBy } = consent;
  return { version, signedAt, coolingUntil, validUntil, language, interpretation, form, givenBy, isConfirmed };
}

/** The view of a return case; null when there is none. */
export function returnCaseViewOf(state: ReturnCase, version: number): ReturnCaseView | null {
  const { stage, application, careStatus, sessions, consent, isConfirmed, departure } = state;
  if (application === null) return null;
  const { returnCaseId: id, caseId, referralId, destination, submittedAt } = application;
  return {
    ...{ id, version, stage, caseId, referralId, destination, careStatus, submittedAt },
    sessions: sessions.map(({ options, ...session }) => ({ ...session, options: [...options] })),
    consent: consent && consentViewOf(consent, isConfirmed),
    departedAt: departure?.departedAt ?? null,
  };
}
