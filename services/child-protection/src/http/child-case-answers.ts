import {
  CARE_STATUSES,
  type CareStatus,
  CHILD_BASES,
  CHILD_CARE_TYPES,
  CHILD_CASE_ENDS,
  CHILD_NEXT_STEPS,
  CHILD_SITUATIONS,
  type ChildBasis,
  type ChildCare,
  type ChildCaseEnd,
  type ChildNextStep,
  type ChildSituation,
  CHILDS_VIEWS,
  type ChildsViews,
  INTERPRETATIONS,
  type Interpretation,
  REGISTRY_GAPS,
  type RegistryGap,
  REPRESENTATIVE_POSTS,
  type RepresentativePost,
  URGENCIES,
  type Urgency,
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
import { CHILD_STAGES, type ChildCase, type ChildStage, stageOf } from '../domain/child-case-state.ts';
import type { ChildCaseEntity } from '../projections/child-case.entity.ts';

/** Answer to every command on a child's case. */
export class ChildCaseAnswer extends CommandAnswer {
  @IsIn(CHILD_STAGES) stage!: ChildStage;
  @IsUUID() caseId!: string;
  @IsIn(CHILD_SITUATIONS) situation!: ChildSituation;
  /** Until when a guardian is to be appointed; null where none is awaited. */
  @IsOptional() @IsISO8601() guardianDueAt!: string | null;
}

/** A registry. */
export class RegistryEntryView {
  @IsOptional() @IsString() reference!: string | null;
  /** Why there is no reference. */
  @IsOptional() @IsIn(REGISTRY_GAPS) missing!: RegistryGap | null;
}

/** Both registries. */
export class RegistriesView {
  @ValidateNested() @Type(() => RegistryEntryView) migratory!: RegistryEntryView;
  @ValidateNested() @Type(() => RegistryEntryView) civil!: RegistryEntryView;
}

/** Somebody who speaks for the child. */
export class RepresentationView {
  @IsUUID() representativeId!: string;
  @IsIn(REPRESENTATIVE_POSTS) post!: RepresentativePost;
  @IsIn(CHILDS_VIEWS) views!: ChildsViews;
  @IsISO8601() appointedAt!: string;
}

/** A conversation with the child. */
export class ChildInterviewView {
  @IsISO8601() heldAt!: string;
  @IsString() language!: string;
  @IsIn(INTERPRETATIONS) interpretation!: Interpretation;
  @IsBoolean() isSubstantive!: boolean;
  @IsIn(CHILDS_VIEWS) views!: ChildsViews;
}

/** A word of another agency that came too late to change anything. */
export class LateReportView {
  @IsIn(CARE_STATUSES) careStatus!: CareStatus;
  @IsISO8601() saidAt!: string;
  @IsISO8601() heardAt!: string;
}

/** How a case ended. */
export class ChildCaseClosingView {
  @IsIn(CHILD_CASE_ENDS) reason!: ChildCaseEnd;
  @IsIn(CHILD_NEXT_STEPS) nextStep!: ChildNextStep;
  @IsISO8601() closedAt!: string;
}

/** A child's case as its officer sees it. */
export class ChildCaseView {
  @IsUUID() id!: string;
  @IsInt() version!: number;
  @IsIn(CHILD_STAGES) stage!: ChildStage;
  @IsUUID() caseId!: string;
  @IsOptional() @IsUUID() referralId!: string | null;
  @IsIn(CHILD_BASES) basis!: ChildBasis;
  @IsIn(CHILD_SITUATIONS) situation!: ChildSituation;
  /** Null while no officer has met the child. */
  @IsOptional() @IsIn(URGENCIES) urgency!: Urgency | null;
  @IsOptional() @IsString() place!: string | null;
  @IsOptional() @ValidateNested() @Type(() => RegistriesView) registries!: RegistriesView | null;
  @IsOptional() @IsIn(CHILD_CARE_TYPES) care!: ChildCare | null;
  @IsOptional() @ValidateNested() @Type(() => RepresentationView) guardian!: RepresentationView | null;
  @IsOptional() @ValidateNested() @Type(() => RepresentationView) legalRepresentative!: RepresentationView | null;
  /** Null where no guardian is awaited. */
  @IsOptional() @IsISO8601() guardianDueAt!: string | null;
  @IsBoolean() isGuardianOverdue!: boolean;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ChildInterviewView) interviews!: ChildInterviewView[];
  @IsOptional() @IsString() transitionReviewOn!: string | null;
  /** Said before a supervisor found less, and heard after that: what is proposed to be lifted is decided again, knowing it. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => LateReportView) heardLate!: LateReportView[];
  @IsOptional() @ValidateNested() @Type(() => ChildCaseClosingView) closing!: ChildCaseClosingView | null;
}

/** A child's case in a list. */
export class ChildCaseRow {
  @IsUUID() id!: string;
  @IsInt() version!: number;
  @IsIn(CHILD_STAGES) stage!: ChildStage;
  @IsUUID() caseId!: string;
  @IsOptional() @IsUUID() referralId!: string | null;
  @IsIn(CHILD_SITUATIONS) situation!: ChildSituation;
  /** Null while no officer has met the child. */
  @IsOptional() @IsIn(URGENCIES) urgency!: Urgency | null;
  @IsOptional() @IsIn(CHILD_CARE_TYPES) care!: ChildCare | null;
  @IsOptional() @IsISO8601() registeredAt!: string | null;
  @IsOptional() @IsISO8601() guardianSince!: string | null;
  @IsOptional() @IsISO8601() representativeSince!: string | null;
  /** Null where no guardian is awaited. */
  @IsOptional() @IsISO8601() guardianDueAt!: string | null;
  @IsBoolean() isGuardianOverdue!: boolean;
  @IsOptional() @IsISO8601() closedAt!: string | null;
  @IsISO8601() changedAt!: string;
}

/** The list row of a child's case. */
export function childCaseRowOf(entity: ChildCaseEntity): ChildCaseRow {
  const { childCaseId: id, openedPosition: _, isMet: __, ...facts } = entity;
  return {
    ...{ id, ...facts },
    registeredAt: facts.registeredAt?.toISOString() ?? null,
    guardianSince: facts.guardianSince?.toISOString() ?? null,
    representativeSince: facts.representativeSince?.toISOString() ?? null,
    guardianDueAt: facts.guardianDueAt?.toISOString() ?? null,
    closedAt: facts.closedAt?.toISOString() ?? null,
    changedAt: facts.changedAt.toISOString(),
  };
}

/** The view of a child's case; null when there is none. */
export function childCaseViewOf(state: ChildCase, version: number): ChildCaseView | null {
  const { subject, basis, identification, registries, interviews, heardLate, closing } = state;
  if (subject === null || basis === null) return null;
  const { situation, care, guardian, legalRepresentative, guardianDueAt, isGuardianOverdue, transitionReviewOn } =
    state;
  return {
    ...{ id: subject.childCaseId, version, stage: stageOf(state), caseId: subject.caseId },
    ...{ referralId: identification?.referralId ?? null, basis, situation },
    ...{ urgency: identification?.urgency ?? null, place: identification?.place ?? null },
    registries: registries && { migratory: { ...registries.migratory }, civil: { ...registries.civil } },
    ...{ care, guardian, legalRepresentative, guardianDueAt, isGuardianOverdue },
    interviews: [...interviews],
    ...{ transitionReviewOn, heardLate: [...heardLate], closing },
  };
}
