import type { AgeStatus, CareStatus, Channel, ChildBasis, EntryMode, NationalityStatus, Sex } from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { IntakeStage } from '../domain/case-intake-state.ts';

/** A case at this agency, for lists. Coded facts only; interpreters, assistance and complaints are not among them. */
@Entity({ name: 'intake_case' })
export class IntakeCaseEntity {
  @PrimaryColumn({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  /** Order of opening at this node. */
  @Column({ name: 'opened_position', type: 'bigint' })
  openedPosition!: string;

  /** Stream version. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  stage!: IntakeStage;

  @Column({ type: 'text' })
  place!: string;

  @Column({ type: 'text' })
  channel!: Channel;

  @Column({ name: 'contacted_on', type: 'text', nullable: true })
  contactedOn!: string | null;

  @Column({ name: 'entry_mode', type: 'text' })
  entryMode!: EntryMode;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt!: Date;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt!: Date;

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

  /** Null before the screening of urgent needs. */
  @Column({ name: 'life_saving', type: 'boolean', nullable: true })
  lifeSaving!: boolean | null;

  @Column({ name: 'asylum_intent', type: 'boolean' })
  asylumIntent!: boolean;

  @Column({ name: 'child_basis', type: 'text', nullable: true })
  childBasis!: ChildBasis | null;

  @Column({ name: 'care_status', type: 'text', nullable: true })
  careStatus!: CareStatus | null;

  @Column({ name: 'trafficking_flagged', type: 'boolean' })
  traffickingFlagged!: boolean;
}
