import { FULFILMENT_STATUSES, REQUEST_STATUSES, TASK_LISTS } from '@acogida/referral';
import { BUSINESS_STATUSES } from '@acogida/reference';
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
import { AttachmentBody } from './referral-step-requests.ts';

/**
 * A referral as answered; `overdue` when its acknowledgement is late. Where `factsKept` is false nothing came of it here: what it
 * told of the person is not kept, and codes are `NOT_KEPT`.
 */
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

  /** Whether what the request told is kept: not by a receiver where nothing came of it. */
  @IsBoolean()
  factsKept!: boolean;

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

  /** What the sender says of its request. */
  @IsIn(REQUEST_STATUSES)
  requestStatus!: string;

  /** What the receiver makes of it. */
  @IsIn(FULFILMENT_STATUSES)
  fulfilmentStatus!: string;

  /** Both in words of BSeR, somewhat finer. */
  @IsIn(BUSINESS_STATUSES)
  businessStatus!: string;

  /** Task lists of this agency on which it stands. */
  @IsIn(TASK_LISTS, { each: true })
  @IsArray()
  lists!: readonly string[];

  /** Whose turn it is, and until when; null when nobody has to do anything any more. */
  @IsOptional()
  @IsIn(['SENDER', 'RECEIVER'])
  awaits!: string | null;

  @IsOptional()
  @IsString()
  nextDueKind!: string | null;

  @IsOptional()
  @IsISO8601()
  nextDueAt!: string | null;

  /** Custody is to move with the acceptance; `custodyTerm` once it did. */
  @IsBoolean()
  transfer!: boolean;

  @IsOptional()
  @IsInt()
  custodyTerm!: number | null;

  @IsOptional()
  @IsUUID()
  groupId!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AttachmentBody)
  attachments!: readonly AttachmentBody[];

  @IsOptional()
  @IsString()
  holdReason!: string | null;

  @IsOptional()
  @IsString({ each: true })
  holdInformation!: readonly string[] | null;

  @IsOptional()
  @IsISO8601()
  holdExpectedBy!: string | null;

  @IsOptional()
  @IsISO8601()
  heldAt!: string | null;

  @IsOptional()
  @IsISO8601()
  informedAt!: string | null;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => AttachmentBody)
  informationAttachments!: readonly AttachmentBody[] | null;

  @IsOptional()
  @IsISO8601()
  startedAt!: string | null;

  @IsOptional()
  @IsString()
  failureReason!: string | null;

  @IsOptional()
  @IsISO8601()
  failedAt!: string | null;

  @IsOptional()
  @IsString()
  cancelReason!: string | null;

  @IsOptional()
  @IsString()
  entryError!: string | null;

  @IsOptional()
  @IsString()
  loopOutcome!: string | null;

  @IsOptional()
  @IsUUID()
  nextReferralId!: string | null;

  /** The referral that it goes on with. */
  @IsOptional()
  @IsUUID()
  causedBy!: string | null;

  /** Why it separates a family all the same (INV-24). */
  @IsOptional()
  @IsString()
  separationReason!: string | null;

  /** The other agency is gone, and who takes its cases over: the referral itself stays with whom it was. */
  @IsOptional()
  @IsString()
  succeededBy!: string | null;

  /** Cancelled, expired, entered in error, or its loop closed. An expiry that an acceptance had crossed has not ended it. */
  @IsOptional()
  @IsISO8601()
  endedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  escalatedAt!: string | null;

  /** Until when the receiver's supervisor is to answer. */
  @IsOptional()
  @IsISO8601()
  answerBy!: string | null;
}
