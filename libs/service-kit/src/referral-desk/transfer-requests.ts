import {
  AGENCY_ID,
  TRANSFER_DECLINE_REASONS,
  type TransferDeclineReason,
  URGENCIES,
  type Urgency,
} from '@acogida/reference';
import { TASK_LISTS, type TaskList, taskListsOfDeadline } from '@acogida/referral';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { Transform } from 'class-transformer';
import { PageQuery } from '../http/paging.ts';
import type { TransferRequestEntity } from './transfer-request.entity.ts';

/** Body of `POST /v1/transfer-requests`. */
export class RequestTransferBody {
  @IsUUID()
  caseId!: string;

  /** Agency that has the case, as far as this one knows. */
  @Matches(AGENCY_ID)
  @MaxLength(60)
  custodian!: string;

  /** How soon an answer is needed; ROUTINE when left out. */
  @IsOptional()
  @IsIn(URGENCIES)
  urgency?: Urgency;
}

/** Body of `POST /v1/transfer-requests/:id/grant`. */
export class GrantTransferBody {
  /** The transfer, already asked of the agency that wants the case, by which it is given. */
  @IsUUID()
  referralId!: string;
}

/** Body of `POST /v1/transfer-requests/:id/refusal`. */
export class RefuseTransferBody {
  @IsIn(TRANSFER_DECLINE_REASONS)
  reason!: TransferDeclineReason;
}

/** Query of `GET /v1/transfer-requests`. */
export class TransferRequestListQuery extends PageQuery {
  @IsOptional()
  @IsIn(['sent', 'received'])
  direction?: 'sent' | 'received';

  @IsOptional()
  @IsUUID()
  caseId?: string;

  @IsOptional()
  @Transform(({ value }: { readonly value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  answered?: boolean;

  /** A task list of this agency, as of referrals: what is due before its day ends, what is late, whose turn it is. */
  @IsOptional()
  @IsIn(TASK_LISTS)
  list?: TaskList;

  /** What the supervisor of this agency is asked for, because nobody answered in time. */
  @IsOptional()
  @IsIn(['true'])
  escalated?: 'true';
}

/** A request for transfer as answered. */
export class TransferRequestView {
  @IsUUID()
  id!: string;

  @IsIn(['sent', 'received'])
  direction!: string;

  @IsInt()
  version!: number;

  @IsUUID()
  caseId!: string;

  @IsString()
  asker!: string;

  @IsString()
  custodian!: string;

  @IsIn(URGENCIES)
  urgency!: string;

  @IsISO8601()
  askedAt!: string;

  /** Until when it is to be answered. */
  @IsISO8601()
  answerBy!: string;

  /** Null as long as it is not answered. */
  @IsOptional()
  @IsBoolean()
  granted!: boolean | null;

  /** The transfer by which the case is given. */
  @IsOptional()
  @IsUUID()
  referralId!: string | null;

  @IsOptional()
  @IsString()
  reason!: string | null;

  @IsOptional()
  @IsISO8601()
  answeredAt!: string | null;

  /** Agency that has the case instead, where the one that was asked does not have it and may say who does. */
  @IsOptional()
  @IsString()
  heldBy!: string | null;

  /** Nobody answered in time: the supervisor of the agency that was asked is asked, as its own node says. */
  @IsOptional()
  @IsISO8601()
  escalatedAt!: string | null;

  /** Nobody answered in time: it is back with the agency that asked, which may ask anew. */
  @IsOptional()
  @IsISO8601()
  lapsedAt!: string | null;

  /** The agency that asked does not wait for an answer any more. */
  @IsOptional()
  @IsISO8601()
  withdrawnAt!: string | null;

  /** Task lists of this agency on which it stands. */
  @IsIn(TASK_LISTS, { each: true })
  @IsArray()
  lists!: readonly string[];

  /** Whose turn it is, and until when; null when nobody has to do anything any more. The sender is the agency that asks. */
  @IsOptional()
  @IsIn(['SENDER', 'RECEIVER'])
  awaits!: string | null;

  @IsOptional()
  @IsString()
  nextDueKind!: string | null;

  @IsOptional()
  @IsISO8601()
  nextDueAt!: string | null;
}

const INSTANTS = ['answeredAt', 'escalatedAt', 'lapsedAt', 'withdrawnAt', 'nextDueAt'] as const;
type Instants = { readonly [K in (typeof INSTANTS)[number]]: string | null };

/**
 * The answer for a row at an instant.
 *
 * @param dayEndsAt end of the agency's day: what is due before it is due today
 */
export function transferRequestViewOf(row: TransferRequestEntity, now: string, dayEndsAt: string): TransferRequestView {
  const { transferRequestId, askedAt, answerBy, nextDueOf: of, ...rest } = row;
  const instants = Object.fromEntries(INSTANTS.map((name) => [name, row[name]?.toISOString() ?? null])) as Instants;
  const { nextDueAt: dueAt } = instants;
  const side = row.direction === 'sent' ? 'SENDER' : 'RECEIVER';
  return {
    ...{ ...rest, ...instants },
    id: transferRequestId,
    askedAt: askedAt.toISOString(),
    answerBy: answerBy.toISOString(),
    awaits: of,
    lists: dueAt === null || of === null ? [] : taskListsOfDeadline({ dueAt, of }, side, now, dayEndsAt),
  };
}
