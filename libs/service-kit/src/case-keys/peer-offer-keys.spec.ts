import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { KeyRing, makeX25519Pair, MemoryKeyRows, systemRandomness } from '@acogida/sealing';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { caseKeysMigrations } from './create-peer-offer-key-table.migration.ts';
import { MemoryPeerOfferKeys } from './memory-peer-offer-keys.ts';
import {
  offerKeyAt,
  type PeerOfferKey,
  type PeerOfferKeyBook,
  peerOfferKeysProjection,
  usePeerKeys,
} from './peer-offer-keys.ts';
import { PostgresPeerOfferKeys } from './postgres-peer-offer-keys.ts';
import { COMAR, CONATT, OTHER_X, OWN, X } from './testing/case-keys-examples.ts';

const WEEK = { validFrom: '2026-11-16T00:00:00.000Z', validThrough: '2026-11-22T23:59:59.999Z' };
const NEXT = { validFrom: '2026-11-23T00:00:00.000Z', validThrough: '2026-11-29T23:59:59.999Z' };
const keyOf = (agency: string, keyId: string, week = WEEK, x = X): PeerOfferKey => ({ agency, keyId, x, ...week });

function received(source: string, type: string, data: JsonObject): ReceivedEvent {
  return {
    ...{ id: '16fd2706-8baf-433b-82eb-8c7fada847da', source, class: 'directory', subject: source, number: 7 },
    ...{ time: WEEK.validFrom, clockAhead: false },
    payload: {
      ...{ type, schemaVersion: 1, caseId: null, data, occurredAt: WEEK.validFrom, recordedAt: WEEK.validFrom },
      ...{ version: 1, stream: `offer-keys-${source}`, publishedHead: '', privateHead: '' },
      ...{ clock: '1795338000000-000000', correlationId: 'spec', causation: null },
    },
  };
}

const published = ({ agency, ...data }: PeerOfferKey): ReceivedEvent => received(agency, 'OfferKeyPublished', data);
const retired = (agency: string, keyId: string): ReceivedEvent =>
  received(agency, 'OfferKeyRetired', { keyId, receivedThrough: [] });

interface Bench {
  readonly book: PeerOfferKeyBook;
  readonly write: <R>(work: (transaction: Transaction) => Promise<R>) => Promise<R>;
}

