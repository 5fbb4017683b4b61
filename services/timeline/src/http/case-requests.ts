import { AGE_STATUSES, type AgeStatus, TRAFFICKING_OUTCOMES, type TraffickingOutcome } from '@acogida/reference';
import { REFERRAL_STATUSES, type ReferralStatus } from '@acogida/referral';
import { PageQuery } from '@acogida/service-kit';
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';

/** States of an asylum application on a timeline. */
export const ASYLUM_STATES = ['INTENT_EXPRESSED', 'LODGED', 'REGISTERED'] as const;

const UTC = /Z$/;
const FLAGS = ['true', 'false'] as const;

/** GET /v1/cases: all that are given must hold. Instants are UTC, `2026-11-22T09:00:00.000Z`. */
export class CaseSearchQuery extends PageQuery {
  @IsOptional()
  @IsIn(AGE_STATUSES)
  ageStatus?: AgeStatus;

  /** Flagged as a child, or age in doubt. */
  @IsOptional()
  @IsIn(FLAGS)
  child?: (typeof FLAGS)[number];

  /** ISO 3166-1 alpha-2. */
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  nationality?: string;

  /** An agency that recorded something. */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,59}$/)
  agency?: string;

  @IsOptional()
  @IsIn(FLAGS)
  traffickingFlagged?: (typeof FLAGS)[number];

  @IsOptional()
  @IsIn(TRAFFICKING_OUTCOMES)
  traffickingOutcome?: TraffickingOutcome;

  /** At least one referral of the case is in this state. */
  @IsOptional()
  @IsIn(REFERRAL_STATUSES)
  referralState?: ReferralStatus;

  @IsOptional()
  @IsIn(ASYLUM_STATES)
  asylumState?: (typeof ASYLUM_STATES)[number];

  /** Inclusive. */
  @IsOptional()
  @Matches(UTC)
  @IsISO8601({ strict: true, strictSeparator: true })
  openedFrom?: string;

  /** Exclusive. */
  @IsOptional()
  @Matches(UTC)
  @IsISO8601({ strict: true, strictSeparator: true })
  openedTo?: string;
}

/** GET /v1/cases/:caseId/timeline */
export class TimelineQuery {
  /** Show what was on record at this instant (UTC); now when absent. */
  @IsOptional()
  @Matches(UTC)
  @IsISO8601({ strict: true, strictSeparator: true })
  asOf?: string;
}
