import type { JsonObject } from '@acogida/core';
import { TRAFFICKING_OUTCOMES, type TraffickingOutcome } from '@acogida/reference';
import type { ExecuteResult } from '@acogida/service-kit';
import { PageQuery } from '@acogida/service-kit';
import { Allow, IsIn, IsInt, IsOptional, IsString, IsUUID } from 'class-validator';
import type { OpenedScreening, ScreeningStage, ScreeningState } from '../domain/screening-history.ts';
import type { TraffickingScreening } from '../projections/trafficking-screening.entity.ts';
import { Nullable } from './nullable.ts';

/** Stages, in the order of the procedure. */
export const SCREENING_STAGES = [
  'FLAGGED',
  'SAFE',
  'CONSENTED',
  'CONSENT_REFUSED',
  'SCREENED',
  'IDENTIFIED',
  'AT_RISK',
  'CLOSED_NOT_IDENTIFIED',
] as const satisfies readonly ScreeningStage[];

/** GET /v1/screenings */
export class ScreeningListQuery extends PageQuery {
  @IsOptional()
  @IsUUID()
  caseId?: string;

  @IsOptional()
  @IsIn(SCREENING_STAGES)
  state?: ScreeningStage;

  @IsOptional()
  @IsIn(TRAFFICKING_OUTCOMES)
  outcome?: TraffickingOutcome;
}

/** What a command answers. */
export class ScreeningAnswer {
  @IsUUID()
  id!: string;

  @IsInt()
  version!: number;

  @IsIn(SCREENING_STAGES)
  state!: ScreeningStage;

  /** What the rules suggest: advice, never a decision (INV-23). Null before the interview. */
  @Nullable()
  @IsIn(TRAFFICKING_OUTCOMES)
  suggested!: TraffickingOutcome | null;

  /** Result per dimension; null before the interview. */
  @Allow()
  dimensionResults!: JsonObject | null;

  @Nullable()
  @IsIn(TRAFFICKING_OUTCOMES)
  outcome!: TraffickingOutcome | null;
}

/** One row of the list. */
export class ScreeningRow {
  @IsUUID()
  id!: string;

  @IsUUID()
  caseId!: string;

  @Nullable()
  @IsUUID()
  referralId!: string | null;

  @IsInt()
  version!: number;

  @IsIn(SCREENING_STAGES)
  state!: ScreeningStage;

  @Nullable()
  @IsString()
  ageStatus!: string | null;

  @Nullable()
  @IsIn(TRAFFICKING_OUTCOMES)
  suggested!: TraffickingOutcome | null;

  @Nullable()
  @IsIn(TRAFFICKING_OUTCOMES)
  outcome!: TraffickingOutcome | null;

  @Nullable()
  @IsString()
  reason!: string | null;

  @Allow()
  secondReviewed!: boolean | null;

  @IsString()
  openedAt!: string;

  @IsString()
  updatedAt!: string;
}

/** The whole screening as this agency's staff sees it. */
export class ScreeningView {
  @IsUUID()
  id!: string;

  @IsInt()
  version!: number;

  @IsIn(SCREENING_STAGES)
  state!: ScreeningStage;

  @IsUUID()
  caseId!: string;

  @Nullable()
  @IsUUID()
  referralId!: string | null;

  /** Age status as the sender of the referral knew it; null on own identification. */
  @Allow()
  referredAs!: string | null;

  @Allow()
  safety!: OpenedScreening['safety'];

  @Allow()
  consent!: OpenedScreening['consent'];

  @Allow()
  interview!: OpenedScreening['interview'];

  @Allow()
  score!: OpenedScreening['score'];

  @Allow()
  review!: OpenedScreening['review'];

  @Allow()
  outcome!: OpenedScreening['outcome'];
}

/** The body of a command's answer. */
export function screeningAnswer({ state, version }: ExecuteResult<ScreeningState>): JsonObject {
  if (state === null) throw new Error('a command that was accepted leaves an opened screening');
  return {
    id: state.screeningId,
    version,
    state: state.stage,
    suggested: state.score?.suggested ?? null,
    dimensionResults: state.score?.dimensionResults ?? null,
    outcome: state.outcome?.outcome ?? null,
  };
}

/** A row of the read model as answered. */
export function screeningRow({ screeningId, stage, openedAt, updatedAt, ...row }: TraffickingScreening): ScreeningRow {
  return {
    id: screeningId,
    state: stage,
    ...row,
    openedAt: openedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** A screening as answered. */
export function screeningView({ screeningId, stage, ...state }: OpenedScreening, version: number): ScreeningView {
  return { id: screeningId, version, state: stage, ...state };
}