describe.each(['memory', 'PostgreSQL'])('offer keys of others in %s', (where) => {
  let database: TestDatabase | undefined;
  let bench: Bench;

  beforeAll(async () => {
    if (where === 'PostgreSQL') database = await createTestDatabase(caseKeysMigrations);
  });

  afterAll(async () => database?.drop());

  beforeEach(async () => {
    const pool = database?.pool;
    const rows = new MemoryKeyRows();
    bench =
      pool === undefined
        ? { book: new MemoryPeerOfferKeys(), write: (work) => rows.inTransaction(work) }
        : { book: new PostgresPeerOfferKeys(), write: (work) => inTransaction(pool, work) };
    await bench.write((transaction) => bench.book.clear(transaction));
  });

  const hear = (...opened: ReceivedEvent[]): Promise<void> =>
    bench.write((transaction) => peerOfferKeysProjection(bench.book).apply({ opened, sealed: [] }, transaction));
  const since = (at: string): Promise<readonly PeerOfferKey[]> =>
    bench.write((transaction) => bench.book.since(transaction, at));

  it('are kept by agency and week, until they are over', async () => {
    const [first, second, theirs] = [keyOf(COMAR, 'k1'), keyOf(COMAR, 'k2', NEXT), keyOf(CONATT, 'k1', WEEK, OTHER_X)];
    await hear(published(second), published(first));
    await hear(published(theirs), received(COMAR, 'AgencyListed', {}));
    expect(await since(WEEK.validThrough)).toEqual([theirs, first, second]);
    expect(await since(NEXT.validFrom)).toEqual([second]);
  });

  it('stay what they were first, and retired once they are', async () => {
    await hear(published(keyOf(COMAR, 'k1')), published(keyOf(COMAR, 'k1', NEXT, OTHER_X)));
    await hear(published(keyOf(COMAR, 'k1', NEXT, OTHER_X)));
    expect(await since(WEEK.validFrom)).toEqual([keyOf(COMAR, 'k1')]);
    await hear(retired(COMAR, 'k1'), retired(COMAR, 'unknown'));
    await hear(published(keyOf(COMAR, 'k1')));
    expect(await since(WEEK.validFrom)).toEqual([]);
  });

  it('are retired by their own agency only', async () => {
    await hear(published(keyOf(COMAR, 'k1')), retired(CONATT, 'k1'));
    expect(await since(WEEK.validFrom)).toEqual([keyOf(COMAR, 'k1')]);
  });

  it('are none where no secret can be agreed with them', async () => {
    await hear(published(keyOf(COMAR, 'k1', WEEK, 'A'.repeat(43))), published(keyOf(COMAR, 'k2')));
    expect(await since(WEEK.validFrom)).toEqual([keyOf(COMAR, 'k2')]);
  });

  it('are forgotten for a rebuild, and nothing is kept of what is rolled back', async () => {
    await hear(published(keyOf(COMAR, 'k1')));
    const rolledBack = bench.write(async (transaction) => {
      await peerOfferKeysProjection(bench.book).reset(transaction);
      await bench.book.note(transaction, [keyOf(CONATT, 'k9')]);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await since(WEEK.validFrom)).toEqual([keyOf(COMAR, 'k1')]);
    await bench.write((transaction) => peerOfferKeysProjection(bench.book).reset(transaction));
    expect(await since(WEEK.validFrom)).toEqual([]);
  });

  it('are told in the order in which those of one week were published', async () => {
    await hear(published(keyOf(COMAR, 'k9')));
    await hear(published(keyOf(COMAR, 'k1')));
    expect((await since(WEEK.validFrom)).map(({ keyId }) => keyId)).toEqual(['k9', 'k1']);
  });
});

describe('the offer key to seal to', () => {
  const keys = [keyOf(CONATT, 'c1'), keyOf(COMAR, 'k1'), keyOf(COMAR, 'k1.2', WEEK, OTHER_X), keyOf(COMAR, 'k2', NEXT)];

  it.each([
    ['is that of the week, the last one that was published for it', COMAR, WEEK.validThrough, 'k1.2'],
    ['is the next one from its first moment on', COMAR, NEXT.validFrom, 'k2'],
    ['is none before', COMAR, '2026-11-15T23:59:59.999Z', undefined],
    ['is none after', COMAR, '2026-11-30T00:00:00.000Z', undefined],
    ['is the agency’s own', CONATT, WEEK.validFrom, 'c1'],
    ['is none of an agency without one', OWN, WEEK.validFrom, undefined],
  ])('%s', (_, agency, at, keyId) => {
    expect(offerKeyAt(keys, agency, at)?.keyId).toBe(keyId);
  });

  it('is what the ring seals to, with the sealing keys of the network', () => {
    const ring = new KeyRing({ network: 'ab'.repeat(32), agency: OWN });
    ring.useSealingPairs([{ ...makeX25519Pair(systemRandomness), keyId: 's1' }]);
    const sealing = new Map([
      [COMAR, [{ keyId: 's1', x: X }]],
      ['cr-dgme', [{ keyId: 's1', x: OTHER_X }]],
    ]);
    usePeerKeys(ring, sealing, keys, WEEK.validFrom);
    const ready = (agency: string) => [ring.pairKeyTo(agency) !== undefined, ring.offerKeyOf(agency) !== undefined];
    expect([COMAR, 'cr-dgme', CONATT].map(ready)).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    usePeerKeys(ring, sealing, keys, '2026-12-30T00:00:00.000Z');
    expect(ready(COMAR)).toEqual([true, false]);
  });
});
