import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import type { EventLog } from './port.ts';

/** Most events under one signed statement, and most rows in one sequencing transaction. */
export const MAX_BATCH_EVENTS = 500;

/** The key that an agency signs its batch statements with. */
export interface StatementSigner {
  readonly keyId: string;
  /** Ed25519 private key. */
  readonly privateKey: KeyObject;
}

/** What a relay needs. */
export interface RelayOptions {
  readonly agencyId: string;
  /** The node's own database: `es.outbox` and the tables of `eventLogMigrations`. */
  readonly pool: Pool;
  readonly log: EventLog;
  readonly signer: StatementSigner;
  /** How long a wake-up may be missed at most; 1000 by default. */
  readonly pollIntervalMs?: number;
  /** The own topic was compared with this database: after the start, and again after each failure. */
  readonly onTailCompared?: () => void;
  /** Every failure, transient or not; after `RelayDeposedError` and `TopicAheadError` the relay has stopped. */
  readonly onError?: (error: unknown) => void;
}

/** Another relay of this node has started: this one must not write any more. */
export class RelayDeposedError extends Error {
  override readonly name = 'RelayDeposedError';

  constructor(term: number) {
    super(`the relay of term ${term} was deposed by a newer one`);
  }
}

/**
 * The agency's own topic holds numbers that this database has never given: an old backup was restored (architecture.md §3,
 * Restore). Going on would use a number twice for different bytes.
 */
export class TopicAheadError extends Error {
  override readonly name = 'TopicAheadError';

  constructor(topicNumber: number, lastNumber: number) {
    super(`the topic ends with number ${topicNumber} but this store only gave numbers up to ${lastNumber}`);
  }
}
