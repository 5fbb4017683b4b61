import {
  ERASURE_BASES,
  type ErasureBasis,
  LEGAL_HOLD_AUTHORITIES,
  LEGAL_HOLD_REASONS,
  type LegalHoldAuthority,
  type LegalHoldReason,
  POSTPONEMENT_REASONS,
  type PostponementReason,
  STATED_LEGAL_HOLD_REASONS,
} from '@acogida/reference';
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
import type { ErasureState, ErasureStatus } from './erasure.ts';
import { erasureStatus, ownOrderOf } from './erasure.ts';

/** Orders the erasure of a case. */
export class OrderErasureBody {
  @IsUUID()
  caseId!: string;

  @IsIn(ERASURE_BASES)
  basis!: ErasureBasis;
}

/** Keeps a case for legal reasons. */
export class LegalHoldBody {
  /** End of the hold, UTC. */
  @IsISO8601({ strict: true })
  until!: string;

  @IsIn(STATED_LEGAL_HOLD_REASONS)
  reason!: LegalHoldReason;

  /** Who asked for it. */
  @IsOptional()
  @IsIn(LEGAL_HOLD_AUTHORITIES)
  authority?: LegalHoldAuthority | null;
}

/** What was destroyed here or elsewhere. */
export class DestroyedAnswer {
  @IsInt()
  keys!: number;

  @IsInt()
  rows!: number;

  @IsInt()
  texts!: number;
}

/** How an agency that was asked stands to the order. */
export class DebtorAnswer {
  @IsString()
  agency!: string;

  /** False while it owes its receipt. */
  @IsBoolean()
  isErased!: boolean;

  @IsOptional()
  @IsString()
  erasedAt!: string | null;

  /** Why it has not erased yet, as far as it said so. */
  @IsOptional()
  @IsIn(POSTPONEMENT_REASONS)
  waitsFor!: PostponementReason | null;

  @IsOptional()
  @IsString()
  reviewOn!: string | null;
}

const STATUSES = ['NONE', 'HELD', 'ORDERED', 'POSTPONED', 'ERASED', 'FINISHED', 'COMPLETED'] as const;

/** The erasure of one case at this agency. */
export class ErasureAnswer {
  @IsUUID()
  caseId!: string;

  @IsIn(STATUSES)
  status!: ErasureStatus;

  /** Who ordered it, oldest order first. */
  @IsArray()
  @IsString({ each: true })
  orderedBy!: readonly string[];

  @IsOptional()
  @IsString()
  orderedAt!: string | null;

  @IsOptional()
  @IsString()
  legalHoldUntil!: string | null;

  /** `NOT_STATED` for a hold from before a reason was asked for; null where none stands. */
  @IsOptional()
  @IsIn(LEGAL_HOLD_REASONS)
  legalHoldReason!: LegalHoldReason | null;

  @IsOptional()
  @IsIn(LEGAL_HOLD_AUTHORITIES)
  legalHoldAuthority!: LegalHoldAuthority | null;

  @IsOptional()
  @IsIn(POSTPONEMENT_REASONS)
  waitsFor!: PostponementReason | null;

  @IsOptional()
  @IsString()
  reviewOn!: string | null;

  @IsOptional()
  @IsString()
  erasedAt!: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => DestroyedAnswer)
  destroyed!: DestroyedAnswer | null;

  /**
   * From when on nothing of the case opens here, in older backups neither: those then open nothing at all, so a new backup is
   * due.
   */
  @IsOptional()
  @IsString()
  finishedAt!: string | null;

  @IsOptional()
  @IsString()
  completedAt!: string | null;

  /** Who was asked by this agency. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DebtorAnswer)
  agencies!: readonly DebtorAnswer[];
}

/** Erasures, the latest order first. */
export class ErasuresAnswer {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ErasureAnswer)
  erasures!: readonly ErasureAnswer[];

  /** Give it as `before` for those that follow; null at the end. */
  @IsOptional()
  @IsString()
  next!: string | null;
}

/** A state as people see it. */
export function answerOf(caseId: string, state: ErasureState): ErasureAnswer {
  const { orders, postponement, local, debtors, legalHold, finishedAt, completedAt } = state;
  return {
    ...{ caseId, status: erasureStatus(state), orderedBy: orders.map(({ orderedBy }) => orderedBy) },
    orderedAt: (ownOrderOf(state) ?? orders[0])?.orderedAt ?? null,
    legalHoldUntil: legalHold?.until ?? null,
    ...{ legalHoldReason: legalHold?.reason ?? null, legalHoldAuthority: legalHold?.authority ?? null },
    ...{ waitsFor: postponement?.reason ?? null, reviewOn: postponement?.reviewOn ?? null },
    ...{ erasedAt: local?.erasedAt ?? null, destroyed: local === null ? null : { ...local.destroyed } },
    ...{ finishedAt, completedAt },
    agencies: debtors.map(({ agency, erasedAt, waitsFor, reviewOn }) => {
      return { agency, isErased: erasedAt !== null, erasedAt, waitsFor, reviewOn };
    }),
  };
}
