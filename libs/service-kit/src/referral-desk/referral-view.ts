import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID } from 'class-validator';
import type { ReferralEntity } from './referral.entity.ts';

/** A referral as answered; `overdue` when its acknowledgement is late. */
export class ReferralView {
  @IsUUID()
  id!: string;

  @IsIn(['sent', 'received'])
  direction!: 'sent' | 'received';

  @IsString()
  state!: string;

  @IsInt()
  version!: number;

  @IsUUID()
  caseId!: string;

  @IsString()
  sender!: string;

  @IsString()
  receiver!: string;

  @IsString()
  service!: string;

  @IsString()
  urgency!: string;

  @IsString()
  reason!: string;

  @IsISO8601()
  requestedAt!: string;

  @IsISO8601()
  acknowledgeBy!: string;

  @IsBoolean()
  overdue!: boolean;

  /** The sender's task: `REOPENED` after a rejection (INV-19). */
  @IsString()
  senderTask!: string;

  @IsOptional()
  @IsISO8601()
  acknowledgedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  acceptedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  rejectedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  completedAt!: string | null;

  @IsOptional()
  @IsString()
  rejectReason!: string | null;

  @IsOptional()
  @IsString()
  alternativeAgency!: string | null;

  @IsOptional()
  @IsString()
  result!: string | null;

  @IsString()
  sex!: string;

  @IsString()
  ageStatus!: string;

  @IsOptional()
  @IsInt()
  ageFromYears!: number | null;

  @IsOptional()
  @IsInt()
  ageToYears!: number | null;

  @IsArray()
  @IsString({ each: true })
  nationalities!: string[];

  @IsString()
  nationalityStatus!: string;

  @IsString()
  consentBasis!: string;

  @IsString()
  consentForm!: string;

  @IsString()
  consentGivenBy!: string;

  @IsOptional()
  @IsString()
  consentLanguage!: string | null;

  @IsOptional()
  @IsString()
  consentGrantedOn!: string | null;
}

function instant(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** The answer for a row at an instant. */
export function referralViewOf(row: ReferralEntity, now: string): ReferralView {
  const { referralId, requestedAt, acknowledgeBy, ...rest } = row;
  return {
    ...rest,
    id: referralId,
    requestedAt: requestedAt.toISOString(),
    acknowledgeBy: acknowledgeBy.toISOString(),
    overdue: row.state === 'REQUESTED' && acknowledgeBy.toISOString() < now,
    acknowledgedAt: instant(row.acknowledgedAt),
    acceptedAt: instant(row.acceptedAt),
    rejectedAt: instant(row.rejectedAt),
    completedAt: instant(row.completedAt),
  };
}
