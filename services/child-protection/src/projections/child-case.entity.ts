import type { ChildCare, ChildSituation, Urgency } from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChildStage } from '../domain/child-case-state.ts';

/** A child's case at this agency, for lists. */
@Entity({ name: 'child_case' })
export class ChildCaseEntity {
  @PrimaryColumn({ name: 'child_case_id', type: 'uuid' })
  childCaseId!: string;

  /** Order in which this node came to know of them. */
  @Column({ name: 'opened_position', type: 'bigint' })
  openedPosition!: string;

  /** Stream version. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  stage!: ChildStage;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  @Column({ name: 'referral_id', type: 'uuid', nullable: true })
  referralId!: string | null;

  @Column({ type: 'text' })
  situation!: ChildSituation;

  /** Null while no officer has met the child. */
  @Column({ type: 'text', nullable: true })
  urgency!: Urgency | null;

  @Column({ name: 'is_met', type: 'boolean' })
  isMet!: boolean;

  @Column({ name: 'registered_at', type: 'timestamptz', nullable: true })
  registeredAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  care!: ChildCare | null;

  @Column({ name: 'guardian_since', type: 'timestamptz', nullable: true })
  guardianSince!: Date | null;

  @Column({ name: 'representative_since', type: 'timestamptz', nullable: true })
  representativeSince!: Date | null;

  /** Null where no guardian is awaited. */
  @Column({ name: 'guardian_due_at', type: 'timestamptz', nullable: true })
  guardianDueAt!: Date | null;

  @Column({ name: 'is_guardian_overdue', type: 'boolean' })
  isGuardianOverdue!: boolean;

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt!: Date | null;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt!: Date;
}
