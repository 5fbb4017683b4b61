import { LruMap } from '@acogida/core';
import type { KeyObject } from 'node:crypto';
import { KEY_AUDIENCES, type KeyAudience } from './audience.ts';
import type { HmacKey } from './hmac-key.ts';
import { pairKey } from './pair-key.ts';
import { memberKeyHint } from './pair-seal.ts';
import type { CaseKeySet, SealingKey } from './sealing-key.ts';
import { usablePublicKey, type X25519Pair } from './x25519.ts';

/** A case key and what it is for. */
export interface OpenedKey {
  /** Agency that seals under it. */
  readonly source: string;
  readonly subject: string;
  readonly caseId: string;
  readonly audience: KeyAudience;
  readonly epoch: number;
  readonly key: SealingKey;
}

/** A channel and the agency at its other end. */
export interface OpenedChannel {
  readonly peer: string;
  readonly key: SealingKey;
}

/** A pair with a name: an offer key, or a sealing key of this agency. */
export interface NamedPair extends X25519Pair {
  readonly keyId: string;
}

/** A pair by the hint that grants name it by. */
export interface MemberPair extends X25519Pair {
  readonly caseId: string;
}

/** What another agency published of its keys. */
export interface PeerKeys {
  /** Sealing keys, newest first. */
  readonly sealing: readonly { readonly keyId: string; readonly x: string }[];
  /** Its newest offer key; null for an agency that publishes none. */
  readonly offer: { readonly keyId: string; readonly x: string } | null;
}

/** Public half of the pair that a member made for one case. */
export interface MemberPublicKey {
  readonly hint: string;
  readonly publicKey: KeyObject;
}

/** What a key ring no longer holds after `forget`: names by kind. */
export interface Forgotten {
  readonly caseIds: readonly string[];
  readonly keyIds: readonly string[];
  readonly memberHints: readonly string[];
  readonly channelIds: readonly string[];
  readonly offerKeyIds: readonly string[];
}

/** Keys as sealing and opening need them: at once, without I/O. */
export interface KeyLookup {
  /** Keys of this agency's open epoch of a case. */
  current(caseId: string): CaseKeySet | undefined;
  /** The key that an agency seals under, of this agency or granted to it. Others may say that it is theirs: they are not asked. */
  keyOf(keyId: string, source: string): OpenedKey | undefined;
  /** Whether it was looked for in storage and is not there, whosever it is. */
  isGone(keyId: string): boolean;
  /** Key to publish for an agency under. */
  pairKeyTo(agency: string): HmacKey | undefined;
  /** Keys that an agency may have published for this one under, likeliest first. */
  pairKeysFrom(agency: string): readonly HmacKey[];
  offerKeyOf(agency: string): KeyObject | undefined;
  memberKeyOf(caseId: string, agency: string): MemberPublicKey | undefined;
  channel(channelId: string): OpenedChannel | undefined;
  memberPair(hint: string): MemberPair | undefined;
  offerPairs(): readonly NamedPair[];
}

interface Peer {
  readonly sealing: readonly { readonly keyId: string; readonly publicKey: KeyObject }[];
  readonly offer: KeyObject | undefined;
  to?: HmacKey | undefined;
  from?: readonly HmacKey[];
}

/**
 * Keys of one node in memory. Case keys, channels and member pairs are let go of when there are too many, and loaded again
 * (`KeyStore.load`); the agency's own pairs and what others published stay. It is filled with what is committed only.
 */
export class KeyRing implements KeyLookup {
  readonly #network: string;
  readonly #agency: string;
  /** By key id: one of each agency that is said to seal under it. */
  readonly #keys: LruMap<readonly OpenedKey[]>;
  readonly #sets: LruMap<CaseKeySet>;
  readonly #channels: LruMap<OpenedChannel>;
  readonly #memberPairs: LruMap<MemberPair>;
  readonly #memberKeys: LruMap<MemberPublicKey>;
  readonly #gone: LruMap<true>;
  readonly #erased: LruMap<true>;
  readonly #peers = new Map<string, Peer>();
  #sealingPairs: readonly NamedPair[] = [];
  #offerPairs: readonly NamedPair[] = [];
  #drops = 0;

  /** @param options id of the network (hash of its genesis, hex), this agency, and how many keys of a kind are kept */
  constructor(options: { readonly network: string; readonly agency: string; readonly keptKeys?: number }) {
    const keptKeys = options.keptKeys ?? 20_000;
    this.#network = options.network;
    this.#agency = options.agency;
    this.#keys = new LruMap(keptKeys);
    this.#sets = new LruMap(Math.ceil(keptKeys / KEY_AUDIENCES.length)); // a case has a key for each
    this.#channels = new LruMap(keptKeys);
    this.#memberPairs = new LruMap(keptKeys);
    this.#memberKeys = new LruMap(keptKeys);
    this.#gone = new LruMap(keptKeys);
    this.#erased = new LruMap(keptKeys);
  }

  current(caseId: string): CaseKeySet | undefined {
    return this.#sets.get(caseId);
  }

  keyOf(keyId: string, source: string): OpenedKey | undefined {
    return this.#keys.get(keyId)?.find((key) => key.source === source);
  }

  isGone(keyId: string): boolean {
    return this.#gone.has(keyId);
  }

  pairKeyTo(agency: string): HmacKey | undefined {
    const peer = this.#peers.get(agency);
    const [own] = this.#sealingPairs;
    const [newest] = peer?.sealing ?? [];
    if (peer === undefined || own === undefined || newest === undefined) return undefined;
    peer.to ??= pairKey(own.privateKey, newest.publicKey, {
      network: this.#network,
      sender: this.#agency,
      receiver: agency,
      senderKeyId: own.keyId,
      receiverKeyId: newest.keyId,
    });
    return peer.to;
  }

