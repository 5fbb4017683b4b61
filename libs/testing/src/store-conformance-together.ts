import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { GuardMovedError, IdempotencyConflictError, StreamConflictError } from '@acogida/event-store';
import { append, begun, contract, keyed, newStream, type Tested } from './store-conformance-parts.ts';

/** Requests that belong together: all of them, or none. */
export function describeTogether(tested: Tested): void {
  it('appends what belongs together to its streams, with results in the order of the requests', async () => {
    const { store, outboxOf } = tested();
    const [one, other] = [newStream(), newStream()];
    await store.append(append(other, 0, begun('before')));
    const results = await store.appendTogether([
      append(one, 0, begun('first', contract('first')), begun('second')),
      append(other, 1, begun('after', contract('after'))),
    ]);
    expect(results.map(({ version, events }) => [version, events.map(({ stream }) => stream)])).toEqual([
      [2, [one, one]],
      [2, [other]],
    ]);
    expect(await store.readStream(one)).toEqual(results[0]?.events);
    expect((await store.readStream(other))[1]).toEqual(results[1]?.events[0]);
    expect([...(await outboxOf(one)), ...(await outboxOf(other))]).toHaveLength(2);
    expect(await store.appendTogether([])).toEqual([]);
  });

  it('appends none of it when one is refused, with the error of that one', async () => {
    const { store, outboxOf } = tested();
    const [good, stale, last] = [newStream(), newStream(), newStream()];
    const key = randomUUID();
    await store.append(append(stale, 0, begun('before')));
    const together = store.appendTogether([
      keyed(append(good, 0, begun('good', contract('good'))), key),
      append(stale, 0, begun('late')),
      append(last, 0, begun('last', contract('last'))),
    ]);
    await expect(together).rejects.toBeInstanceOf(StreamConflictError);
    await expect(together).rejects.toMatchObject({ stream: stale, expectedVersion: 0, actualVersion: 1 });
    for (const stream of [good, last]) {
      expect(await store.readStream(stream)).toEqual([]);
      expect(await outboxOf(stream)).toEqual([]);
    }
    expect(await store.findReply(key)).toBeUndefined();
    expect((await store.append(append(good, 0, begun('again')))).version).toBe(1);
  });
  describeRefusedTogether(tested);
}

function describeRefusedTogether(tested: Tested): void {
  it('says that a key is taken before that a stream moved, and refuses all that belongs to it', async () => {
    const { store } = tested();
    const [opened, other] = [newStream(), newStream()];
    const key = randomUUID();
    const requests = [append(opened, 0, begun('open')), keyed(append(other, 0, begun('first')), key)];
    await store.appendTogether(requests);
    await expect(store.appendTogether(requests)).rejects.toBeInstanceOf(IdempotencyConflictError);
    const another = [append(newStream(), 0, begun('open')), keyed(append(newStream(), 0, begun('first')), key)];
    await expect(store.appendTogether(another)).rejects.toBeInstanceOf(IdempotencyConflictError);
    expect(await store.readStream(another[0]?.stream ?? '')).toEqual([]);
  });

  it('appends within a transaction of the caller all of it, or none, and spoils nothing by refusing', async () => {
    const { store, outboxOf, inTransaction } = tested();
    const [one, other, stale] = [newStream(), newStream(), newStream()];
    await store.append(append(stale, 0, begun('before')));
    await inTransaction(async (transaction) => {
      const late = [append(one, 0, begun('first', contract('first'))), append(stale, 0, begun('late'))];
      const refused = store.appendTogetherWithin(transaction, late);
      await expect(refused).rejects.toMatchObject({ name: 'StreamConflictError', stream: stale, actualVersion: 1 });
      const oversized = begun('large', contract('x'.repeat(300_000)));
      const tooLarge = store.appendTogetherWithin(transaction, [
        append(one, 0, begun('first', contract('first'))),
        append(other, 0, oversized),
      ]);
      await expect(tooLarge).rejects.toMatchObject({ code: 'EVENT_STORE.EVENT_TOO_LARGE' });
      expect(await store.readStream(one, transaction)).toEqual([]);
      const results = await store.appendTogetherWithin(transaction, [
        append(one, 0, begun('first', contract('first'))),
        append(stale, 1, begun('after')),
      ]);
      expect(results.map(({ version, events }) => [version, events[0]?.stream])).toEqual([
        [1, one],
        [2, stale],
      ]);
      expect(await store.appendTogetherWithin(transaction, [])).toEqual([]);
    });
    expect(await store.readStream(one)).toHaveLength(1);
    expect([...(await outboxOf(one)), ...(await outboxOf(other))]).toHaveLength(1);
  });

  it('refuses what cannot belong together', async () => {
    const { store } = tested();
    const stream = newStream();
    const twice = [append(stream, 0, begun('first')), append(stream, 1, begun('second'))];
    await expect(store.appendTogether(twice)).rejects.toBeInstanceOf(RangeError);
    const key = randomUUID();
    const underOneKey = [stream, newStream()].map((name) => keyed(append(name, 0, begun('first')), key));
    await expect(store.appendTogether(underOneKey)).rejects.toBeInstanceOf(RangeError);
    await expect(store.append(append(`${stream}~care`, 0, begun('first')))).rejects.toBeInstanceOf(RangeError);
    expect(await store.readStream(stream)).toEqual([]);
  });
}

