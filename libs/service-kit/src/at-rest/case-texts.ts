import type { Clock } from '@acogida/core';
import {
  type AppendSealing,
  type CaseToKeep,
  type Reveal,
  StreamErasedError,
  type StreamGuard,
  StreamMovedError,
  type StoreSealing,
  type Transaction,
} from '@acogida/event-store';
import {
  type CaseKeySet,
  isEpochTaken,
  isOfErasedCase,
  type KeyRing,
  type KeyStore,
  makeCaseKeySet,
  MissingKeyError,
  type NewSecret,
  type Randomness,
  type SealingKey,
} from '@acogida/sealing';
import { type CircleSnapshot, circleStreamOf, sealedUnder } from '../case-keys/circle-snapshots.ts';
import { AppendTexts, beginning, type CircleSealing, type KeysInHand } from './append-texts.ts';
import { HeldCases } from './held-cases.ts';
import { casesPublishedBy, type FoundWithin, openingsIn, ownKeysIn } from './own-keys.ts';
import { revealKept } from './reveal-kept.ts';

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
 *
 * Where it also seals (`sealWith`), both are done under the epoch that the stream of the case's circle names, and the append
 * guards that stream.
 */
export class CaseTexts implements StoreSealing {
  readonly #options: CaseTextsOptions;
  /** Shared by all that begin a case at the same time, so that they begin it once. */
  readonly #beginning = new Map<string, CaseKeySet>();
  readonly #unconfirmed = new Set<string>();
  readonly #held: HeldCases;
  #circles: CircleSealing | undefined;
  #drops: number;

  constructor(options: CaseTextsOptions) {
    this.#options = options;
    this.#drops = options.ring.drops;
    this.#held = new HeldCases(options.keyStore);
  }

  /** Seals from now on, too: to be said before the first append. */
  sealWith(circles: CircleSealing): void {
    this.#circles = circles;
  }

  /**
   * The keys that a case has, or that begin with it: what its circle is opened with.
   *
   * @param isNew nobody can have heard of the case before
   */
  async firstSet(caseId: string, isNew: boolean, transaction?: Transaction): Promise<CaseKeySet> {
    const { ring } = this.#options;
    if (transaction !== undefined) return (await this.keptSet(caseId, transaction)) ?? this.#begun(caseId);
    if (!isNew && ring.current(caseId) === undefined) await this.#load([caseId]);
    return ring.current(caseId) ?? this.#begun(caseId);
  }

  /** The newest keys that a case has in a transaction; null before its first append. */
  async keptSet(caseId: string, transaction: Transaction): Promise<CaseKeySet | null> {
    const { keyStore, agencyId } = this.#options;
    return ownKeysIn(await keyStore.keysOf(transaction, caseId), agencyId).sets.at(-1) ?? null;
  }

