import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant, JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import { KeyRing, makeX25519Pair, MemoryKeyRows, systemRandomness } from '@acogida/sealing';
import { MemoryPeerOfferKeys } from './memory-peer-offer-keys.ts';
import { PeerKeyCare } from './peer-key-care.ts';
import { COMAR, CONATT, OTHER_X, OWN, X } from './testing/case-keys-examples.ts';

const WEEK = { validFrom: '2026-11-16T00:00:00.000Z', validThrough: '2026-11-22T23:59:59.999Z' };
const NEXT = { validFrom: '2026-11-23T00:00:00.000Z', validThrough: '2026-11-29T23:59:59.999Z' };

describe('the keys of other agencies', () => {
  let now: Instant;
  let ring: KeyRing;
  let rows: MemoryKeyRows;
  let book: MemoryPeerOfferKeys;
  let care: PeerKeyCare;
  let used: (readonly [string, string | null])[];
  const trust = { revision: 1, agencies: [OWN, CONATT] };

  const careOn = (): PeerKeyCare =>
    new PeerKeyCare({
      ...{ agencyId: OWN, book, database: { query: () => Promise.reject(new Error('nothing is asked')) } as never },
      clock: { now: () => now },
      ring: {
        usePeer: (agency, keys) => {
          used.push([agency, keys.offer?.keyId ?? null]);
          ring.usePeer(agency, keys);
        },
      },
      trust: {
        get revision() {
          return trust.revision;
        },
        sealingKeys: () => new Map(trust.agencies.map((agency) => [agency, [{ keyId: `${agency}-1`, x: OTHER_X }]])),
      },
    });

  beforeEach(() => {
    now = '2026-11-20T09:00:00.000Z';
    trust.revision = 1;
    trust.agencies = [OWN, CONATT];
    ring = new KeyRing({ network: 'ab'.repeat(32), agency: OWN });
    ring.useSealingPairs([{ ...makeX25519Pair(systemRandomness), keyId: 'own-1' }]);
    [rows, book, used] = [new MemoryKeyRows(), new MemoryPeerOfferKeys(), []];
    care = careOn();
  });

  function heard(type: string, data: JsonObject, source = CONATT): ReceivedEvent {
    return { source, payload: { type, data } } as unknown as ReceivedEvent;
  }
  const published = (keyId: string, week = WEEK): ReceivedEvent => heard('OfferKeyPublished', { keyId, x: X, ...week });
  const hear = (...opened: readonly ReceivedEvent[]): Promise<void> =>
    rows.inTransaction((transaction) => care.projection().apply({ opened, sealed: [] }, transaction));

  it('are used as they are heard, each at its time', async () => {
    await hear(published('this-week'), published('next-week', NEXT));
    expect(used.at(-1)).toEqual([CONATT, 'this-week']);
    expect([ring.pairKeyTo(CONATT), ring.offerKeyOf(CONATT)]).not.toContain(undefined);
    used = [];
    care.keep();
    expect(used).toEqual([]);
    now = '2026-11-23T00:00:00.000Z';
    care.keep();
    expect(used).toEqual([[CONATT, 'next-week']]);
    expect(care.isReady(CONATT)).toBe(true);
    now = '2026-11-30T00:00:00.000Z';
    care.keep();
    expect([used.at(-1), care.isReady(CONATT)]).toEqual([[CONATT, 'next-week'], false]);
    now = '2026-12-14T00:00:00.000Z';
    care.keep();
    expect(used.at(-1)).toEqual([CONATT, null]);
    expect(ring.offerKeyOf(CONATT)).toBeUndefined();
  });

  it('are not used once they were retired, also where that was heard first', async () => {
    await hear(heard('OfferKeyRetired', { keyId: 'second', receivedThrough: [] }), published('first'));
    await hear(published('second'));
    expect(used.at(-1)).toEqual([CONATT, 'first']);
    await hear(heard('OfferKeyRetired', { keyId: 'first', receivedThrough: [] }));
    expect(used.at(-1)).toEqual([CONATT, null]);
  });

  it('are found in the book when the node starts', async () => {
    await hear(published('this-week'));
    care = careOn();
    used = [];
    await care.refresh();
    expect(used).toEqual([[CONATT, 'this-week']]);
  });

  it('are those of all agencies that take part, but not its own', async () => {
    await care.refresh();
    expect(used).toEqual([[CONATT, null]]);
    trust.agencies = [OWN, CONATT, COMAR];
    trust.revision = 2;
    care.keep();
    expect(ring.pairKeyTo(COMAR)).toBeDefined();
    expect(ring.pairKeyTo(OWN)).toBeUndefined();
  });
});
