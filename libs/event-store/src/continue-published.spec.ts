import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { continuePublished } from './continue-published.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import { publishedHeadAfter } from './hash-chains.ts';
import type { PublishedContract } from './port.ts';
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
});
