import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  IdempotencyConflictError,
  type RecordedEvent,
  StreamConflictError,
  UnknownStreamError,
} from '@acogida/event-store';
import {
  append,
  begun,
  CONFORMANCE_NOW,
  contract,
  keyed,
  METADATA,
  newStream,
  type StoreUnderTest,
  type Tested,
} from './store-conformance-parts.ts';
import { describeCopies, describeMovedChains, describePublishing } from './store-conformance-publishing.ts';
import { describeGuards, describeTogether } from './store-conformance-together.ts';

/** What every adapter of the event store promises (`EventStore`). `make` gives one whose database may hold other streams. */
export function describeStoreConformance(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as the event store`, () => {
    let tested: StoreUnderTest;

    beforeAll(async () => {
      tested = await make();
    });
    afterAll(() => tested.close());

    describeStreams(() => tested);
    describeRefusals(() => tested);
    describeTransactions(() => tested);
    describePublishing(() => tested);
    describeCopies(() => tested);
    describeMovedChains(() => tested);
    describeTogether(() => tested);
    describeGuards(() => tested);
    describeReplies(() => tested);
    describeReadingAll(() => tested);
  });
}

function describeStreams(tested: Tested): void {
  it('gives back every field as it was given, from the append and from a read', async () => {
    const { store } = tested();
    const stream = newStream();
    const result = await store.append(append(stream, 0, begun('first'), begun('second')));
    const expected = (version: number, step: string) => ({
      ...{ id: expect.any(String), stream, version, position: expect.stringMatching(/^\d+$/), type: 'VisitBegun' },
      ...{ schemaVersion: 2, recordedAt: CONFORMANCE_NOW, data: { step }, metadata: METADATA },
    });
    expect(result).toEqual({ version: 2, events: [expected(1, 'first'), expected(2, 'second')] });
    expect(await store.readStream(stream)).toEqual(result.events);
    expect(BigInt(result.events[1]?.position ?? 0)).toBeGreaterThan(BigInt(result.events[0]?.position ?? 0));
  });

  it('goes on with a stream, and reads one that is not there as empty', async () => {
    const { store } = tested();
    const stream = newStream();
    expect(await store.readStream(stream)).toEqual([]);
    await store.append(append(stream, 0, begun('first')));
    expect((await store.append(append(stream, 1, begun('second')))).version).toBe(2);
    expect((await store.readStream(stream)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('keeps data as their canonical text says, whatever becomes of the object that was given', async () => {
    const { store } = tested();
    const stream = newStream();
    const data = { text: 'ação — 漢字 🦜', numbers: [1e21, -0, null], absent: undefined };
    await store.append(append(stream, 0, { type: 'VisitEnded', schemaVersion: 1, data, publish: null }));
    data.text = 'changed';
    const [event] = await store.readStream(stream);
    expect(event?.data).toEqual({ text: 'ação — 漢字 🦜', numbers: [1e21, 0, null] });
  });

  it('lets one of several appends at the same version win', async () => {
    const { store } = tested();
    const stream = newStream();
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => store.append(append(stream, 0, begun(`${n}`)))));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await store.readStream(stream)).toHaveLength(1);
  });
}

function describeRefusals(tested: Tested): void {
  it.each([
    ['should not exist yet', 0],
    ['is past that version', 1],
    ['is not there yet', 3],
  ])('refuses an append to a stream that %s, and writes nothing', async (_, expectedVersion) => {
    const { store, outboxOf } = tested();
    const stream = newStream();
    await store.append(append(stream, 0, begun('first'), begun('second')));
    const late = store.append(append(stream, expectedVersion, begun('late', contract('late'))));
    await expect(late).rejects.toBeInstanceOf(StreamConflictError);
    await expect(late).rejects.toMatchObject({ stream, expectedVersion, actualVersion: 2 });
    expect(await store.readStream(stream)).toHaveLength(2);
    expect(await outboxOf(stream)).toEqual([]);
  });

  it('refuses what no release could read, and what is no request', async () => {
    const { store } = tested();
    await expect(store.append(append('elsewhere-1', 0, begun('first')))).rejects.toBeInstanceOf(UnknownStreamError);
    const outdated = { ...begun('first'), schemaVersion: 1 };
    await expect(store.append(append(newStream(), 0, outdated))).rejects.toThrow('version');
    await expect(store.append(append(newStream(), 0))).rejects.toBeInstanceOf(RangeError);
    const request = keyed(append(newStream(), 0, begun('first')), 'k'.repeat(301));
    await expect(store.append(request)).rejects.toBeInstanceOf(RangeError);
    const loud = begun('loud', { ...contract('loud'), data: { text: 'x'.repeat(256 * 1024) } });
    await expect(store.append(append(newStream(), 0, loud))).rejects.toMatchObject({
      code: 'EVENT_STORE.EVENT_TOO_LARGE',
    });
  });
}

function describeTransactions(tested: Tested): void {
  it('appends within a transaction of the caller, which alone sees it until it commits', async () => {
    const { store, inTransaction, outboxOf } = tested();
    const stream = newStream();
    await inTransaction(async (transaction) => {
      const first = await store.appendWithin(transaction, append(stream, 0, begun('first', contract('first'))));
      expect(await store.readStream(stream, transaction)).toEqual(first.events);
      expect(await store.readStream(stream)).toEqual([]);
      expect((await store.appendWithin(transaction, append(stream, 1, begun('second')))).version).toBe(2);
    });
    expect(await store.readStream(stream)).toHaveLength(2);
    expect(await outboxOf(stream)).toHaveLength(1);
  });

  it('leaves nothing of a transaction that is rolled back', async () => {
    const { store, inTransaction, outboxOf } = tested();
    const [stream, other] = [newStream(), newStream()];
    const key = randomUUID();
    await store.append(append(other, 0, begun('before')));
    const work = inTransaction(async (transaction) => {
      const request = append(stream, 0, begun('first', contract('first')));
      await store.appendWithin(transaction, keyed(request, key));
      await store.appendWithin(transaction, append(other, 1, begun('after', contract('after'))));
      throw new Error('the policy failed');
    });
    await expect(work).rejects.toThrow('the policy failed');
    expect(await store.readStream(stream)).toEqual([]);
    expect((await store.readStream(other)).map(({ data }) => data['step'])).toEqual(['before']);
    expect(await outboxOf(stream)).toEqual([]);
    expect(await store.findReply(key)).toBeUndefined();
    expect((await store.append(append(stream, 0, begun('again')))).version).toBe(1);
  });

  it('refuses a conflict within a transaction without spoiling it', async () => {
    const { store, inTransaction } = tested();
    const [stream, other] = [newStream(), newStream()];
    const key = randomUUID();
    await store.append(keyed(append(stream, 0, begun('first')), key));
    await inTransaction(async (transaction) => {
      const late = store.appendWithin(transaction, append(stream, 0, begun('late')));
      await expect(late).rejects.toBeInstanceOf(StreamConflictError);
      const twin = store.appendWithin(transaction, keyed(append(other, 0, begun('twin')), key));
      await expect(twin).rejects.toBeInstanceOf(IdempotencyConflictError);
      await store.appendWithin(transaction, append(other, 0, begun('first')));
    });
    for (const name of [stream, other]) expect(await store.readStream(name)).toHaveLength(1);
  });
}

function describeReplies(tested: Tested): void {
  it('keeps a reply with the events, and refuses its key from then on, before any conflict', async () => {
    const { store } = tested();
    const [stream, key] = [newStream(), randomUUID()];
    expect(await store.findReply(key)).toBeUndefined();
    const request = keyed(append(stream, 0, begun('first')), key);
    const { events } = await store.append(request);
    const reply = { status: 201, headers: { etag: '"1"' }, body: { ids: [events[0]?.id] } };
    expect(await store.findReply(key)).toEqual({ fingerprint: 'f', reply });
    for (const again of [request, keyed(append(newStream(), 0, begun('other')), key, 'other')]) {
      const refused = store.append(again);
      await expect(refused).rejects.toBeInstanceOf(IdempotencyConflictError);
      await expect(refused).rejects.toMatchObject({ fingerprint: 'f', reply });
    }
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  it('keeps a reply to what changed nothing, and forgets replies that are old', async () => {
    const { store } = tested();
    const [stream, key] = [newStream(), randomUUID()];
    await store.append(append(stream, 0, begun('first')));
    expect(await store.append(keyed(append(stream, 1), key))).toEqual({ version: 1, events: [] });
    expect((await store.findReply(key))?.reply.headers).toEqual({ etag: '"1"' });
    expect(await store.forgetReplies(CONFORMANCE_NOW)).toBe(0);
    expect(await store.forgetReplies('2026-11-22T09:00:00.001Z')).toBeGreaterThan(0);
    expect(await store.findReply(key)).toBeUndefined();
  });
}

function describeReadingAll(tested: Tested): void {
  it('reads all events in the order of their positions, from any of them', async () => {
    const { store } = tested();
    const streams = [newStream(), newStream()];
    for (const version of [0, 1]) {
      for (const stream of streams) await store.append(append(stream, version, begun(`${version}`)));
    }
    const all = async (from?: string): Promise<readonly RecordedEvent[]> => {
      const events: RecordedEvent[] = [];
      for await (const page of store.readAll(from)) events.push(...page);
      return events.filter(({ stream }) => streams.includes(stream));
    };
    const events = await all();
    expect(events.map(({ stream, version }) => [streams.indexOf(stream), version])).toEqual([
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(await all(events[1]?.position)).toEqual(events.slice(1));
  });
}
