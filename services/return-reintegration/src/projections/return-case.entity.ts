import type { CareStatus } from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReturnStage } from '../domain/return-case-state.ts';

/** A return case at this agency, for lists. */
@Entity({ name: 'return_case' })
export class ReturnCaseEntity {
  @PrimaryColumn({ name: 'return_case_id', type: 'uuid' })
  returnCaseId!: string;

  /** Order of application at this node. */
  @Column({ name: 'opened_position', type: 'bigint' })
  openedPosition!: string;

  /** Stream version. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  stage!: ReturnStage;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  @Column({ name: 'referral_id', type: 'uuid', nullable: true })
  referralId!: string | null;

  @Column({ name: 'care_status', type: 'text', nullable: true })
  careStatus!: CareStatus | null;

  @Column({ name: 'submitted_at', type: 'timestamptz' })
  submittedAt!: Date;

  /** Of the consent that was signed last; the stage says whether it stands. */
  @Column({ name: 'consent_version', type: 'integer', nullable: true })
  consentVersion!: number | null;

  @Column({ name: 'cooling_until', type: 'timestamptz', nullable: true })
  coolingUntil!: Date | null;

  @Column({ name: 'valid_until', type: 'timestamptz', nullable: true })
  validUntil!: Date | null;

  @Column({ name: 'departed_at', type: 'timestamptz', nullable: true })
  departedAt!: Date | null;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt!: Date;
}
