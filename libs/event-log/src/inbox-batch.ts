import type { Reading } from './inbox-reading.ts';
import type { RefusedRecord, Verification, VerifiedHead, VerifiedRecord } from './inbox-verification.ts';

/** How records are opened. */
export interface BatchReading {
  /** Fetches what reading these needs. */
  prepare(records: readonly VerifiedRecord[]): Promise<void>;
  read(record: VerifiedRecord): Promise<Reading>;
}

/** Records of one agency as they came, verified; each is opened once, however often its transaction is run. */
export class ReceivedBatch {
  readonly source: string;
  /** Events, in number order. */
  readonly verified: readonly VerifiedRecord[];
  readonly heads: readonly VerifiedHead[];
  readonly refused: readonly RefusedRecord[];
  readonly #reading: BatchReading;
  readonly #readings = new Map<VerifiedRecord, Reading>();
  #openedAfter = Number.MAX_SAFE_INTEGER;

  constructor(source: string, { verified, heads, refused }: Verification, reading: BatchReading) {
    this.source = source;
    this.verified = verified;
    this.heads = heads;
    this.refused = refused;
    this.#reading = reading;
  }

  /** What this node can make of a record that was opened. */
  readingOf(record: VerifiedRecord): Reading {
    const reading = this.#readings.get(record);
    if (reading === undefined) throw new Error('the event was not opened yet');
    return reading;
  }

  /** Opens the events after a number, in order; each once. To be done while no transaction waits for it. */
  async openAfter(number: number): Promise<void> {
    if (number >= this.#openedAfter) return;
    const fresh = this.verified.filter((record) => record.envelope.number > number && !this.#readings.has(record));
    await this.#reading.prepare(fresh);
    for (const record of fresh) this.#readings.set(record, await this.#reading.read(record));
    this.#openedAfter = number;
  }

  /** Of the events that were opened. */
  correlationIds(): readonly string[] {
    const correlationIds = new Set<string>();
    for (const reading of this.#readings.values()) {
      if ('opened' in reading) correlationIds.add(reading.opened.payload.correlationId);
    }
    return [...correlationIds];
  }
}
