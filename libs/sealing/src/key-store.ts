import { type Instant, instantAfter } from '@acogida/core';
import type { Forgotten, KeyRing } from './key-ring.ts';
import {
  type AgencyKeyRow,
  type AgencyKeyUse,
  boundNameOf,
  type KeyTable,
  type KeyTransaction,
  type KeyWriter,
  type NewRows,
  type OfferKeyRow,
  type OwnEpochRow,
  rowNameOf,
  type WrappedSecret,
} from './key-rows.ts';
import { MasterKeys, type MasterKeyOptions, type Renewal } from './master-keys.ts';
import { keyIdsOf, keysOfEpoch, setsIn } from './epoch-keys.ts';
import { type NewSecret, rowsOf } from './new-secret.ts';
import { type AnyKeyRow, heldKey, type HeldKey, named, newestFirst, type Opened } from './opened-rows.ts';
import { RingFilling, type WantedKeys } from './ring-filling.ts';
import type { CaseKeySet } from './sealing-key.ts';
import type { SecretBytes } from './secret-bytes.ts';

/** How long an offer key outlives the last offer to it, in ms (architecture.md §5: 14 days). */
const OFFER_KEY_REST_MS = 14 * 24 * 60 * 60 * 1000;

/** What is to be destroyed. */
export interface ToForget {
  /** Case keys, own and granted, and member pairs of these cases. */
  readonly caseIds?: readonly string[];
  readonly channelIds?: readonly string[];
  readonly offerKeyIds?: readonly string[];
}

/** What is told of an offer key. */
export type OfferKeyTerms = Omit<OfferKeyRow, keyof WrappedSecret>;

/** Parts of a key store. */
export interface KeyStoreOptions extends MasterKeyOptions {
  readonly agency: string;
  readonly ring: KeyRing;
}

/**
 * Keys of one node at rest: wraps what is inserted, fills the ring with what is loaded, forgets, and renews the master key so that
 * copies of what was forgotten stay closed.
 */
export class KeyStore {
  readonly #options: KeyStoreOptions;
  readonly #masterKeys: MasterKeys;
  readonly #filling: RingFilling;

  private constructor(options: KeyStoreOptions, masterKeys: MasterKeys) {
    this.#options = options;
    this.#masterKeys = masterKeys;
    this.#filling = new RingFilling({ ...options, open: (table, rows) => this.#open(table, rows) });
  }

  /** Opens the store and loads the agency's own pairs and offer keys. @throws MasterKeyLostError, KmsError */
  static async open(options: KeyStoreOptions): Promise<KeyStore> {
    const store = new KeyStore(options, await MasterKeys.open(options));
    await options.rows.inTransaction((transaction) => store.loadPairs(transaction));
    return store;
  }

  /**
   * Writes secrets. Nothing is read, and the ring is left alone: once the transaction is committed, `load` them or `open` the
   * set that is at hand.
   *
   * @param held cases that are held besides, as by `holdCases`
   */
  async insert(writer: KeyWriter, secrets: readonly NewSecret[], held?: readonly string[]): Promise<void> {
    await this.#options.rows.insert(writer, this.#wrapped(secrets), held);
  }

  /** Writes the keys of an epoch that this agency begins. @param at time of recording */
  async insertSet(writer: KeyWriter, set: CaseKeySet, at: Instant): Promise<void> {
    await this.insert(writer, [{ kind: 'epoch', set, begunAt: at }]);
  }

  /**
   * Fills the ring. What is not there, or does not open any more, is marked as gone where it was asked for by key id.
   *
   * @param transaction at READ COMMITTED, and one that has written no keys itself: the ring is for what is committed
   */
  async load(transaction: KeyTransaction, wanted: WantedKeys): Promise<void> {
    await this.#filling.load(transaction, wanted);
  }

