import {
  ATTACHMENT_KINDS,
  type AttachmentKind,
  CANCEL_REASONS,
  type CancelReason,
  ENTRY_ERRORS,
  type EntryError,
  FAILURE_REASONS,
  type FailureReason,
  HOLD_REASONS,
  type HoldReason,
  INFORMATION_TOPICS,
  type InformationTopic,
  LOOP_OUTCOMES,
  type LoopOutcome,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';

/** A document that is pointed to; it does not travel with the referral. */
export class AttachmentBody {
  @IsUUID()
  attachmentId!: string;

  @IsIn(ATTACHMENT_KINDS)
  kind!: AttachmentKind;

  /** SHA-256 of the document, hex. */
  @Matches(/^[0-9a-f]{64}$/)
  sha256!: string;
}

/** Body of `POST /v1/referrals/:id/cancellation`. */
export class CancelReferralBody {
  @IsIn(CANCEL_REASONS)
  reason!: CancelReason;
}

/** Body of `POST /v1/referrals/:id/entered-in-error`. */
export class MarkInErrorBody {
  @IsIn(ENTRY_ERRORS)
  reason!: EntryError;
}

/** Body of `POST /v1/referrals/:id/information`. */
export class ProvideInformationBody {
  /** What of what was asked is answered. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(INFORMATION_TOPICS, { each: true })
  information!: InformationTopic[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => AttachmentBody)
  attachments?: AttachmentBody[];
}

/** Body of `POST /v1/referrals/:id/loop-closure`. */
export class CloseLoopBody {
  @IsIn(LOOP_OUTCOMES)
  outcome!: LoopOutcome;

  /** The referral that goes on with it: with `REFERRED_ELSEWHERE`, and only then. */
  @IsOptional()
  @IsUUID()
  nextReferralId?: string | null;
}

/** Body of `POST /v1/referrals/:id/hold`. */
export class PutOnHoldBody {
  @IsIn(HOLD_REASONS)
  reason!: HoldReason;

  /** What is to be told: with `INFORMATION_REQUESTED`, and only then. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(INFORMATION_TOPICS, { each: true })
  information?: InformationTopic[];

  /** When a place is expected, UTC. */
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/)
  @IsISO8601({ strict: true, strictSeparator: true })
  expectedBy?: string | null;
}

/** Body of `POST /v1/referrals/:id/failure`. */
export class FailReferralBody {
  /** `CANCELLED_BY_SENDER` ends what was begun for a request that was taken back. */
  @IsIn(FAILURE_REASONS)
  reason!: FailureReason;
}