  pairKeysFrom(agency: string): readonly HmacKey[] {
    const peer = this.#peers.get(agency);
    if (peer === undefined) return [];
    peer.from ??= peer.sealing.flatMap(({ keyId, publicKey }) =>
      this.#sealingPairs.map((own) =>
        pairKey(own.privateKey, publicKey, {
          network: this.#network,
          sender: agency,
          receiver: this.#agency,
          senderKeyId: keyId,
          receiverKeyId: own.keyId,
        }),
      ),
    );
    return peer.from;
  }

  offerKeyOf(agency: string): KeyObject | undefined {
    return this.#peers.get(agency)?.offer;
  }

  memberKeyOf(caseId: string, agency: string): MemberPublicKey | undefined {
    return this.#memberKeys.get(`${caseId}/${agency}`);
  }

  channel(channelId: string): OpenedChannel | undefined {
    return this.#channels.get(channelId);
  }

  memberPair(hint: string): MemberPair | undefined {
    return this.#memberPairs.get(hint);
  }

  offerPairs(): readonly NamedPair[] {
    return this.#offerPairs;
  }

  /** The open epoch of a case, unless a later one is known. */
  open(set: CaseKeySet): void {
    const { caseId, epoch, subject } = set;
    for (const audience of KEY_AUDIENCES) {
      this.hold({ source: this.#agency, subject, caseId, audience, epoch, key: set.keys[audience] });
    }
    if (epoch >= (this.#sets.get(caseId)?.epoch ?? 0)) this.#sets.set(caseId, set);
  }

  /** One case key, of this agency or granted to it. */
  hold(key: OpenedKey): void {
    const { keyId } = key.key;
    const others = this.#keys.get(keyId)?.filter(({ source }) => source !== key.source);
    this.#keys.set(keyId, others === undefined ? [key] : [...others, key]);
    this.#gone.delete(keyId);
  }

  holdChannel(channelId: string, channel: OpenedChannel): void {
    this.#channels.set(channelId, channel);
  }

  holdMemberPair(pair: MemberPair): void {
    this.#memberPairs.set(memberKeyHint(pair.x), pair);
  }

  /** Public key of a member of a case, as its case keys' procedure knows it. @throws RangeError as `usePeer` */
  holdMemberKey(caseId: string, agency: string, x: string): void {
    this.#memberKeys.set(`${caseId}/${agency}`, { hint: memberKeyHint(x), publicKey: usablePublicKey(x) });
  }

  /** Keys that were looked for and are not there. */
  miss(keyIds: readonly string[]): void {
    for (const keyId of keyIds) this.#gone.set(keyId, true);
  }

  /** This agency's live offer keys, newest first: an offer is tried against all of them. */
  useOfferPairs(pairs: readonly NamedPair[]): void {
    this.#offerPairs = pairs;
  }

  /** This agency's sealing keys, newest first. */
  useSealingPairs(pairs: readonly NamedPair[]): void {
    this.#sealingPairs = pairs;
    for (const [agency, { sealing, offer }] of this.#peers) this.#peers.set(agency, { sealing, offer });
  }

  /** What another agency published last. @throws RangeError a key that no secret can be agreed with */
  usePeer(agency: string, { sealing, offer }: PeerKeys): void {
    const known = this.#peers.get(agency);
    const keys = sealing.map(({ keyId, x }) => ({ keyId, publicKey: usablePublicKey(x) }));
    this.#peers.set(agency, {
      // What was agreed under the same sealing keys stays: offer keys come every week.
      ...(known !== undefined && isSameKeys(known.sealing, keys) ? known : {}),
      sealing: keys,
      offer: offer === null ? undefined : usablePublicKey(offer.x),
    });
  }

  /** Cases that were looked for, and were erased. */
  noteErased(caseIds: readonly string[]): void {
    for (const caseId of caseIds) this.#erased.set(caseId, true);
  }

  /** Whether a case is known to have been erased: `KeyStore.load` looks. */
  isErased(caseId: string): boolean {
    return this.#erased.has(caseId);
  }

  /** How often something was dropped. What was read from storage before the last time may be what was dropped. */
  get drops(): number {
    return this.#drops;
  }

  /**
   * Lets go of what storage has forgotten, and of whatever else there is of the cases: rows that went the time before are not
   * named again. To be called once that is committed, and again is as well as once.
   */
  drop({ caseIds, keyIds, memberHints, channelIds, offerKeyIds }: Forgotten): void {
    this.#drops += 1;
    const cases = new Set(caseIds);
    for (const caseId of cases) this.#sets.delete(caseId);
    this.noteErased(caseIds);
    for (const keyId of keyIds) this.#keys.delete(keyId);
    this.miss([...keyIds, ...this.#keys.deleteWhere((held) => held.some(({ caseId }) => cases.has(caseId)))]);
    this.#memberPairs.deleteWhere(({ caseId }) => cases.has(caseId));
    this.#memberKeys.deleteWhere((_, name) => cases.has(name.slice(0, name.indexOf('/'))));
    for (const hint of memberHints) this.#memberPairs.delete(hint);
    for (const channelId of channelIds) this.#channels.delete(channelId);
    this.#offerPairs = this.#offerPairs.filter(({ keyId }) => !offerKeyIds.includes(keyId));
  }
}

function isSameKeys(known: Peer['sealing'], keys: Peer['sealing']): boolean {
  return (
    known.length === keys.length &&
    keys.every(({ keyId, publicKey }, index) => {
      return known[index]?.keyId === keyId && known[index].publicKey === publicKey;
    })
  );
}
