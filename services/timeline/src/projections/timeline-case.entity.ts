import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CaseFacts, ReferralFacts } from '../domain/case-facts.ts';

/** The coded facts of one case, computed from its events alone (`caseFactsOf`). */
@Entity({ name: 'timeline_case' })
export class TimelineCase {
  @PrimaryColumn({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt!: Date;

  @Column({ name: 'last_recorded_at', type: 'timestamptz', precision: 3 })
  lastRecordedAt!: Date;

  @Column({ type: 'int' })
  entries!: number;

  @Column({ type: 'text', array: true })
  agencies!: string[];

  @Column({ name: 'age_status', type: 'text', nullable: true })
  ageStatus!: CaseFacts['ageStatus'];

  @Column({ type: 'text', nullable: true })
  sex!: CaseFacts['sex'];

  @Column({ type: 'text', array: true })
  nationalities!: string[];

  @Column({ type: 'boolean' })
  child!: boolean;

  @Column({ name: 'life_saving_need', type: 'boolean' })
  lifeSavingNeed!: boolean;

  @Column({ name: 'trafficking_flagged', type: 'boolean' })
  traffickingFlagged!: boolean;

  @Column({ name: 'trafficking_suggested', type: 'text', nullable: true })
  traffickingSuggested!: CaseFacts['traffickingSuggested'];

  @Column({ name: 'trafficking_outcome', type: 'text', nullable: true })
  traffickingOutcome!: CaseFacts['traffickingOutcome'];

  @Column({ name: 'asylum_state', type: 'text', nullable: true })
  asylumState!: CaseFacts['asylumState'];

  @Column({ type: 'jsonb' })
  referrals!: ReferralFacts[];

  /** The states that stand in `referrals`, for search. */
  @Column({ name: 'referral_states', type: 'text', array: true })
  referralStates!: string[];
}
