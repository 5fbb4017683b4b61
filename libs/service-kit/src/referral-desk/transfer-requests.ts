import { AGENCY_ID, TRANSFER_DECLINE_REASONS, type TransferDeclineReason } from '@acogida/reference';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
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

  @IsISO8601()
  askedAt!: string;

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
}

/** The answer for a row. */
export function transferRequestViewOf(row: TransferRequestEntity): TransferRequestView {
  const { transferRequestId, askedAt, answeredAt, ...rest } = row;
  return {
    ...rest,
    id: transferRequestId,
    askedAt: askedAt.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
  };
}
