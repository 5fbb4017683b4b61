import { type Clock, type Instant, instantAfter } from '@acogida/core';
import type { ContractProjection } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { KeyRing, PeerKeys } from '@acogida/sealing';
import { OFFER_KEY_REST_MS } from './offer-keys.ts';
import { offerKeyAt, type PeerOfferKey, type PeerOfferKeyBook, peerOfferKeysProjection } from './peer-offer-keys.ts';

/** What is known of other agencies' keys beside their offer keys (`LiveTrust`). */
export interface SealingKeysOfAgencies {
  /** Moves whenever an answer may have changed. */
  readonly revision: number;
  /** By agency, newest first. */
  sealingKeys(): ReadonlyMap<string, PeerKeys['sealing']>;
}

/** An offer key, and when it begins to be valid, ends to be, and is kept no longer. */
interface KnownKey extends PeerOfferKey {
  readonly changes: readonly Instant[];
}

/** What the care for other agencies' keys is made of. */
export interface PeerKeyCareOptions {
  readonly agencyId: string;
  readonly ring: Pick<KeyRing, 'usePeer'>;
  readonly book: PeerOfferKeyBook;
  /** Where the book is read: what is committed only. */
  readonly database: Transaction;
  readonly clock: Clock;
  readonly trust: SealingKeysOfAgencies;
}

/**
 * Keeps the ring to what other agencies published last: their sealing keys as trust has them, and the offer key that is valid
 * now, else the last one as long as its agency keeps it: what is said of a referral under way must not fail because a node is
 * down over a Sunday. Nothing new is sent to such an agency (`isReady`). Public keys are used as soon as they are heard: their agency signed them, whatever becomes of the batch.
 */
export class PeerKeyCare {
  readonly #options: PeerKeyCareOptions;
  /** The book in memory, by `agency/keyId`, in the order of its pages. */
  readonly #known = new Map<string, KnownKey>();
  readonly #retired = new Set<string>();
  #revision = -1;
  /** When another offer key becomes the valid one; null while none is to. */
  #changesAt: Instant | null = null;

  constructor(options: PeerKeyCareOptions) {
    this.#options = options;
  }

  /** Reads the book, and lets the ring use what it says: at start, and where a key is missed. */
  async refresh(): Promise<void> {
    const { book, database, clock } = this.#options;
    for (const key of await book.since(database, restingSince(clock.now()))) this.#note(key);
    this.#use();
  }

  /** Lets the ring use what is valid now. Costs a comparison where nothing has changed: to be called before each seal. */
  keep(): void {
    const { trust, clock } = this.#options;
    const isOver = this.#changesAt !== null && clock.now() >= this.#changesAt;
    if (isOver || trust.revision !== this.#revision) this.#use();
  }

  /** Whether an agency has published a key for offers of now. */
  isReady(agency: string): boolean {
    return offerKeyAt(this.#usable(), agency, this.#options.clock.now()) !== undefined;
  }

  /** Keeps the book and the ring with what is received. */
  projection(): ContractProjection {
    const { book } = this.#options;
    return peerOfferKeysProjection({
      note: async (transaction, keys) => {
        await book.note(transaction, keys);
        for (const key of keys) this.#note(key);
        this.#use();
      },
      retire: async (transaction, keys) => {
        await book.retire(transaction, keys);
        for (const key of keys) this.#retired.add(nameOf(key));
        this.#use();
      },
      since: (transaction, at) => book.since(transaction, at),
      clear: (transaction) => book.clear(transaction),
    });
  }

  #note(key: PeerOfferKey): void {
    const name = nameOf(key);
    if (!this.#known.has(name)) this.#known.set(name, { ...key, changes: changesOf(key) });
  }

  #use(): void {
    const { ring, trust, clock, agencyId } = this.#options;
    const now = clock.now();
    this.#revision = trust.revision;
    const since = restingSince(now);
    for (const [name, { validThrough }] of this.#known) if (validThrough < since) this.#known.delete(name);
    const keys = this.#usable();
    for (const [agency, sealing] of trust.sealingKeys()) {
      if (agency === agencyId) continue;
      const last = keys.findLast((key) => key.agency === agency && key.validFrom <= now);
      const offer = offerKeyAt(keys, agency, now) ?? last ?? null;
      ring.usePeer(agency, { sealing, offer });
    }
    this.#changesAt = nextChange(keys, now);
  }

  #usable(): readonly KnownKey[] {
    return [...this.#known.values()]
      .filter((key) => !this.#retired.has(nameOf(key)))
      .sort((one, other) => (one.validFrom < other.validFrom ? -1 : one.validFrom > other.validFrom ? 1 : 0));
  }
}

function nameOf({ agency, keyId }: Pick<PeerOfferKey, 'agency' | 'keyId'>): string {
  return `${agency}/${keyId}`;
}

/** Keys that were valid since are kept by their agencies. */
function restingSince(now: Instant): Instant {
  return instantAfter(now, -OFFER_KEY_REST_MS);
}

function changesOf({ validFrom, validThrough }: PeerOfferKey): readonly Instant[] {
  return [validFrom, instantAfter(validThrough, 1), instantAfter(validThrough, OFFER_KEY_REST_MS + 1)];
}

/** When the first of these keys changes after now. */
function nextChange(keys: readonly KnownKey[], now: Instant): Instant | null {
  let first: Instant | null = null;
  for (const at of keys.flatMap(({ changes }) => changes)) if (at > now && (first === null || at < first)) first = at;
  return first;
}
