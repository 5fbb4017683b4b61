import type { AgeStatus, OutcomeReason, TraffickingOutcome } from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScreeningStage } from '../domain/screening-history.ts';

/** One row per screening: where it stands, for lists. The whole of it is read from its stream. */
@Entity({ name: 'trafficking_screening' })
export class TraffickingScreening {
  @PrimaryColumn({ name: 'screening_id', type: 'uuid' })
  screeningId!: string;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  /** Null when the agency identified the person itself. */
  @Column({ name: 'referral_id', type: 'uuid', nullable: true })
  referralId!: string | null;

  @Column({ type: 'text' })
  stage!: ScreeningStage;

  @Column({ name: 'age_status', type: 'text', nullable: true })
  ageStatus!: AgeStatus | null;

  @Column({ type: 'text', nullable: true })
  suggested!: TraffickingOutcome | null;

  @Column({ type: 'text', nullable: true })
  outcome!: TraffickingOutcome | null;

  @Column({ type: 'text', nullable: true })
  reason!: OutcomeReason | null;

  @Column({ name: 'second_reviewed', type: 'boolean', nullable: true })
  secondReviewed!: boolean | null;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;

  /** Version of the stream. */
  @Column({ type: 'int' })
  version!: number;
}
