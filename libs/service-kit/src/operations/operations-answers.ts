import type { InboxCounts, QuarantineEntry, RelayCounts, RetryResult, WitnessedHead } from '@acogida/event-log';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';

// The shapes of the operations answers, for the OpenAPI document.

/** `RelayCounts` in the document. */
export class RelayCountsAnswer implements RelayCounts {
  @IsInt()
  committed!: number;

  @IsInt()
  sequenced!: number;

  @IsInt()
  published!: number;
}

/** `WitnessedHead` in the document. */
export class WitnessedHeadAnswer implements WitnessedHead {
  @IsInt()
  number!: number;

  @IsString()
  treeHead!: string;

  @IsInt()
  incarnation!: number;

  @IsString()
  signedAt!: string;

  @IsString()
  seenAt!: string;
}

/** `InboxCounts` in the document. */
export class InboxCountsAnswer implements InboxCounts {
  @IsString()
  source!: string;

  @IsInt()
  received!: number;

  @IsInt()
  applied!: number;

  @IsInt()
  unknown!: number;

  @IsInt()
  sealed!: number;

  @IsInt()
  parked!: number;

  @IsInt()
  quarantined!: number;

  @IsInt()
  held!: number;

  @IsInt()
  lastNumber!: number;

  @IsBoolean()
  contiguous!: boolean;

  @IsInt()
  duplicatesInEffect!: number;

  @IsInt()
  outOfOrder!: number;

  @IsInt()
  unverifiable!: number;

  @IsIn(['flowing', 'gap', 'stopped'])
  status!: InboxCounts['status'];

  @IsOptional()
  @IsString()
  reason!: string | null;

  @IsInt()
  passedBy!: number;

  @IsInt()
  unknownHolds!: number;

  /** Pseudonyms whose sealed events are still to be read again, because a key has come. */
  @IsInt()
  unlocking!: number;

  @IsInt()
  incarnation!: number;

  @IsOptional()
  @IsString()
  lastHeardAt!: string | null;

  @IsBoolean()
  stale!: boolean;

  @IsOptional()
  @ValidateNested()
  @Type(() => WitnessedHeadAnswer)
  witnessedHead!: WitnessedHeadAnswer | null;
}

/** Answer of `GET /v1/operations/counts`. */
export class CountsAnswer {
  @IsString()
  agencyId!: string;

  @ValidateNested()
  @Type(() => RelayCountsAnswer)
  relay!: RelayCountsAnswer;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => InboxCountsAnswer)
  inbox!: InboxCountsAnswer[];
}

/** `QuarantineEntry` in the document. */
export class QuarantineEntryAnswer implements QuarantineEntry {
  @IsString()
  keptId!: string;

  @IsString()
  source!: string;

  @IsOptional()
  @IsInt()
  number!: number | null;

  @IsIn(['parked', 'quarantined', 'held', 'unknown', 'unverifiable', 'equivocation'])
  kind!: QuarantineEntry['kind'];

  @IsOptional()
  @IsString()
  eventId!: string | null;

  @IsOptional()
  @IsString()
  class!: string | null;

  @IsOptional()
  @IsString()
  subject!: string | null;

  @IsString()
  reason!: QuarantineEntry['reason'];

  @IsOptional()
  @IsString()
  detail!: string | null;

  @IsOptional()
  @IsObject()
  cause!: QuarantineEntry['cause'];

  @IsInt()
  attempts!: number;

  @IsString()
  keptAt!: string;

  @IsString()
  lastTriedAt!: string;

  @IsInt()
  sizeBytes!: number;
}

/** Answer of `POST /v1/operations/quarantine/retry`. */
export class RetryAnswer implements RetryResult {
  @IsInt()
  released!: number;

  @IsInt()
  remaining!: number;
}
