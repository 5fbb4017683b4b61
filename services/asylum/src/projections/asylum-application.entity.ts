import type { CalendarDate, LodgedBy, LodgingForm } from '@acogida/reference';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ApplicationStage, LateFiling } from '../domain/asylum-application.ts';

/** An application at this agency, for lists and limits. */
@Entity({ name: 'asylum_application' })
export class AsylumApplicationEntity {
  @PrimaryColumn({ name: 'application_id', type: 'uuid' })
  applicationId!: string;

  /** Order of lodging at this node. */
  @Column({ name: 'opened_position', type: 'bigint' })
  openedPosition!: string;

  /** Stream version. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  stage!: ApplicationStage;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  @Column({ name: 'referral_id', type: 'uuid', nullable: true })
  referralId!: string | null;

  @Column({ type: 'text' })
  form!: LodgingForm;

  @Column({ name: 'lodged_by', type: 'text' })
  lodgedBy!: LodgedBy;

  @Column({ name: 'lodged_on', type: 'text' })
  lodgedOn!: CalendarDate;

  @Column({ name: 'file_by', type: 'text', nullable: true })
  fileBy!: CalendarDate | null;

  @Column({ type: 'boolean' })
  late!: boolean;

  @Column({ name: 'late_filing', type: 'text' })
  lateFiling!: LateFiling;

  @Column({ name: 'ratify_by', type: 'text', nullable: true })
  ratifyBy!: CalendarDate | null;

  @Column({ name: 'ratified_on', type: 'text', nullable: true })
  ratifiedOn!: CalendarDate | null;

  @Column({ name: 'registered_on', type: 'text', nullable: true })
  registeredOn!: CalendarDate | null;

  @Column({ name: 'decide_by', type: 'text', nullable: true })
  decideBy!: CalendarDate | null;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt!: Date;
}
