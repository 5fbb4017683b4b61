import type {
  AgeStatus,
  CompletionResult,
  ConsentBasis,
  ConsentForm,
  ConsentGiver,
  NationalityStatus,
  ReferralReason,
  ReferralService,
  RejectReason,
  Sex,
  Urgency,
} from '@acogida/reference';
import type { ReferralStatus, SenderTask } from '@acogida/referral';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A referral that this agency sent or received. Coded facts only. */
@Entity({ name: 'referral' })
export class ReferralEntity {
  @PrimaryColumn({ name: 'referral_id', type: 'uuid' })
  referralId!: string;

  @Column({ type: 'text' })
  direction!: 'sent' | 'received';

  @Column({ type: 'text' })
  state!: ReferralStatus;

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

  @Column({ type: 'text' })
  reason!: ReferralReason;

  @Column({ name: 'sender_task', type: 'text' })
  senderTask!: SenderTask;

  @Column({ name: 'consent_basis', type: 'text' })
  consentBasis!: ConsentBasis;

  @Column({ name: 'consent_form', type: 'text' })
  consentForm!: ConsentForm;

  @Column({ name: 'consent_given_by', type: 'text' })
  consentGivenBy!: ConsentGiver;

  @Column({ name: 'consent_language', type: 'text', nullable: true })
  consentLanguage!: string | null;

  @Column({ name: 'consent_granted_on', type: 'text', nullable: true })
  consentGrantedOn!: string | null;

  @Column({ type: 'text' })
  sex!: Sex;

  @Column({ name: 'age_status', type: 'text' })
  ageStatus!: AgeStatus;

  @Column({ name: 'age_from_years', type: 'integer', nullable: true })
  ageFromYears!: number | null;

  @Column({ name: 'age_to_years', type: 'integer', nullable: true })
  ageToYears!: number | null;

  @Column({ type: 'text', array: true })
  nationalities!: string[];

  @Column({ name: 'nationality_status', type: 'text' })
  nationalityStatus!: NationalityStatus;

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
}
