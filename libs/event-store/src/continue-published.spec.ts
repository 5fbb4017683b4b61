import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { continuePublished } from './continue-published.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import { GENESIS_HEAD, publishedHeadAfter } from './hash-chains.ts';
import type { NewEvent, PublishedContract } from './port.ts';
import { firstChainOf, streamOfChain } from './published-chains.ts';
import { appendOf, contractOf, newStream, openSample, sampleStore, step } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

const careful: PublishedContract = { ...contractOf({ step: 'careful' }), audience: 'care' };

describe('going on after what was published', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    await database.pool.query(
      'ALTER TABLE es.stream DROP CONSTRAINT stream_check, DROP CONSTRAINT stream_version_check',
    );
  });
  afterAll(() => database.drop());

  async function lastOf(chain: string): Promise<ContractPayload> {
    const { rows } = await database.pool.query<{ key_id: string | null; data: string }>(
      'SELECT key_id, data FROM es.outbox WHERE stream = $1 ORDER BY outbox_id DESC LIMIT 1',
      [chain],
    );
    return JSON.parse(openSample(rows[0] as { key_id: string; data: string })) as ContractPayload;
  }

  test('moves each chain of a stream that is known, and leaves those that stand further', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('one', [contractOf({}), careful]), step('two', contractOf({}))));
    const stood = await lastOf(stream);
    await inTransaction(database.pool, (transaction) =>
      continuePublished(transaction, [
        { chain: `${stream}~care`, version: 3, head: 'head-of-care' },
        { chain: stream, version: 1, head: 'older' },
        { chain: `${stream}~pair.pa-refuge`, version: 1, head: 'head-of-pair' },
      ]),
    );
    const paired: PublishedContract = { ...careful, audience: { to: 'pa-refuge', under: 'member-key' } };
    // The process still knows the head from before.
    await store.append(appendOf(stream, 2, step('three', [contractOf({}), careful, paired])));
    const [coded, care, pair] = await Promise.all(['', '~care', '~pair.pa-refuge'].map((end) => lastOf(stream + end)));
    expect(coded).toMatchObject({ version: 3, publishedHead: publishedHeadAfter(stood.publishedHead, coded as never) });
    expect(care).toMatchObject({ version: 4, publishedHead: publishedHeadAfter('head-of-care', care as never) });
    expect(pair).toMatchObject({ version: 2, publishedHead: publishedHeadAfter('head-of-pair', pair as never) });
  });

  test('keeps the chains of a stream that is not known, which begins with its first event all the same', async () => {
    const stream = newStream();
    const found = [
      { chain: `${stream}~care`, version: 2, head: 'head-of-care' },
      { chain: `${stream}~care`, version: 1, head: 'older' },
    ];
    await inTransaction(database.pool, (transaction) => continuePublished(transaction, found));
    await inTransaction(database.pool, (transaction) => continuePublished(transaction, []));
    const store = sampleStore(database.pool);
    const { version } = await store.append(appendOf(stream, 0, step('one', [contractOf({}), careful])));
    expect(version).toBe(1);
    const care = await lastOf(`${stream}~care`);
    expect(care).toMatchObject({ version: 3, publishedHead: publishedHeadAfter('head-of-care', care) });
    expect(await lastOf(stream)).toMatchObject({ version: 1 });
  });

  test('begins every sealed chain anew from an incarnation on, and goes on in what stands in clear', async () => {
    const stream = newStream();
    const clear: PublishedContract = { ...contractOf({}, 'directory'), audience: null };
    const paired: PublishedContract = { ...careful, audience: { to: 'pa-refuge', under: 'offer-key' } };
    const copies = (name: string): NewEvent => step(name, [contractOf({}), careful, paired]);
    await sampleStore(database.pool).append(appendOf(stream, 0, copies('one'), step('two', clear)));
    let since: number | null = 2;
    const store = sampleStore(database.pool, { chainsSince: () => since });
    await store.append(appendOf(stream, 2, copies('three'), copies('four'), step('five', clear)));
    since = 5;
    await store.append(appendOf(stream, 5, copies('six')));
    const { rows } = await database.pool.query<{ chain: string }>(
      `SELECT stream || ' ' || published_version AS chain FROM es.outbox WHERE split_part(stream, '~', 1) = $1
        ORDER BY outbox_id`,
      [stream],
    );
    expect(rows.map(({ chain }) => chain.slice(stream.length))).toEqual([
      ...[' 1', '~care 1', '~pair.pa-refuge 1', ' 2'],
      ...['~since.2 1', '~care~since.2 1', '~pair.pa-refuge~since.2 1'],
      ...['~since.2 2', '~care~since.2 2', '~pair.pa-refuge~since.2 2', ' 3'],
      ...['~since.5 1', '~care~since.5 1', '~pair.pa-refuge~since.5 1'],
    ]);
    const first = await lastOf(`${stream}~care~since.5`);
    expect(first).toMatchObject({ version: 1, publishedHead: publishedHeadAfter(GENESIS_HEAD, first) });
    expect(firstChainOf(first.stream)).toBe(`${stream}~care`);
    expect(streamOfChain(`${stream}~since.5`)).toEqual({ stream, name: 'since.5' });

    await inTransaction(database.pool, (transaction) =>
      continuePublished(transaction, [{ chain: `${stream}~since.5`, version: 7, head: 'head-of-anew' }]),
    );
    await store.append(appendOf(stream, 6, copies('seven')));
    expect(await lastOf(`${stream}~since.5`)).toMatchObject({ version: 8 });
  });
});
