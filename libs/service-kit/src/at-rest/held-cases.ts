import type { Transaction } from '@acogida/event-store';
import type { KeyStore } from '@acogida/sealing';

/**
 * Cases that appends hold while they are written, so that nothing comes under a key that an erasure destroys meanwhile. Where an
 * append failed, one of them may have been erased without this process being told: such a case is looked at again.
 */
export class HeldCases {
  readonly #keyStore: Pick<KeyStore, 'dropErased'>;
  /** Of appends that are not committed. */
  readonly #doubtful = new Set<string>();

  constructor(keyStore: Pick<KeyStore, 'dropErased'>) {
    this.#keyStore = keyStore;
  }

  /** While `hold` holds them until the end of a transaction. @param answersAtOnce not with the commit only */
  async holding(caseIds: readonly string[], answersAtOnce: boolean, hold: () => Promise<void>): Promise<void> {
    for (const caseId of caseIds) this.#doubtful.add(caseId);
    await hold();
    if (answersAtOnce) this.committed(caseIds);
  }

  /** The append came through. */
  committed(caseIds: Iterable<string>): void {
    for (const caseId of caseIds) this.#doubtful.delete(caseId);
  }

  /** Drops the keys of those among cases that are in doubt and were erased. */
  async lookAgain(transaction: Transaction, caseIds: readonly string[]): Promise<void> {
    const doubtful = caseIds.filter((caseId) => this.#doubtful.has(caseId));
    if (doubtful.length === 0) return;
    await this.#keyStore.dropErased(transaction, doubtful);
    this.committed(doubtful);
  }
}
