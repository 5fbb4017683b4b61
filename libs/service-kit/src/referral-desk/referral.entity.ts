import type {
  AgeStatus,
  CancelReason,
  CompletionResult,
  ConsentBasis,
  ConsentForm,
  ConsentGiver,
  EntryError,
  FailureReason,
  FamilySeparationReason,
  HoldReason,
  InformationTopic,
  LoopOutcome,
  NationalityStatus,
  ReferralReason,
  ReferralService,
  RejectReason,
  Sex,
  Urgency,
} from '@acogida/reference';
import type { Attachment, DeadlineKind, FulfilmentStatus, RequestStatus, Side } from '@acogida/referral';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A referral that this agency sent or received. Coded facts only; what its two axes mean together is in the merge table. What the
 * request told of the person is null where nothing came of it at its receiver (`referral-forgetting.ts`).
 */
@Entity({ name: 'referral' })
export class ReferralEntity {
  @PrimaryColumn({ name: 'referral_id', type: 'uuid' })
  referralId!: string;

  @Column({ type: 'text' })
  direction!: 'sent' | 'received';

  @Column({ name: 'request_status', type: 'text' })
  requestStatus!: RequestStatus;

  @Column({ name: 'fulfilment_status', type: 'text' })
  fulfilmentStatus!: FulfilmentStatus;

  /** Stream version. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  @Column({ type: 'text' })
  sender!: string;

  @Column({ type: 'text' })
  receiver!: string;

  @Column({ type: 'text' })
  service!: ReferralService;

  @Column({ type: 'text' })
  urgency!: Urgency;

  @Column({ type: 'text', nullable: true })
  reason!: ReferralReason | null;

  @Column({ name: 'consent_basis', type: 'text', nullable: true })
  consentBasis!: ConsentBasis | null;

  @Column({ name: 'consent_form', type: 'text', nullable: true })
  consentForm!: ConsentForm | null;

  @Column({ name: 'consent_given_by', type: 'text', nullable: true })
  consentGivenBy!: ConsentGiver | null;

  @Column({ name: 'consent_language', type: 'text', nullable: true })
  consentLanguage!: string | null;

  @Column({ name: 'consent_granted_on', type: 'text', nullable: true })
  consentGrantedOn!: string | null;

  @Column({ type: 'text', nullable: true })
  sex!: Sex | null;

  @Column({ name: 'age_status', type: 'text', nullable: true })
  ageStatus!: AgeStatus | null;

  @Column({ name: 'age_from_years', type: 'integer', nullable: true })
  ageFromYears!: number | null;

  @Column({ name: 'age_to_years', type: 'integer', nullable: true })
  ageToYears!: number | null;

  @Column({ type: 'text', array: true, nullable: true })
  nationalities!: string[] | null;

  @Column({ name: 'nationality_status', type: 'text', nullable: true })
  nationalityStatus!: NationalityStatus | null;

  @Column({ name: 'reject_reason', type: 'text', nullable: true })
  rejectReason!: RejectReason | null;

  @Column({ name: 'alternative_agency', type: 'text', nullable: true })
  alternativeAgency!: string | null;

  @Column({ type: 'text', nullable: true })
  result!: CompletionResult | null;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt!: Date;

  @Column({ name: 'acknowledge_by', type: 'timestamptz' })
  acknowledgeBy!: Date;

  @Column({ name: 'acknowledged_at', type: 'timestamptz', nullable: true })
  acknowledgedAt!: Date | null;

  @Column({ name: 'accepted_at', type: 'timestamptz', nullable: true })
  acceptedAt!: Date | null;

  @Column({ name: 'rejected_at', type: 'timestamptz', nullable: true })
  rejectedAt!: Date | null;

  @Column({ name: 'completed_at', type: 'timestamptz', nullable: true })
  completedAt!: Date | null;

  @Column({ type: 'boolean' })
  transfer!: boolean;

  @Column({ name: 'group_id', type: 'uuid', nullable: true })
  groupId!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  attachments!: readonly Attachment[] | null;

  @Column({ name: 'hold_reason', type: 'text', nullable: true })
  holdReason!: HoldReason | null;

  @Column({ name: 'hold_information', type: 'text', array: true, nullable: true })
  holdInformation!: InformationTopic[] | null;

  @Column({ name: 'hold_expected_by', type: 'timestamptz', nullable: true })
  holdExpectedBy!: Date | null;

  @Column({ name: 'held_at', type: 'timestamptz', nullable: true })
  heldAt!: Date | null;

  @Column({ name: 'informed_at', type: 'timestamptz', nullable: true })
  informedAt!: Date | null;

  @Column({ name: 'information_attachments', type: 'jsonb', nullable: true })
  informationAttachments!: readonly Attachment[] | null;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'failure_reason', type: 'text', nullable: true })
  failureReason!: FailureReason | null;

  @Column({ name: 'failed_at', type: 'timestamptz', nullable: true })
  failedAt!: Date | null;

  @Column({ name: 'cancel_reason', type: 'text', nullable: true })
  cancelReason!: CancelReason | null;

  @Column({ name: 'entry_error', type: 'text', nullable: true })
  entryError!: EntryError | null;

  @Column({ name: 'loop_outcome', type: 'text', nullable: true })
  loopOutcome!: LoopOutcome | null;

  @Column({ name: 'next_referral_id', type: 'uuid', nullable: true })
  nextReferralId!: string | null;

  /** Cancelled, expired, entered in error, or its loop closed. */
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'escalated_at', type: 'timestamptz', nullable: true })
  escalatedAt!: Date | null;

  /** Until when the receiver's supervisor is to answer. */
  @Column({ name: 'answer_by', type: 'timestamptz', nullable: true })
  answerBy!: Date | null;

  /** Term of custody that the sender gave away with it. */
  @Column({ name: 'custody_term', type: 'integer', nullable: true })
  custodyTerm!: number | null;

  /** The referral that it goes on with. */
  @Column({ name: 'caused_by', type: 'uuid', nullable: true })
  causedBy!: string | null;

  /** Why it separates a family all the same (INV-24). */
  @Column({ name: 'separation_reason', type: 'text', nullable: true })
  separationReason!: FamilySeparationReason | null;

  @Column({ name: 'next_due_kind', type: 'text', nullable: true })
  nextDueKind!: DeadlineKind | null;

  @Column({ name: 'next_due_at', type: 'timestamptz', nullable: true })
  nextDueAt!: Date | null;

  @Column({ name: 'next_due_of', type: 'text', nullable: true })
  nextDueOf!: Side | null;
}