  hasKeysOf(caseId: string): boolean {
    this.#forgetDropped();
    const begun = this.#beginning.get(caseId);
    const known = [...this.#keptSets(caseId), ...(begun === undefined ? [] : [begun])];
    if (this.#circles === undefined) return known.length > 0;
    const snapshot = this.#circles.snapshots.of(caseId);
    if (snapshot === undefined) return false;
    const subject = sealedUnder(snapshot);
    return known.some((set) => subject === undefined || set.subject === subject);
  }

  begin(cases: readonly CaseToKeep[]): AppendSealing | undefined {
    const isReady = (one: CaseToKeep): boolean =>
      one.opensCase === true || this.#casesOf(one).every((caseId) => this.hasKeysOf(caseId));
    return cases.every(isReady) ? this.#textsOf(cases) : undefined;
  }

  async prepare(cases: readonly CaseToKeep[], transaction?: Transaction): Promise<AppendSealing> {
    const named = [...new Set(cases.flatMap((one) => this.#casesOf(one)))];
    await this.#held.lookAgain(transaction ?? this.#options.database, named);
    if (transaction !== undefined) return this.#textsOf(cases, await this.#findWithin(transaction, named));
    await this.#load(
      named.filter((caseId) => !this.hasKeysOf(caseId) || this.#options.ring.current(caseId) === undefined),
    );
    return this.#textsOf(cases);
  }

  guardsMoved(guards: readonly StreamGuard[]): void {
    this.#circles?.snapshots.moved(guards);
  }

  isOutdated(error: unknown): boolean {
    return isEpochTaken(error) || isOfErasedCase(error);
  }

  knows(sealedBy: string): boolean {
    const { ring, agencyId } = this.#options;
    return ring.keyOf(sealedBy, agencyId) !== undefined || ring.isGone(sealedBy);
  }

  readonly reveal: Reveal = (sealedBy, place, kept) => {
    const { ring, agencyId } = this.#options;
    const key = ring.keyOf(sealedBy, agencyId)?.key;
    if (key !== undefined) return revealKept(key, place, kept);
    if (ring.isGone(sealedBy)) return null;
    throw new MissingKeyError('the key of this text was not looked for');
  };

  async look(sealedBy: readonly string[], transaction?: Transaction): Promise<Reveal> {
    const keys = this.#inMemory(sealedBy);
    const unknown = sealedBy.filter((keyId) => !keys.has(keyId));
    for (const [keyId, key] of await this.#named(unknown, transaction)) keys.set(keyId, key);
    const asked = new Set(sealedBy);
    return (keyId, place, kept) => {
      if (!asked.has(keyId)) return this.reveal(keyId, place, kept);
      const key = keys.get(keyId);
      return key === undefined ? null : revealKept(key, place, kept);
    };
  }

  /**
   * Takes what appends within transactions of others wrote or found into the ring, as far as it is committed: to be called after
   * such a transaction. Where that fails it is found the next time that it is looked for.
   */
  async confirm(): Promise<void> {
    this.#circles?.snapshots.committed();
    const cases = [...this.#unconfirmed];
    this.#unconfirmed.clear();
    await this.#load(cases);
  }

  /** The same where nobody waits for it. */
  confirmSoon(): void {
    this.confirm().catch(() => {}); // found the next time
  }

  #textsOf(cases: readonly CaseToKeep[], within?: ReadonlyMap<string, FoundWithin>): AppendSealing {
    const { ring, clock, keyStore } = this.#options;
    const openings = this.#circles === undefined ? new Map<string, CircleSnapshot>() : openingsIn(cases);
    const keys = new Map<string, KeysInHand | Error>();
    for (const caseId of cases.flatMap((one) => this.#casesOf(one))) {
      if (!keys.has(caseId)) keys.set(caseId, this.#keysInHand(caseId, openings.get(caseId), within?.get(caseId)));
    }
    const { drops } = ring;
    return new AppendTexts({
      keys,
      seal: this.#circles?.seal,
      keep: async (writer, begun, held) => {
        const at = clock.now();
        const secrets = begun.map((set): NewSecret => ({ kind: 'epoch', set, begunAt: at }));
        await this.#held.holding(held, within !== undefined, () => keyStore.insert(writer, secrets, held));
        if (within !== undefined) for (const { caseId } of begun) this.#unconfirmed.add(caseId);
      },
      onCommitted: (begun, held) => {
        this.#held.committed(held);
        // What was dropped meanwhile may be just this.
        if (ring.drops !== drops) return;
        for (const set of begun) this.#opened(set);
        for (const [caseId, opened] of openings) this.#circles?.snapshots.keep(caseId, opened);
      },
    });
  }

  /** An error for a case whose keys are others than its circle names: they moved while they were looked for. */
  #keysInHand(caseId: string, opening?: CircleSnapshot, within?: FoundWithin): KeysInHand | Error {
    const circle = opening ?? within?.circle ?? this.#circles?.snapshots.of(caseId) ?? null;
    if (this.#isErased(caseId, circle, within)) return new StreamErasedError();
    const hand = { circle, opensCircle: opening !== undefined, begins: false };
    const kept = this.#keptSets(caseId, within);
    const subject = circle === null ? undefined : sealedUnder(circle);
    if (subject === undefined) {
      const [set = null] = kept;
      const own = set?.keys.own ?? within?.own;
      return own === undefined ? beginning(hand, this.#begun(caseId)) : { ...hand, own, set };
    }
    const set = kept.find((one) => one.subject === subject);
    if (set !== undefined) return { ...hand, own: set.keys.own, set };
    const begun = this.#beginning.get(caseId);
    if (begun?.subject === subject) return beginning(hand, begun);
    this.#circles?.snapshots.forget(caseId);
    return new StreamMovedError(circleStreamOf(caseId), undefined);
  }

  #isErased(caseId: string, circle: CircleSnapshot | null, within?: FoundWithin): boolean {
    return circle?.state.isErased === true || (within?.isErased ?? this.#options.ring.isErased(caseId));
  }

  /** Newest epoch first. */
  #keptSets(caseId: string, within?: FoundWithin): readonly CaseKeySet[] {
    const committed = this.#options.ring.current(caseId);
    return [...(committed === undefined ? [] : [committed]), ...(within?.sets.toReversed() ?? [])];
  }

  #casesOf(one: CaseToKeep): readonly string[] {
    if (one.caseId !== null) return [one.caseId];
    return this.#circles === undefined ? [] : casesPublishedBy(one);
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

  /** The circle before the keys: keys that are newer than it do not pass its guard, older ones would. */
  async #load(cases: readonly string[]): Promise<void> {
    if (cases.length === 0) return;
    const { keyStore, database, ring } = this.#options;
    const snapshots = this.#circles?.snapshots;
    if (snapshots !== undefined) await Promise.all(cases.map((caseId) => snapshots.look(caseId)));
    await keyStore.load(database, { cases });
    for (const caseId of cases) if (ring.current(caseId) !== undefined) this.#beginning.delete(caseId);
  }

  async #findWithin(transaction: Transaction, cases: readonly string[]): Promise<ReadonlyMap<string, FoundWithin>> {
    const { ring, keyStore, agencyId } = this.#options;
    const found = new Map<string, FoundWithin>();
    for (const caseId of cases) {
      const circle = (await this.#circles?.snapshots.readWithin(transaction, caseId)) ?? null;
      const committed = ring.current(caseId);
      const subject = circle === null ? undefined : sealedUnder(circle);
      const isAtHand = committed !== undefined && (subject ?? committed.subject) === committed.subject;
      const keys = isAtHand ? [] : await keyStore.keysOf(transaction, caseId);
      if (keys.length > 0) this.#unconfirmed.add(caseId);
      const isErased = !isAtHand && keys.length === 0 && (await keyStore.isErased(transaction, caseId));
      found.set(caseId, { circle, isErased, ...ownKeysIn(keys, agencyId) });
    }
    return found;
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
