import { beforeEach, describe, expect, it } from '@jest/globals';
import { KeyRing, makeX25519Pair, type NamedPair, systemRandomness } from '@acogida/sealing';
import { CompactEncrypt } from 'jose';
import { caseKeysSeal, type ChannelSeal, developmentSeal, openWithKey, sealToKey } from './channel-seal.ts';
import { AUTHORITY, ChannelBench, GATE } from './testing/channel-bench.ts';

let bench: ChannelBench;
let rings: { readonly gate: KeyRing; readonly authority: KeyRing };
let offer: NamedPair;
/** How often a ring was brought up to date before it sealed. */
let kept: number;

beforeEach(() => {
  bench = new ChannelBench();
  const ringOf = (agency: string) => new KeyRing({ network: bench.state.networkId, agency });
  rings = { gate: ringOf(GATE), authority: ringOf(AUTHORITY) };
  offer = { ...makeX25519Pair(systemRandomness), keyId: 'offers-1' };
  kept = 0;
});

function sealOf(agencyId: string, ring: KeyRing): ChannelSeal {
  const { privateKeys } = bench.network.keysOf(agencyId);
  const peers = { keep: () => void (kept += 1) };
  return caseKeysSeal({ agencyId, trust: bench.trust, ring, peers, sealingKeys: () => [privateKeys.sealing] });
}

/** The authority publishes an offer key, and the gate hears of it. */
function publishOffer(): void {
  rings.authority.useOfferPairs([offer]);
  rings.gate.usePeer(AUTHORITY, { sealing: [], offer: { keyId: offer.keyId, x: offer.x } });
}

describe('what is asked is sealed where each case has its keys', () => {
  it('to the offer key of the agency: once that is destroyed, nobody opens it', async () => {
    publishOffer();
    const envelope = (await sealOf(GATE, rings.gate).sealTo(AUTHORITY, 'canary')) ?? '';
    expect([await openWithKey(offer.privateKey, envelope), kept]).toEqual(['canary', 1]);
    const authority = sealOf(AUTHORITY, rings.authority);
    expect(await authority.open(envelope)).toBe('canary');
    rings.authority.useOfferPairs([]);
    expect(await authority.open(envelope)).toBeNull();
  });

  it('to its sealing key as long as it has published none', async () => {
    const envelope = (await sealOf(GATE, rings.gate).sealTo(AUTHORITY, 'canary')) ?? '';
    publishOffer(); // the authority tries both
    const authority = sealOf(AUTHORITY, rings.authority);
    expect(await authority.open(envelope)).toBe('canary');
    expect(await sealOf(GATE, rings.gate).open(envelope)).toBeNull();
    bench.revoke(AUTHORITY);
    expect(await authority.open(envelope)).toBeNull();
  });

  it('to nobody without a key that is in use', async () => {
    bench.revoke(AUTHORITY);
    const seal = sealOf(GATE, rings.gate);
    expect([await seal.sealTo(AUTHORITY, 'x'), await seal.sealTo('xx-nobody', 'x')]).toEqual([null, null]);
  });
});

describe('an envelope', () => {
  it('of a development network opens with its key alone', async () => {
    const seal = developmentSeal(Buffer.alloc(32, 1));
    const envelope = (await seal.sealTo(AUTHORITY, 'canary')) ?? '';
    expect(await seal.open(envelope)).toBe('canary');
    expect(await developmentSeal(Buffer.alloc(32, 2)).open(envelope)).toBeNull();
  });

  it('is none where it is changed, compressed or by another algorithm', async () => {
    const pair = makeX25519Pair(systemRandomness);
    const envelope = await sealToKey(pair.publicKey, 'canary');
    expect(await openWithKey(pair.privateKey, `${envelope.slice(0, -2)}AA`)).toBeNull();
    const others = [
      { alg: 'ECDH-ES+A128KW', enc: 'A256GCM' },
      { alg: 'ECDH-ES', enc: 'A128GCM' },
      { alg: 'ECDH-ES', enc: 'A256GCM', zip: 'DEF' },
    ];
    for (const header of others) {
      const other = await new CompactEncrypt(Buffer.from('x')).setProtectedHeader(header).encrypt(pair.publicKey);
      expect([header, await openWithKey(pair.privateKey, other)]).toEqual([header, null]);
    }
  });
});
