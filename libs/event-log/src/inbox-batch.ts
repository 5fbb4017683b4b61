import type { Reading } from './inbox-reading.ts';
import type { RefusedRecord, Verification, VerifiedHead, VerifiedRecord } from './inbox-verification.ts';

/** Records of one agency as they came, verified; each is opened once, however often its transaction is run. */
export class ReceivedBatch {
  readonly source: string;
  /** Events, in number order. */
  readonly verified: readonly VerifiedRecord[];
  readonly heads: readonly VerifiedHead[];
  readonly refused: readonly RefusedRecord[];
  readonly #read: (record: VerifiedRecord) => Reading;
  readonly #readings = new Map<VerifiedRecord, Reading>();

  constructor(source: string, { verified, heads, refused }: Verification, read: (record: VerifiedRecord) => Reading) {
    this.source = source;
    this.verified = verified;
    this.heads = heads;
    this.refused = refused;
    this.#read = read;
  }

  /** What this node can make of a record. */
  readingOf(record: VerifiedRecord): Reading {
    const known = this.#readings.get(record);
    if (known !== undefined) return known;
    const reading = this.#read(record);
    this.#readings.set(record, reading);
    return reading;
  }

  /** Opens the events after a number, while no transaction waits for it; returns their correlation ids. */
  openAfter(number: number): readonly string[] {
    const correlationIds = new Set<string>();
    for (const record of this.verified) {
      if (record.envelope.number <= number) continue;
      const reading = this.readingOf(record);
      if ('opened' in reading) correlationIds.add(reading.opened.payload.correlationId);
    }
    return [...correlationIds];
  }
}
