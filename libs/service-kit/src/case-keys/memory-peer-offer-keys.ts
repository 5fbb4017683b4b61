import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { MemoryTransaction } from '@acogida/sealing';
import type { PeerOfferKey, PeerOfferKeyBook } from './peer-offer-keys.ts';

/** Offer keys of other agencies in memory, for whole nodes in simulations and for specs. */
export class MemoryPeerOfferKeys implements PeerOfferKeyBook {
  #keys: ReadonlyMap<string, PeerOfferKey & { readonly isRetired: boolean }> = new Map();

  async note(transaction: Transaction, keys: readonly PeerOfferKey[]): Promise<void> {
    const noted = new Map(this.#keys);
    for (const key of keys) if (!noted.has(nameOf(key))) noted.set(nameOf(key), { ...key, isRetired: false });
    this.#become(transaction, noted);
  }

  async retire(transaction: Transaction, keys: readonly Pick<PeerOfferKey, 'agency' | 'keyId'>[]): Promise<void> {
    const gone = new Set(keys.map(nameOf));
    this.#become(
      transaction,
      [...this.#keys].map(([name, key]) => [name, gone.has(name) ? { ...key, isRetired: true } : key] as const),
    );
  }

  async since(_: Transaction, at: Instant): Promise<readonly PeerOfferKey[]> {
    return [...this.#keys.values()]
      .filter(({ isRetired, validThrough }) => !isRetired && validThrough >= at)
      .map(({ isRetired: _retired, ...key }) => key)
      .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : placeOf(one) > placeOf(other) ? 1 : 0));
  }

  async clear(transaction: Transaction): Promise<void> {
    this.#become(transaction, []);
  }

  #become(
    transaction: Transaction,
    keys: Iterable<readonly [string, PeerOfferKey & { readonly isRetired: boolean }]>,
  ): void {
    const before = this.#keys;
    this.#keys = new Map(keys);
    (transaction as MemoryTransaction).undo(() => {
      this.#keys = before;
    });
  }
}

function nameOf({ agency, keyId }: Pick<PeerOfferKey, 'agency' | 'keyId'>): string {
  return `${agency}/${keyId}`;
}

function placeOf({ agency, validFrom }: PeerOfferKey): string {
  return `${agency}/${validFrom}`;
}
