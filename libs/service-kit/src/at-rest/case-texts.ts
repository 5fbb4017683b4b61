import type { Clock } from '@acogida/core';
import type { AppendSealing, CaseToKeep, KeptPlace, Reveal, StoreSealing, Transaction } from '@acogida/event-store';
import {
  type CaseKeySet,
  type HeldKey,
  isEpochTaken,
  type KeyRing,
  type KeyStore,
  makeCaseKeySet,
  MissingKeyError,
  protectText,
  type Randomness,
  revealText,
  type SealingKey,
  secretsOf,
} from '@acogida/sealing';

/** Cases of which keys were made that no transaction has kept yet; more are those of requests that were refused. */
const MAX_BEGINNING = 10_000;
const FIRST_EPOCH = 1;

/** What encrypting the texts of cases is done with. */
export interface CaseTextsOptions {
  readonly agencyId: string;
  readonly ring: KeyRing;
  readonly keyStore: KeyStore;
  /** Where keys are looked for outside of a transaction: committed ones only. */
  readonly database: Transaction;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/**
 * Encrypts what the event store keeps of a case under the case's own key (architecture.md §5). The keys of a case begin with
 * its first append, in the same transaction. Only keys that are committed get into the ring; those that an append within
 * somebody else's transaction wrote or found get there by `confirm`.
 */
export class CaseTexts implements StoreSealing {
  readonly #options: CaseTextsOptions;
  /** Shared by all that begin a case at the same time, so that they begin it once. */
  readonly #beginning = new Map<string, CaseKeySet>();
  readonly #unconfirmed = new Set<string>();
  #drops: number;

  constructor(options: CaseTextsOptions) {
    this.#options = options;
    this.#drops = options.ring.drops;
  }

  hasKeysOf(caseId: string): boolean {
    this.#forgetDropped();
    return this.#options.ring.current(caseId) !== undefined || this.#beginning.has(caseId);
  }

  begin(cases: readonly CaseToKeep[]): AppendSealing | undefined {
    const isReady = ({ caseId, opensCase }: CaseToKeep): boolean =>
      caseId === null || opensCase === true || this.hasKeysOf(caseId);
    return cases.every(isReady) ? this.#textsOf(cases) : undefined;
  }

  async prepare(cases: readonly CaseToKeep[], transaction?: Transaction): Promise<AppendSealing> {
    const { ring } = this.#options;
    const named = cases.flatMap(({ caseId }) => caseId ?? []);
    const unknown = [...new Set(named)].filter((caseId) => ring.current(caseId) === undefined);
    if (transaction !== undefined) return this.#textsOf(cases, await this.#findWithin(transaction, unknown));
    await this.#load(unknown);
    return this.#textsOf(cases);
  }

  isOutdated(error: unknown): boolean {
    return isEpochTaken(error);
  }

  knows(sealedBy: string): boolean {
    const { ring, agencyId } = this.#options;
    return ring.keyOf(sealedBy, agencyId) !== undefined || ring.isGone(sealedBy);
  }

  readonly reveal: Reveal = (sealedBy, place, text) => {
    const { ring, agencyId } = this.#options;
    const key = ring.keyOf(sealedBy, agencyId)?.key;
    if (key !== undefined) return revealText(key, place, text);
    if (ring.isGone(sealedBy)) return null;
    throw new MissingKeyError('the key of this text was not looked for');
  };