  /** Every key of a case, own and granted, as far as they open: what can be handed on. The ring is left alone. */
  async keysOf(transaction: KeyTransaction, caseId: string): Promise<readonly HeldKey[]> {
    const { rows } = this.#options;
    const granted = await this.#open('case_key', await rows.find(transaction, 'case_key', 'caseId', [caseId]));
    return [...granted.flatMap(heldKey), ...this.#keysIn(await this.#epochsOfCases(transaction, [caseId]))];
  }

  /** Case keys by name, as far as they open, also those that the transaction has written. The ring is left alone. */
  async keysNamed(transaction: KeyTransaction, keyIds: readonly string[]): Promise<readonly HeldKey[]> {
    const { rows } = this.#options;
    const granted = await this.#open('case_key', await rows.find(transaction, 'case_key', 'keyId', keyIds));
    const own = this.#keysIn(await this.#epochs(await rows.epochsOf(transaction, keyIds)));
    return [...granted.flatMap(heldKey), ...own.filter(({ key }) => keyIds.includes(key.keyId))];
  }

  /** Whether a case was erased here, as the transaction sees it. */
  async isErased(transaction: KeyTransaction, caseId: string): Promise<boolean> {
    return (await this.#options.rows.erasedAmong(transaction, [caseId])).length > 0;
  }

  /** Until when the agency's offer keys are valid and kept, newest first. */
  async offerKeys(transaction: KeyTransaction): Promise<readonly OfferKeyTerms[]> {
    return (await this.#options.rows.all(transaction, 'offer_key'))
      .map(({ generation: _, wrapped: __, ...terms }) => terms)
      .sort((one, other) => (one.validFrom < other.validFrom ? 1 : -1));
  }

  /** Loads the agency's own sealing keys and live offer keys, newest first. */
  async loadPairs(transaction: KeyTransaction): Promise<void> {
    const { ring, rows } = this.#options;
    const offerKeys = (): Promise<readonly OfferKeyRow[]> => rows.all(transaction, 'offer_key');
    await this.#filling.fill('offer_key', offerKeys, (offers) =>
      ring.useOfferPairs(offers.sort(newestFirst).map(named)),
    );
    const agencyKeys = (): Promise<readonly AgencyKeyRow[]> => rows.all(transaction, 'agency_key');
    await this.#filling.fill('agency_key', agencyKeys, (keys) => {
      const sealing = keys.filter(([{ use }]) => use === 'sealing').sort(newestFirst);
      if (sealing.length > 0) ring.useSealingPairs(sealing.map(named));
    });
  }

  /** The agency's secrets for a use, newest first, as far as they open, also those that the transaction has written. */
  async agencySecrets(transaction: KeyTransaction, use: AgencyKeyUse): Promise<readonly SecretBytes[]> {
    const { rows } = this.#options;
    const found = await this.#open('agency_key', await rows.find(transaction, 'agency_key', 'use', [use]));
    return found.sort(newestFirst).map(([, secret]) => secret);
  }

  /** Keeps cases from being erased until the transaction ends, which fails (`isOfErasedCase`) where one was. */
  async holdCases(writer: KeyWriter, caseIds: readonly string[]): Promise<void> {
    await this.#options.rows.holdCases(writer, caseIds);
  }

  /** As `holdCases`, for whoever can leave out what was erased: returns those of the cases that were. */
  holdStanding(transaction: KeyTransaction, caseIds: readonly string[]): Promise<readonly string[]> {
    return this.#options.rows.holdStanding(transaction, caseIds);
  }

  /**
   * First step of an erasure's transaction: from here on, whoever was writing of the cases is committed and seen, and whoever comes
   * later finds them erased.
   */
  async beginErasure(transaction: KeyTransaction, caseIds: readonly string[]): Promise<void> {
    await this.#options.rows.noteErased(transaction, caseIds, this.#options.clock.now());
  }

  /** Has the ring let go of those of the cases that were erased, by another process or without its being told. */
  async dropErased(transaction: KeyTransaction, among: readonly string[]): Promise<void> {
    const caseIds = await this.#options.rows.erasedAmong(transaction, among);
    if (caseIds.length === 0) return;
    this.#options.ring.drop({ caseIds, keyIds: [], memberHints: [], channelIds: [], offerKeyIds: [] });
  }

