import {
  type LogRecord,
  type RecordVerification,
  RecordVerifier,
  type Trust,
  type Verification,
} from '@acogida/event-log';

/**
 * Checks each record of a simulation once, though every node receives it, some more than once: what an agency stands for is the same
 * for all that trust the same keys. For a trust that never moves, and records that are the same objects for all (`SimulatedNetwork`).
 */
export class SharedVerifier implements RecordVerification {
  readonly #verifier: RecordVerifier;
  readonly #known = new WeakMap<LogRecord, Verification & { readonly source: string }>();

  constructor(trust: Omit<Trust, 'revision'>) {
    this.#verifier = new RecordVerifier(trust);
  }

  /** See the port. */
  verify(source: string, records: readonly LogRecord[]): Verification {
    const each = records.map((record) => this.#verify(source, record));
    return {
      verified: each.flatMap(({ verified }) => verified).sort((a, b) => a.envelope.number - b.envelope.number),
      heads: each.flatMap(({ heads }) => heads).sort((a, b) => a.statement.sequence - b.statement.sequence),
      refused: each.flatMap(({ refused }) => refused),
    };
  }

  #verify(source: string, record: LogRecord): Verification {
    const known = this.#known.get(record);
    if (known?.source === source) return known;
    const verification = { source, ...this.#verifier.verify(source, [record]) };
    this.#known.set(record, verification);
    return verification;
  }
}