/** Guards: streams that must stand where they were. */
export function describeGuards(tested: Tested): void {
  it('appends while the guard stands, and refuses it once that moved, with what moved', async () => {
    const { store, outboxOf } = tested();
    const [guard, stream, key] = [newStream(), newStream(), randomUUID()];
    await store.append(append(guard, 0, begun('one')));
    const guards = [{ stream: guard, version: 1 }];
    await store.append({ ...append(stream, 0, begun('first')), guards });
    await store.append(append(guard, 1, begun('two')));
    const late = store.append({ ...keyed(append(stream, 1, begun('late', contract('late'))), key), guards });
    await expect(late).rejects.toBeInstanceOf(GuardMovedError);
    await expect(late).rejects.toMatchObject({ name: 'GuardMovedError', code: '40001', guards });
    expect(await store.readStream(stream)).toHaveLength(1);
    expect(await outboxOf(stream)).toEqual([]);
    expect(await store.findReply(key)).toBeUndefined();
    await store.append({ ...append(stream, 1, begun('again')), guards: [{ stream: guard, version: 2 }] });
  });

  it('refuses an append that is guarded by a stream that is not there', async () => {
    const { store } = tested();
    const [guard, stream] = [newStream(), newStream()];
    const guarded = (version: number) => ({ ...append(stream, 0, begun('one')), guards: [{ stream: guard, version }] });
    await expect(store.append(guarded(1))).rejects.toBeInstanceOf(GuardMovedError);
    await expect(store.append(guarded(0))).rejects.toBeInstanceOf(RangeError);
  });

  it('sees in a transaction what that one moved, and spoils nothing by refusing', async () => {
    const { store, inTransaction } = tested();
    const [guard, stream] = [newStream(), newStream()];
    await store.append(append(guard, 0, begun('one')));
    const guarded = (version: number) => ({ ...append(stream, 0, begun('one')), guards: [{ stream: guard, version }] });
    await inTransaction(async (transaction) => {
      await store.appendWithin(transaction, append(guard, 1, begun('two')));
      await expect(store.appendWithin(transaction, guarded(1))).rejects.toBeInstanceOf(GuardMovedError);
      await store.appendWithin(transaction, guarded(2));
    });
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  it('takes a guard on a stream that is written beside it for where that one stood', async () => {
    const { store } = tested();
    const [guard, stream] = [newStream(), newStream()];
    const opening = [
      append(guard, 0, begun('open')),
      { ...append(stream, 0, begun('first')), guards: [{ stream: guard, version: 0 }] },
    ];
    await store.appendTogether(opening);
    const moving = (version: number) => [
      append(guard, 1, begun('move')),
      { ...append(stream, 1, begun('second')), guards: [{ stream: guard, version }] },
    ];
    await expect(store.appendTogether(moving(2))).rejects.toBeInstanceOf(GuardMovedError);
    expect(await store.readStream(guard)).toHaveLength(1);
    expect((await store.appendTogether(moving(1))).map(({ version }) => version)).toEqual([2, 2]);
  });
}
