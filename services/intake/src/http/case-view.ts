import {
  AGE_STATUSES,
  type AgeStatus,
  CARE_STATUSES,
  type CareStatus,
  type Channel,
  CHANNELS,
  CHILD_BASES,
  type ChildBasis,
  type EntryMode,
  ENTRY_MODES,
  NATIONALITY_STATUSES,
  type NationalityStatus,
  type Sex,
  SEXES,
} from '@acogida/reference';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, IsUUID } from 'class-validator';
import { type CaseIntake, INTAKE_STAGES, type IntakeStage } from '../domain/case-intake-state.ts';
import type { IntakeCaseEntity } from '../projections/intake-case.entity.ts';

/** A case in a list. */
export class CaseRow {
  @IsUUID() caseId!: string;
  @IsInt() version!: number;
  @IsIn(INTAKE_STAGES) stage!: IntakeStage;
  @IsString() place!: string;
  @IsIn(CHANNELS) channel!: Channel;
  @IsOptional() @IsString() contactedOn!: string | null;
  @IsIn(ENTRY_MODES) entryMode!: EntryMode;
  @IsISO8601() openedAt!: string;
  @IsISO8601() changedAt!: string;
  @IsOptional() @IsIn(SEXES) sex!: Sex | null;
  @IsOptional() @IsIn(AGE_STATUSES) ageStatus!: AgeStatus | null;
  @IsOptional() @IsInt() ageFromYears!: number | null;
  @IsOptional() @IsInt() ageToYears!: number | null;
  @IsArray() @IsString({ each: true }) nationalities!: readonly string[];
  @IsOptional() @IsIn(NATIONALITY_STATUSES) nationalityStatus!: NationalityStatus | null;
  @IsOptional() @IsBoolean() lifeSaving!: boolean | null;
  @IsBoolean() asylumIntent!: boolean;
  @IsOptional() @IsIn(CHILD_BASES) childBasis!: ChildBasis | null;
  @IsOptional() @IsIn(CARE_STATUSES) careStatus!: CareStatus | null;
  @IsBoolean() traffickingFlagged!: boolean;
}

/** A case as the officers who work on it see it. Complaints are not part of it. */
export class CaseView {
  @IsUUID() id!: string;
  @IsUUID() caseId!: string;
  @IsInt() version!: number;
  @IsIn(INTAKE_STAGES) stage!: IntakeStage;
  @IsObject() firstContact!: NonNullable<CaseIntake['firstContact']>;
  @IsArray() interpreters!: CaseIntake['interpreters'];
  @IsArray() interpreterGaps!: CaseIntake['interpreterGaps'];
  @IsArray() rightsInformation!: CaseIntake['rightsInformation'];
  @IsOptional() @IsObject() person!: CaseIntake['person'];
  @IsOptional() @IsObject() urgentNeeds!: CaseIntake['urgentNeeds'];
  @IsArray() assistance!: CaseIntake['assistance'];
  @IsArray() asylumIntents!: CaseIntake['asylumIntents'];
  @IsOptional() @IsObject() child!: CaseIntake['child'];
  @IsArray() traffickingFlags!: CaseIntake['traffickingFlags'];
}

/** The list row of a case. */
export function caseRowOf(entity: IntakeCaseEntity): CaseRow {
  const { openedPosition: _, openedAt, changedAt, nationalities, ...facts } = entity;
  return {
    ...facts,
    nationalities: nationalities ?? [],
    openedAt: openedAt.toISOString(),
    changedAt: changedAt.toISOString(),
  };
}

/** The view of an open case; null when there is none. */
export function caseViewOf(state: CaseIntake, version: number): CaseView | null {
  const { firstContact, stage, interpreters, interpreterGaps, rightsInformation, person, urgentNeeds } = state;
  if (firstContact === null) return null;
  const { assistance, asylumIntents, child, traffickingFlags } = state;
  return {
    id: firstContact.caseId,
    caseId: firstContact.caseId,
    version,
    stage,
    firstContact,
    interpreters,
    interpreterGaps,
    rightsInformation,
    person,
    urgentNeeds,
    assistance,
    asylumIntents,
    child,
    traffickingFlags,
  };
}