  /**
   * Destroys keys in the database, and keeps those of the cases from coming back. They stay readable in copies of it until `renewMasterKey`. Give what is returned to
   * `KeyRing.drop` once the transaction is committed. Done again, it names what it was asked for again, but for the keys of cases.
   */
  async forget(
    transaction: KeyTransaction,
    { caseIds = [], channelIds = [], offerKeyIds = [] }: ToForget,
  ): Promise<Forgotten> {
    const { rows } = this.#options;
    if (caseIds.length > 0) await this.beginErasure(transaction, caseIds);
    await rows.remove(transaction, 'channel', 'channelId', channelIds);
    await rows.remove(transaction, 'offer_key', 'keyId', offerKeyIds);
    const epochs = await rows.find(transaction, 'own_epoch', 'caseId', caseIds);
    await rows.remove(transaction, 'own_epoch', 'caseId', caseIds);
    const granted = await rows.remove(transaction, 'case_key', 'caseId', caseIds);
    return {
      caseIds,
      keyIds: [...new Set([...granted, ...epochs.flatMap(keyIdsOf)])],
      memberHints: await rows.remove(transaction, 'member_key', 'caseId', caseIds),
      channelIds,
      offerKeyIds,
    };
  }

  /** Destroys offer keys and channels whose time has come, as `forget` does. */
  async forgetDue(transaction: KeyTransaction, now: Instant): Promise<Forgotten> {
    const { rows } = this.#options;
    const channelIds = await rows.removeDue(transaction, 'channel', now);
    const offerKeyIds = await rows.removeDue(transaction, 'offer_key', now);
    return { caseIds: [], keyIds: [], memberHints: [], channelIds, offerKeyIds };
  }

  /** Keeps an offer key until 14 days after an offer to it expires. */
  async keepOfferKey(transaction: KeyTransaction, keyId: string, offerExpiresAt: Instant): Promise<void> {
    await this.#options.rows.keepUntil(transaction, 'offer_key', keyId, offerKeyEnd(offerExpiresAt));
  }

  /** Says when the channel of a referral that is settled may be destroyed; an end that is later stays. */
  async endChannel(transaction: KeyTransaction, channelId: string, destroyAfter: Instant): Promise<void> {
    await this.#options.rows.keepUntil(transaction, 'channel', channelId, destroyAfter);
  }

  /** Generations of the key-encryption key that are in use, oldest first; one, unless a renewal is under way. */
  generations(): readonly number[] {
    return this.#masterKeys.generations();
  }

  /** See `MasterKeys.renew`: last step of an erasure. Not to be called inside a transaction. */
  async renewMasterKey(batch?: number): Promise<Renewal> {
    return this.#masterKeys.renew(batch);
  }

  #wrapped(secrets: readonly NewSecret[]): NewRows {
    return rowsOf(secrets, (table, rowId, secret) => this.#masterKeys.wrap({ table, rowId }, secret), offerKeyEnd);
  }

  /** Epochs that this node began, as far as they open. */
  async #epochs(rows: readonly OwnEpochRow[]): Promise<readonly CaseKeySet[]> {
    return setsIn(await this.#open('own_epoch', rows));
  }

  async #epochsOfCases(transaction: KeyTransaction, cases: readonly string[]): Promise<readonly CaseKeySet[]> {
    return this.#epochs(await this.#options.rows.find(transaction, 'own_epoch', 'caseId', cases));
  }

  #keysIn(sets: readonly CaseKeySet[]): readonly HeldKey[] {
    return sets.flatMap((set) => keysOfEpoch(set, this.#options.agency));
  }

  /** Rows that open, with their secrets. Another process may have begun a generation meanwhile. */
  async #open<R extends AnyKeyRow>(table: KeyTable, rows: readonly R[]): Promise<Opened<R>[]> {
    if (rows.some(({ generation }) => !this.#masterKeys.knows(generation))) await this.#masterKeys.refresh();
    return rows.flatMap((row): Opened<R>[] => {
      const place = { table, rowId: boundNameOf(table, rowNameOf(table, row)) };
      const secret = this.#masterKeys.unwrap(place, row);
      return secret === null ? [] : [[row, secret]];
    });
  }
}

const offerKeyEnd = (expiresAt: Instant): Instant => instantAfter(expiresAt, OFFER_KEY_REST_MS);
