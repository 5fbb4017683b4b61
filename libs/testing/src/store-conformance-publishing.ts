import { expect, it } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { GENESIS_HEAD, type PublishedContract, publishedHeadAfter } from '@acogida/event-store';
import {
  append,
  begun,
  CASE_ID,
  type ConformanceOutboxRow,
  contract,
  METADATA,
  newStream,
  NOBODY,
  type Tested,
} from './store-conformance-parts.ts';

/** What is published of an event. */
export function describePublishing(tested: Tested): void {
  it('puts what is published beside the events, chained, in version order, without a number', async () => {
    const { store, outboxOf } = tested();
    const stream = newStream();
    const first = await store.append(append(stream, 0, begun('private'), begun('one', contract('one'))));
    const second = await store.append(append(stream, 2, begun('two', contract('two'))));
    const rows = await outboxOf(stream);
    expect(
      rows.map(({ eventId, publishedVersion, class: kind, number }) => [eventId, publishedVersion, kind, number]),
    ).toEqual([
      [first.events[1]?.id, 1, 'case', null],
      [second.events[0]?.id, 2, 'case', null],
    ]);
    expectOneChain(rows);
    for (const { text } of rows) {
      const payload = JSON.parse(text) as ContractPayload;
      expect(payload.caseId).toBe(CASE_ID);
      expect(payload).toMatchObject({ correlationId: METADATA.correlationId, causation: METADATA.causation });
      expect(text).not.toContain(METADATA.actor);
    }
    const clocks = rows.map(({ text }) => (JSON.parse(text) as ContractPayload).clock);
    expect(clocks).toEqual([...new Set(clocks)].toSorted());
  });
}

/** Copies for audiences: each in a chain of its own. */
export function describeCopies(tested: Tested): void {
  it('publishes a copy for each audience, each in a chain of its own: 1, 2, 3 …', async () => {
    const { store, outboxOf } = tested();
    const stream = newStream();
    const copies = (step: string): PublishedContract[] => [
      contract(step),
      { ...contract(step), audience: 'care' },
      { ...contract(step), audience: 'restricted' },
      { ...contract(step), audience: { to: 'pa-refuge', under: 'offer-key' } },
    ];
    const first = await store.append(append(stream, 0, begun('one', copies('one')), begun('two', copies('two'))));
    const second = await store.append(append(stream, 2, begun('three', contract('three'))));
    const third = await store.append(append(stream, 3, begun('four', copies('four').slice(1))));
    const rows = await outboxOf(stream);
    const chains = Map.groupBy(rows, ({ chain }) => chain);
    const events = [...first.events, ...second.events, ...third.events];
    expect(
      [...chains].map(([chain, copied]) => [chain, copied.map(({ publishedVersion }) => publishedVersion)]),
    ).toEqual([
      [stream, [1, 2, 3]],
      [`${stream}~care`, [1, 2, 3]],
      [`${stream}~restricted`, [1, 2, 3]],
      [`${stream}~pair.pa-refuge`, [1, 2, 3]],
    ]);
    for (const copied of chains.values()) expectOneChain(copied);
    expect(chains.get(stream)?.map(({ eventId }) => eventId)).toEqual(events.slice(0, 3).map(({ id }) => id));
    expect(chains.get(`${stream}~care`)?.[2]?.eventId).toBe(events[3]?.id);
    expect(new Set(rows.map(({ eventId }) => eventId)).size).toBe(rows.length);
    expect([...chains.values()].map(([copy]) => copy?.sealedFor)).toEqual([
      '"coded"',
      '"care"',
      '"restricted"',
      '{"to":"pa-refuge","under":"offer-key"}',
    ]);
  });

  it('publishes in clear what is for everybody, in the chain of the stream', async () => {
    const { store, outboxOf } = tested();
    const stream = newStream();
    await store.append(append(stream, 0, begun('one', { ...contract('one'), audience: null })));
    expect(await outboxOf(stream)).toMatchObject([{ chain: stream, publishedVersion: 1, sealedFor: 'null' }]);
  });
}

/** Copies that are kept back, and chains that go on elsewhere. */
export function describeMovedChains(tested: Tested): void {
  it('leaves out a copy that the seal keeps back: its chain stays, and the next copy gets its id', async () => {
    const { store, outboxOf } = tested();
    const stream = newStream();
    const kept: PublishedContract = { ...contract('one'), audience: { to: NOBODY, under: 'offer-key' } };
    const { events } = await store.append(append(stream, 0, begun('one', [kept, contract('one')]), begun('two', kept)));
    const rows = await outboxOf(stream);
    expect(rows.map(({ chain, eventId }) => [chain, eventId])).toEqual([[stream, events[0]?.id]]);
    expectOneChain(rows);
    expect((await store.append(append(stream, 2, begun('three', [])))).version).toBe(3);
    expect(await outboxOf(stream)).toHaveLength(1);
  });

  it('goes on with its chains in a transaction of the caller', async () => {
    const { store, inTransaction, outboxOf } = tested();
    const stream = newStream();
    const careful = (step: string): PublishedContract => ({ ...contract(step), audience: 'care' });
    await store.append(append(stream, 0, begun('one', careful('one'))));
    await inTransaction(async (transaction) => {
      await store.appendWithin(transaction, append(stream, 1, begun('two', careful('two'))));
      await store.appendWithin(transaction, append(stream, 2, begun('three', careful('three'))));
    });
    const rows = await outboxOf(stream);
    expect(rows.map(({ chain, publishedVersion }) => [chain, publishedVersion])).toEqual(
      [1, 2, 3].map((version) => [`${stream}~care`, version]),
    );
    expectOneChain(rows);
  });
}

/** Each payload says its chain and place, and its head is over the one before. */
function expectOneChain(rows: readonly ConformanceOutboxRow[]): void {
  let head = GENESIS_HEAD;
  for (const { chain, text, publishedVersion } of rows) {
    const payload = JSON.parse(text) as ContractPayload;
    head = publishedHeadAfter(head, payload);
    expect(payload).toMatchObject({ stream: chain, version: publishedVersion, publishedHead: head });
  }
}
