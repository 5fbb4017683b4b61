import { setsOf } from './case-key-sets.ts';
import { keysOfEpoch, setsIn } from './epoch-keys.ts';
import type { KeyRing } from './key-ring.ts';
import type {
  CaseKeyRow,
  ChannelRow,
  KeyRows,
  KeyTable,
  KeyTransaction,
  MemberKeyRow,
  OwnEpochRow,
} from './key-rows.ts';
import { type AnyKeyRow, heldKey, type Opened } from './opened-rows.ts';
import { SealingKey } from './sealing-key.ts';
import { x25519Pair } from './x25519.ts';

/** Names of what is to be had in the ring. */
export interface WantedKeys {
  readonly keyIds?: readonly string[];
  /** Cases whose open epoch of this agency is wanted. */
  readonly cases?: readonly string[];
  readonly channels?: readonly string[];
  readonly memberHints?: readonly string[];
}

/** What a ring is filled from. */
export interface RingFillingOptions {
  readonly agency: string;
  readonly ring: KeyRing;
  readonly rows: KeyRows;
  /** Rows that open, with their secrets. */
  readonly open: <R extends AnyKeyRow>(table: KeyTable, rows: readonly R[]) => Promise<Opened<R>[]>;
}

/** Fills a ring with what is committed, so that nothing that an erasure destroys meanwhile comes back. */
export class RingFilling {
  readonly #options: RingFillingOptions;

  constructor(options: RingFillingOptions) {
    this.#options = options;
  }

  /** See `KeyStore.load`. */
  async load(transaction: KeyTransaction, wanted: WantedKeys): Promise<void> {
    const { keyIds = [], cases = [], channels = [], memberHints = [] } = wanted;
    if (keyIds.length > 0) await this.#loadKeys(transaction, keyIds);
    if (cases.length > 0) await this.#loadCases(transaction, cases);
    if (channels.length > 0) await this.#loadChannels(transaction, channels);
    if (memberHints.length > 0) await this.#loadMemberPairs(transaction, memberHints);
  }

  async #loadKeys(transaction: KeyTransaction, keyIds: readonly string[]): Promise<void> {
    const { rows, ring, agency } = this.#options;
    const held = new Set<string>();
    const find = (): Promise<readonly CaseKeyRow[]> => rows.find(transaction, 'case_key', 'keyId', keyIds);
    await this.fill('case_key', find, (found) => this.#holdKeys(found).forEach(({ keyId }) => held.add(keyId)));
    const own = keyIds.filter((keyId) => ring.keyOf(keyId, agency) === undefined);
    const epochs = async (): Promise<readonly OwnEpochRow[]> =>
      own.length === 0 ? [] : rows.epochsOf(transaction, own);
    await this.fill('own_epoch', epochs, (found) => {
      for (const key of setsIn(found).flatMap((set) => keysOfEpoch(set, agency))) ring.hold(key);
      ring.miss(keyIds.filter((keyId) => !held.has(keyId) && ring.keyOf(keyId, agency) === undefined));
    });
  }

  async #loadCases(transaction: KeyTransaction, cases: readonly string[]): Promise<void> {
    const { rows, ring, agency } = this.#options;
    const find = (): Promise<readonly CaseKeyRow[]> => rows.find(transaction, 'case_key', 'caseId', cases);
    await this.fill('case_key', find, (found) => {
      // What another handed on is never sealed under, whatever it says whose it is.
      const own = this.#holdKeys(found).filter(({ source, grantedBy }) => source === agency && grantedBy === null);
      for (const set of setsOf(own, (keyId) => ring.keyOf(keyId, agency)?.key)) ring.open(set);
    });
    const epochs = (): Promise<readonly OwnEpochRow[]> => rows.find(transaction, 'own_epoch', 'caseId', cases);
    await this.fill('own_epoch', epochs, (found) => setsIn(found).forEach((set) => ring.open(set)));
    const without = cases.filter((caseId) => ring.current(caseId) === undefined);
    if (without.length > 0) ring.noteErased(await rows.erasedAmong(transaction, without));
  }

  #holdKeys(opened: readonly Opened<CaseKeyRow>[]): readonly CaseKeyRow[] {
    return opened.flatMap((one) =>
      heldKey(one).map(({ grantedBy: _, ...key }) => {
        this.#options.ring.hold(key);
        return one[0];
      }),
    );
  }

  async #loadChannels(transaction: KeyTransaction, channels: readonly string[]): Promise<void> {
    const { rows, ring } = this.#options;
    const find = (): Promise<readonly ChannelRow[]> => rows.find(transaction, 'channel', 'channelId', channels);
    await this.fill('channel', find, (found) => {
      for (const [{ channelId, peer }, secret] of found)
        ring.holdChannel(channelId, { peer, key: new SealingKey(secret.expose()) });
    });
  }

  async #loadMemberPairs(transaction: KeyTransaction, hints: readonly string[]): Promise<void> {
    const { rows, ring } = this.#options;
    const find = (): Promise<readonly MemberKeyRow[]> => rows.find(transaction, 'member_key', 'hint', hints);
    await this.fill('member_key', find, (found) => {
      for (const [{ caseId }, secret] of found) ring.holdMemberPair({ ...x25519Pair(secret.expose()), caseId });
    });
  }

  /**
   * Puts what was read into the ring at once, or reads it again where something was dropped meanwhile: a key that an erasure has
   * just destroyed would come back with an answer from before it.
   */
  async fill<R extends AnyKeyRow>(
    table: KeyTable,
    read: () => Promise<readonly R[]>,
    hold: (opened: Opened<R>[]) => void,
  ): Promise<void> {
    const { ring, open } = this.#options;
    for (;;) {
      const { drops } = ring;
      const opened = await open(table, await read());
      if (ring.drops === drops) return hold(opened);
    }
  }
}