  async look(sealedBy: readonly string[], transaction?: Transaction): Promise<Reveal> {
    const keys = this.#inMemory(sealedBy);
    const unknown = sealedBy.filter((keyId) => !keys.has(keyId));
    for (const [keyId, key] of await this.#named(unknown, transaction)) keys.set(keyId, key);
    const asked = new Set(sealedBy);
    return (keyId, place, text) => {
      if (!asked.has(keyId)) return this.reveal(keyId, place, text);
      const key = keys.get(keyId);
      return key === undefined ? null : revealText(key, place, text);
    };
  }

  /**
   * Takes what appends within transactions of others wrote or found into the ring, as far as it is committed: to be called after
   * such a transaction. Where that fails it is found the next time that it is looked for.
   */
  async confirm(): Promise<void> {
    const cases = [...this.#unconfirmed];
    this.#unconfirmed.clear();
    await this.#load(cases);
  }

  /** The same where nobody waits for it. */
  confirmSoon(): void {
    this.confirm().catch(() => {}); // found the next time
  }

  #textsOf(cases: readonly CaseToKeep[], within?: ReadonlyMap<string, SealingKey>): AppendSealing {
    const { ring } = this.#options;
    const own = new Map<string, SealingKey>();
    const begun = new Map<string, CaseKeySet>();
    for (const { caseId } of cases) {
      if (caseId === null || own.has(caseId)) continue;
      const known = ring.current(caseId)?.keys.own ?? within?.get(caseId);
      if (known === undefined) begun.set(caseId, this.#begun(caseId));
      own.set(caseId, known ?? this.#begun(caseId).keys.own);
    }
    const used = new Set<CaseKeySet>();
    const { drops } = ring;
    return {
      protect: (caseId, place: KeptPlace, text) => {
        const key = caseId === null ? undefined : own.get(caseId);
        if (caseId === null) return { text, sealedBy: null };
        if (key === undefined) throw new MissingKeyError('the case was not named before');
        const set = begun.get(caseId);
        if (set !== undefined) used.add(set);
        return { text: protectText(key, place, text), sealedBy: key.keyId };
      },
      keepKeys: async (writer) => {
        if (used.size === 0) return;
        const { agencyId, clock, keyStore } = this.#options;
        const at = clock.now();
        await keyStore.insert(
          writer,
          [...used].flatMap((set) => secretsOf(set, agencyId, at)),
        );
        if (within !== undefined) for (const { caseId } of used) this.#unconfirmed.add(caseId);
      },
      committed: () => {
        // What was dropped meanwhile may be just this.
        if (ring.drops === drops) for (const set of used) this.#opened(set);
      },
    };
  }

  #opened(set: CaseKeySet): void {
    this.#options.ring.open(set);
    this.#beginning.delete(set.caseId);
  }

  #begun(caseId: string): CaseKeySet {
    this.#forgetDropped();
    const known = this.#beginning.get(caseId);
    if (known !== undefined) return known;
    const set = makeCaseKeySet(caseId, FIRST_EPOCH, this.#options.randomness);
    this.#beginning.set(caseId, set);
    const oldest = this.#beginning.keys().next();
    if (this.#beginning.size > MAX_BEGINNING && oldest.done !== true) this.#beginning.delete(oldest.value);
    return set;
  }

  /** Keys that an erasure destroyed must not begin again. */
  #forgetDropped(): void {
    const { drops } = this.#options.ring;
    if (drops !== this.#drops) this.#beginning.clear();
    this.#drops = drops;
  }

  async #load(cases: readonly string[]): Promise<void> {
    if (cases.length === 0) return;
    const { keyStore, database, ring } = this.#options;
    await keyStore.load(database, { cases });
    for (const caseId of cases) if (ring.current(caseId) !== undefined) this.#beginning.delete(caseId);
  }

  async #findWithin(transaction: Transaction, cases: readonly string[]): Promise<ReadonlyMap<string, SealingKey>> {
    const found = new Map<string, SealingKey>();
    for (const caseId of cases) {
      const key = this.#newestOwn(await this.#options.keyStore.keysOf(transaction, caseId));
      if (key === undefined) continue;
      found.set(caseId, key);
      this.#unconfirmed.add(caseId);
    }
    return found;
  }

  #newestOwn(keys: readonly HeldKey[]): SealingKey | undefined {
    const own = keys.filter(({ audience, source }) => audience === 'own' && source === this.#options.agencyId);
    return own.toSorted((one, other) => other.epoch - one.epoch)[0]?.key;
  }

  #inMemory(sealedBy: readonly string[]): Map<string, SealingKey> {
    const { ring, agencyId } = this.#options;
    return new Map(
      sealedBy.flatMap((keyId): [string, SealingKey][] => {
        const key = ring.keyOf(keyId, agencyId)?.key;
        return key === undefined ? [] : [[keyId, key]];
      }),
    );
  }

  async #named(keyIds: readonly string[], transaction?: Transaction): Promise<ReadonlyMap<string, SealingKey>> {
    const { keyStore, database } = this.#options;
    if (keyIds.length === 0) return new Map();
    if (transaction === undefined) {
      await keyStore.load(database, { keyIds });
      return this.#inMemory(keyIds);
    }
    return new Map((await keyStore.keysNamed(transaction, keyIds)).map(({ key }) => [key.keyId, key]));
  }
}
