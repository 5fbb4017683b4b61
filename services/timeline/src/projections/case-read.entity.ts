import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** That a person read a case (architecture.md §8): who, when, which case, by which route, on what footing. */
@Entity({ name: 'case_read' })
export class CaseRead {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: string;

  /** Token subject. */
  @Column({ type: 'text' })
  subject!: string;

  @Column({ name: 'read_at', type: 'timestamptz', precision: 3 })
  readAt!: Date;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  /** `GET /v1/cases/:caseId`, a pattern: never what was searched for. */
  @Column({ type: 'text' })
  route!: string;

  /** What allowed it. In this slice always the oversight of the jurisdiction. */
  @Column({ type: 'text' })
  basis!: 'OVERSIGHT';
}
