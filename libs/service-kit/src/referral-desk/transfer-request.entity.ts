import type { TransferDeclineReason } from '@acogida/reference';
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
}
