import type { SealForOutbox, StreamGuard, Transaction } from '../port.ts';
import {
  type AppendSealing,
  casesOf,
  type CaseToKeep,
  plainSealing,
  type Reveal,
  type StoreSealing,
} from '../store-sealing.ts';
import { SAMPLE_PROCEDURE } from './sample-store.ts';

/** The stream whose version is the epoch that a case is sealed under. */
export function keysStreamOf(caseId: string): string {
  return `${SAMPLE_PROCEDURE.name}-keys-${caseId}`;
}

/**
 * Seals readably, under a key that names the epoch: the version of a stream of the case, as it was when somebody last looked.
 * Texts stay plain.
 */
export class EpochSealing implements StoreSealing {
  readonly reveal = plainSealing.reveal;
  readonly #database: Transaction;
  readonly #epochs = new Map<string, number>();
  /** Called after looking, before the append that it is for. */
  afterLooking: () => Promise<unknown> = async () => {};
  lookups = 0;

  /** @param database where it looks outside of a transaction */
  constructor(database: Transaction) {
    this.#database = database;
  }

  hasKeysOf(): boolean {
    return true;
  }

  isOutdated(): boolean {
    return false;
  }

  knows(): boolean {
    return false;
  }

  begin(cases: readonly CaseToKeep[]): AppendSealing | undefined {
    return cases.flatMap(casesOf).every((caseId) => this.#epochs.has(caseId)) ? this.#sealing(this.#epochs) : undefined;
  }

  async prepare(cases: readonly CaseToKeep[], transaction?: Transaction): Promise<AppendSealing> {
    const epochs = transaction === undefined ? this.#epochs : new Map(this.#epochs);
    for (const caseId of new Set(cases.flatMap(casesOf))) {
      if (epochs.has(caseId)) continue;
      this.lookups += 1;
      const { rows } = await (transaction ?? this.#database).query<{ version: number }>(
        'SELECT version FROM es.stream WHERE name = $1',
        [keysStreamOf(caseId)],
      );
      epochs.set(caseId, rows[0]?.version ?? 0);
      await this.afterLooking();
    }
    return this.#sealing(epochs);
  }

  async look(): Promise<Reveal> {
    return this.reveal;
  }

  guardsMoved(guards: readonly StreamGuard[]): void {
    const moved = new Set(guards.map(({ stream }) => stream));
    for (const caseId of this.#epochs.keys()) if (moved.has(keysStreamOf(caseId))) this.#epochs.delete(caseId);
  }

  #sealing(known: ReadonlyMap<string, number>): AppendSealing {
    const epochs = new Map(known);
    const epochOf = (caseId: string): number => epochs.get(caseId) ?? 0;
    const seal: SealForOutbox = ({ caseId, text }) => ({
      ...{ subject: 'case', keyId: `epoch-${epochOf(caseId ?? '')}` },
      data: Buffer.from(text).toString('base64'),
    });
    const guardOf = (caseId: string): StreamGuard | null =>
      epochOf(caseId) === 0 ? null : { stream: keysStreamOf(caseId), version: epochOf(caseId) };
    return {
      protect: (_caseId, _place, text) => ({ text, sealedBy: null }),
      protectEvent: () => null,
      ...{ seal, guardOf },
      keepKeys: async () => {},
      committed: () => {},
    };
  }
}
