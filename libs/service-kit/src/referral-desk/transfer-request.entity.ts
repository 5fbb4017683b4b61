import type { TransferDeclineReason, Urgency } from '@acogida/reference';
import type { Side, TransferDeadlineKind } from '@acogida/referral';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request for transfer that this agency made or received. */
@Entity({ name: 'transfer_request' })
export class TransferRequestEntity {
  @PrimaryColumn({ name: 'transfer_request_id', type: 'uuid' })
  transferRequestId!: string;

  @Column({ type: 'text' })
  direction!: 'sent' | 'received';

  /** Stream version. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  @Column({ type: 'text' })
  asker!: string;

  @Column({ type: 'text' })
  custodian!: string;

  @Column({ name: 'asked_at', type: 'timestamptz' })
  askedAt!: Date;

  @Column({ type: 'text' })
  urgency!: Urgency;

  @Column({ name: 'answer_by', type: 'timestamptz' })
  answerBy!: Date;

  /** Null as long as it is not answered. */
  @Column({ type: 'boolean', nullable: true })
  granted!: boolean | null;

  /** The transfer by which the case is given. */
  @Column({ name: 'referral_id', type: 'uuid', nullable: true })
  referralId!: string | null;

  @Column({ type: 'text', nullable: true })
  reason!: TransferDeclineReason | null;

  @Column({ name: 'answered_at', type: 'timestamptz', nullable: true })
  answeredAt!: Date | null;

  /** Agency that has the case instead, as the answer says. */
  @Column({ name: 'held_by', type: 'text', nullable: true })
  heldBy!: string | null;

  @Column({ name: 'escalated_at', type: 'timestamptz', nullable: true })
  escalatedAt!: Date | null;

  @Column({ name: 'lapsed_at', type: 'timestamptz', nullable: true })
  lapsedAt!: Date | null;

  @Column({ name: 'withdrawn_at', type: 'timestamptz', nullable: true })
  withdrawnAt!: Date | null;

  /** What is due next, by when and by which side; null when nobody has to do anything any more. */
  @Column({ name: 'next_due_kind', type: 'text', nullable: true })
  nextDueKind!: TransferDeadlineKind | null;

  @Column({ name: 'next_due_at', type: 'timestamptz', nullable: true })
  nextDueAt!: Date | null;

  @Column({ name: 'next_due_of', type: 'text', nullable: true })
  nextDueOf!: Side | null;
}
