import type { Clock, Instant } from '@acogida/core';
import type { Audience, KeyAudience } from '../audience.ts';
import { CaseSealing } from '../case-sealing.ts';
import { KeyRing, type NamedPair } from '../key-ring.ts';
import type { KeyRows } from '../key-rows.ts';
import { KeyStore } from '../key-store.ts';
import type { Kms } from '../kms/port.ts';
import { MemoryKeyRows } from '../memory-key-rows.ts';
import type { NewSecret } from '../new-secret.ts';
import type { SealHeader } from '../port.ts';
import { type Randomness, systemRandomness } from '../randomness.ts';
import { type CaseKeySet, makeCaseKeySet, SealingKey } from '../sealing-key.ts';
import { makeX25519Pair, secretOf, type X25519Pair } from '../x25519.ts';
import { MemoryKms } from '../kms/memory-kms.ts';

const NETWORK = 'ab'.repeat(32);
const AT: Instant = '2026-11-22T09:00:00.000Z';
const WEEK_LATER: Instant = '2026-11-29T09:00:00.000Z';
const clock: Clock = { now: () => AT };

/** An event as it stands on the log of a spec. */
export interface SpecEvent {
  readonly header: SealHeader;
  readonly data: string;
}

/** One agency of a spec, with keys of its own and knowing those of the others. */
export interface SpecAgency {
  readonly agency: string;
  readonly ring: KeyRing;
  readonly rows: KeyRows;
  readonly kms: Kms;
  readonly store: KeyStore;
  readonly sealing: CaseSealing;
  readonly sealingPair: NamedPair;
  readonly offerPair: NamedPair;
  /** Begins an epoch of a case, keeps its keys and opens it. */
  openEpoch(caseId: string, epoch?: number): Promise<CaseKeySet>;
  /** Takes a key that another agency uses, as a grant of `grantedBy` brings it. */
  hold(set: CaseKeySet, source: string, audience: KeyAudience, grantedBy?: string): Promise<void>;
  /** Makes its key pair of a case and keeps it. */
  makeMemberPair(caseId: string): Promise<X25519Pair>;
  /** Keeps its end of a channel. */
  openChannel(channelId: string, peer: string, key: SealingKey): Promise<void>;
  /** Seals an event of the case for an audience. */
  publish(id: string, caseId: string | null, audience: Audience, text: string): SpecEvent;
}

/** Parts of an agency of a spec. */
export interface SpecParts {
  readonly rows?: KeyRows;
  readonly kms?: Kms;
  readonly randomness?: Randomness;
}

/** Opens a store and a ring on whatever the rows hold: an agency after a restart, or on a copy of its database. */
export async function openSpecStore(
  agency: string,
  { rows, kms, whenLost = 'refuse' }: { rows: KeyRows; kms: Kms; whenLost?: 'refuse' | 'begin-anew' },
): Promise<{ readonly ring: KeyRing; readonly store: KeyStore; readonly sealing: CaseSealing }> {
  const ring = new KeyRing({ network: NETWORK, agency });
  const store = await KeyStore.open({ agency, ring, rows, kms, clock, whenLost, randomness: systemRandomness });
  return { ring, store, sealing: new CaseSealing({ agency, ring, randomness: systemRandomness }) };
}

/** Agencies that can seal for one another, in memory unless other parts are given. */
export async function openSpecSealing<A extends string>(
  agencies: readonly A[],
  parts: { readonly [name in A]?: SpecParts } = {},
): Promise<Readonly<Record<A, SpecAgency>>> {
  const opened = await Promise.all(agencies.map((agency) => openAgency(agency, parts[agency] ?? {})));
  for (const one of opened) for (const other of opened) introduce(one.ring, other);
  return Object.fromEntries(opened.map((one) => [one.agency, one])) as Record<A, SpecAgency>;
}

/** Lets a ring know what an agency published of its keys. */
export function introduce(ring: KeyRing, { agency, sealingPair, offerPair }: SpecAgency): void {
  const { keyId, x } = sealingPair;
  ring.usePeer(agency, { sealing: [{ keyId, x }], offer: { keyId: offerPair.keyId, x: offerPair.x } });
}

async function openAgency(agency: string, parts: SpecParts): Promise<SpecAgency> {
  const { rows = new MemoryKeyRows(), kms = new MemoryKms(), randomness = systemRandomness } = parts;
  const { ring, store } = await openSpecStore(agency, { rows, kms });
  const sealing = new CaseSealing({ agency, ring, randomness });
  const sealingPair = { ...makeX25519Pair(randomness), keyId: `${agency}-sealing-1` };
  const offerPair = { ...makeX25519Pair(randomness), keyId: `${agency}-offers-1` };
  const insert = (secrets: readonly NewSecret[]): Promise<void> =>
    rows.inTransaction((transaction) => store.insert(transaction, secrets));
  await insert([
    { kind: 'agency', use: 'sealing', keyId: sealingPair.keyId, validFrom: AT, secret: secretOf(sealingPair) },
    { kind: 'offer', keyId: offerPair.keyId, pair: offerPair, validFrom: AT, validThrough: WEEK_LATER },
  ]);
  await rows.inTransaction((transaction) => store.loadPairs(transaction));
  return {
    ...{ agency, ring, rows, kms, store, sealing, sealingPair, offerPair },
    openEpoch: async (caseId, epoch = 1) => {
      const set = makeCaseKeySet(caseId, epoch, randomness);
      await rows.inTransaction((transaction) => store.insertSet(transaction, set, AT));
      ring.open(set);
      return set;
    },
    hold: async ({ caseId, epoch, subject, keys }, source, audience, grantedBy = source) => {
      const key = SealingKey.received(keys[audience].handOver(), keys[audience].keyId);
      const held = { source, subject, caseId, audience, epoch, key };
      await insert([{ kind: 'case', ...held, grantedBy, receivedAt: AT }]);
      ring.hold(held);
    },
    makeMemberPair: async (caseId) => {
      const pair = makeX25519Pair(randomness);
      await insert([{ kind: 'member', caseId, pair }]);
      ring.holdMemberPair({ ...pair, caseId });
      return pair;
    },
    openChannel: async (channelId, peer, key) => {
      await insert([{ kind: 'channel', channelId, referralId: channelId, peer, key, destroyAfter: null }]);
      ring.holdChannel(channelId, { peer, key });
    },
    publish: (id, caseId, audience, text) => {
      const event = { id, source: agency, class: 'referral', caseId, audience, text };
      const { subject, keyId, data } = sealing.seal(event);
      return { header: { id, source: agency, class: 'referral', subject, keyId }, data };
    },
  };
}
