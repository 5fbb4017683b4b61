import type { ContractClass } from '@acogida/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One received event. Of an event known only by class, everything that stands inside the seal is null. `receivedAt` and
 * `clockAhead` belong to this node, not to the log: they are no part of the digest.
 */
@Entity({ name: 'timeline_event' })
export class TimelineEvent {
  @PrimaryColumn({ type: 'text' })
  source!: string;

  /** Contiguous number at the source; bigint arrives as text. */
  @PrimaryColumn({ type: 'bigint' })
  number!: string;

  @Column({ name: 'event_id', type: 'uuid' })
  eventId!: string;

  /** Random per (case, epoch) at the source: what ties an unopened event to a case. */
  @Column({ type: 'text' })
  subject!: string;

  @Column({ name: 'case_id', type: 'uuid', nullable: true })
  caseId!: string | null;

  @Column({ type: 'text' })
  class!: ContractClass;

  @Column({ type: 'text', nullable: true })
  type!: string | null;

  @Column({ name: 'schema_version', type: 'int', nullable: true })
  schemaVersion!: number | null;

  /** Canonical JSON text (RFC 8785). */
  @Column({ type: 'text', nullable: true })
  data!: string | null;

  @Column({ name: 'occurred_at', type: 'timestamptz', precision: 3, nullable: true })
  occurredAt!: Date | null;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt!: Date;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt!: Date;

  @Column({ type: 'text', nullable: true })
  clock!: string | null;

  @Column({ name: 'clock_ahead', type: 'boolean' })
  clockAhead!: boolean;

  @Column({ name: 'causation_source', type: 'text', nullable: true })
  causationSource!: string | null;

  @Column({ name: 'causation_id', type: 'uuid', nullable: true })
  causationId!: string | null;

  @Column({ type: 'text', nullable: true })
  stream!: string | null;

  @Column({ type: 'int', nullable: true })
  version!: number | null;
}
