import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whose case a consent is of. */
@Entity('consent')
export class ConsentEntity {
  @PrimaryColumn({ name: 'consent_id', type: 'uuid' })
  consentId!: string;

  @Column({ name: 'case_id', type: 'uuid' })
  caseId!: string;

  /** How sure the case is: 1 from a withdrawal heard of, 2 from another agency that recorded it, 3 recorded here. */
  @Column({ name: 'known_by', type: 'smallint' })
  knownBy!: number;
}
