import type { JsonObject } from '@acogida/core';
import { Type } from 'class-transformer';
import { Allow, IsArray, IsBoolean, IsIn, IsInt, IsString, IsUUID, ValidateNested } from 'class-validator';
import type { ReferralFacts } from '../domain/case-facts.ts';
import type { TimelineCase } from '../projections/timeline-case.entity.ts';
import type { ReceivedEntry } from '../projections/timeline-rows.ts';

/** One referral of a case; null where the request itself has not arrived. */
export class ReferralFactsView implements ReferralFacts {
  @IsUUID()
  referralId!: string;

  @Allow()
  service!: ReferralFacts['service'];

  @Allow()
  sender!: string | null;

  @Allow()
  receiver!: string | null;

  @Allow()
  urgency!: ReferralFacts['urgency'];

  @IsString()
  state!: ReferralFacts['state'];
}

/** The coded facts of one case. */
export class CaseView {
  @IsUUID()
  caseId!: string;

  @IsString()
  openedAt!: string;

  @IsString()
  lastRecordedAt!: string;

  /** Opened events of the case. */
  @IsInt()
  entries!: number;

  @IsString({ each: true })
  agencies!: readonly string[];

  @Allow()
  ageStatus!: string | null;

  @Allow()
  sex!: string | null;

  @IsString({ each: true })
  nationalities!: readonly string[];

  /** Flagged as a child, or age in doubt (INV-08). */
  @IsBoolean()
  child!: boolean;

  @IsBoolean()
  lifeSavingNeed!: boolean;

  @IsBoolean()
  traffickingFlagged!: boolean;

  @Allow()
  traffickingSuggested!: string | null;

  @Allow()
  traffickingOutcome!: string | null;

  @Allow()
  asylumState!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReferralFactsView)
  referrals!: readonly ReferralFactsView[];
}

/** One event of a case. Null where this node knows it by class only. */
export class EntryView {
  @IsString()
  source!: string;

  /** Contiguous number at the source. */
  @IsInt()
  number!: number;

  @IsUUID()
  id!: string;

  @IsString()
  class!: string;

  @Allow()
  type!: string | null;

  @Allow()
  schemaVersion!: number | null;

  /** In the world. */
  @Allow()
  occurredAt!: string | null;

  /** At the source. */
  @IsString()
  recordedAt!: string;

  /** At this node. */
  @IsString()
  receivedAt!: string;

  /** The source's clock ran ahead when it was received: the place follows causes, not the clock. */
  @IsBoolean()
  clockAhead!: boolean;

  @Allow()
  causation!: { readonly source: string; readonly id: string } | null;

  @Allow()
  stream!: string | null;

  @Allow()
  version!: number | null;

  @Allow()
  data!: JsonObject | null;
}

/** The history of a case as it stood on record at `asOf`. */
export class TimelineView {
  @IsUUID()
  caseId!: string;

  /** Null: now. */
  @Allow()
  asOf!: string | null;

  /** In causal order: a cause before its effect. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => EntryView)
  entries!: readonly EntryView[];

  /** What the entries amount to; null when nothing was on record. */
  @Allow()
  facts!: object | null;

  @IsIn(['OVERSIGHT'])
  basis!: 'OVERSIGHT';
}

/** A row of the read model as answered. */
export function caseView({ referralStates: _, openedAt, lastRecordedAt, ...row }: TimelineCase): CaseView {
  return { ...row, openedAt: openedAt.toISOString(), lastRecordedAt: lastRecordedAt.toISOString() };
}

/** An entry as answered. */
export function entryView({ clock: _, causationSource, causationId, ...entry }: ReceivedEntry): EntryView {
  const causation =
    causationSource === null || causationId === null ? null : { source: causationSource, id: causationId };
  return { ...entry, causation };
}
