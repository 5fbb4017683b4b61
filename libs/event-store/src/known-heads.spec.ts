import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { eventStoreMigrations } from './event-store-schema.ts';
import { GENESIS_HEAD, publishedHeadAfter } from './hash-chains.ts';
import { KnownHeads } from './known-heads.ts';
import type { AppendRequest, InlineProjection } from './port.ts';
import { appendOf, contractOf, newStream, openSample, sampleStore, step, stepCount } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

function keyed(request: AppendRequest, key: string): AppendRequest {
  return {
    ...request,
    idempotency: { key, fingerprint: 'f', reply: () => ({ status: 200, headers: {}, body: null }) },
  };
}

describe('an append on a head that is known', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    await database.pool.query(stepCount.ddl);
  });
  afterAll(() => database.drop());

  /** Names of the statements that the work sends, those of one round trip together. */
  async function roundTripsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    const sent: string[] = [];
    const listen = (client: { query: (...parts: unknown[]) => unknown }): void => {
      const { query } = client;
      client.query = (...parts) => {
        const { name, names } = parts[0] as { name?: string; names?: readonly string[] };
        sent.push(names?.join(' ') ?? name ?? '');
        return query.apply(client, parts);
      };
      database.pool.once('release', () => (client.query = query));
    };
    database.pool.once('acquire', listen as never);
    await work();
    return sent;
  }

  /** Both chains as they stand in the database: the published one is followed link by link. */
  async function chainsOf(stream: string): Promise<{ readonly versions: readonly number[]; readonly holds: boolean }> {
    const events = await sampleStore(database.pool).readStream(stream);
    const { rows } = await database.pool.query<{ key_id: string | null; data: string; published_version: number }>(
      'SELECT key_id, data, published_version FROM es.outbox WHERE stream = $1 ORDER BY outbox_id',
      [stream],
    );
    let head = GENESIS_HEAD;
    let holds = true;
    for (const row of rows) {
      const payload = JSON.parse(openSample(row)) as ContractPayload;
      head = publishedHeadAfter(head, payload);
      holds &&= payload.publishedHead === head && payload.version === row.published_version;
    }
    return { versions: events.map((event) => event.version), holds };
  }

  test('is one statement, with one round trip for its commit: for a new stream, after an own append, after a read', async () => {
    const [writer, reader] = [sampleStore(database.pool), sampleStore(database.pool)];
    const stream = newStream();
    const one = ['es-begin es-write-known-batch', 'es-commit'];
    expect(await roundTripsOf(() => writer.append(appendOf(stream, 0, step('first', contractOf({})))))).toEqual(one);
    expect(await roundTripsOf(() => writer.append(appendOf(stream, 1, step('second'))))).toEqual(one);
    await reader.readStream(stream);
    expect(await roundTripsOf(() => reader.append(appendOf(stream, 2, step('third', contractOf({})))))).toEqual(one);
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2, 3], holds: true });
  });

  test('sends nothing when there is nothing to write', async () => {
    const oversized = appendOf(newStream(), 0, step('large', contractOf({ text: 'x'.repeat(300_000) })));
    const refused = expect.objectContaining({ code: 'EVENT_STORE.EVENT_TOO_LARGE' });
    const work = (): Promise<unknown> => expect(sampleStore(database.pool).append(oversized)).rejects.toEqual(refused);
    expect(await roundTripsOf(work)).toEqual([]);
  });

  test('a head that is not known is looked up', async () => {
    const stream = newStream();
    await sampleStore(database.pool).append(appendOf(stream, 0, step('first', contractOf({}))));
    const stranger = sampleStore(database.pool);
    expect(await roundTripsOf(() => stranger.append(appendOf(stream, 1, step('second', contractOf({})))))).toEqual([
      'es-begin es-start-batch',
      'es-write-batch',
      'es-commit',
    ]);
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2], holds: true });
  });

  test('moved by another process: refused, then accepted on what a read finds', async () => {
    const [ours, theirs] = [sampleStore(database.pool), sampleStore(database.pool)];
    const stream = newStream();
    await ours.append(appendOf(stream, 0, step('first', contractOf({}))));
    await theirs.append(appendOf(stream, 1, step('theirs', contractOf({}))));

    const late = ours.append(appendOf(stream, 1, step('late', contractOf({}))));
    await expect(late).rejects.toMatchObject({ name: 'StreamConflictError', expectedVersion: 1, actualVersion: 2 });
    await ours.readStream(stream);
    await ours.append(appendOf(stream, 2, step('ours', contractOf({}))));
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2, 3], holds: true });
  });

  test('moved by another process: an append at the version it moved to is accepted without a read', async () => {
    const [ours, theirs] = [sampleStore(database.pool), sampleStore(database.pool)];
    const stream = newStream();
    await ours.append(appendOf(stream, 0, step('first', contractOf({}))));
    await theirs.append(appendOf(stream, 1, step('theirs', contractOf({}))));
    await ours.append(appendOf(stream, 2, step('ours', contractOf({}))));
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2, 3], holds: true });
  });

  test('moved by a restore, which takes back in only what was published: goes on after that', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first', contractOf({})), step('private')));
    await database.pool.query("UPDATE es.stream SET published_version = 2, published_head = 'head-2' WHERE name = $1", [
      stream,
    ]);
    await store.append(appendOf(stream, 2, step('third', contractOf({}))));
    const { rows } = await database.pool.query(
      'SELECT published_version AS version FROM es.outbox WHERE stream = $1 ORDER BY outbox_id',
      [stream],
    );
    expect(rows).toEqual([{ version: 1 }, { version: 3 }]);
  });

  test('that is stale refuses only its own append, and nothing of the first attempt stays', async () => {
    const projections = [stepCount];
    const [ours, theirs] = [
      sampleStore(database.pool, { inlineProjections: projections }),
      sampleStore(database.pool, { inlineProjections: projections }),
    ];
    const [stale, good, fresh] = [newStream(), newStream(), newStream()];
    const key = randomUUID();
    await ours.append(appendOf(stale, 0, step('first')));
    await ours.append(appendOf(good, 0, step('first')));
    await theirs.append(appendOf(stale, 1, step('theirs')));

    const outcomes = await Promise.allSettled([
      ours.append(keyed(appendOf(fresh, 0, step('first', contractOf({}))), key)),
      ours.append(appendOf(good, 1, step('second', contractOf({})))),
      ours.append(appendOf(stale, 1, step('late', contractOf({})))),
    ]);

    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await ours.findReply(key)).toBeDefined();
    const { rows } = await database.pool.query(
      'SELECT stream, steps FROM step_count WHERE stream = ANY($1) ORDER BY steps, stream = $2',
      [[stale, good, fresh], stale],
    );
    expect(rows).toEqual([
      { stream: fresh, steps: 1 },
      { stream: good, steps: 2 },
      { stream: stale, steps: 2 },
    ]);
    for (const stream of [good, fresh, stale]) expect((await chainsOf(stream)).holds).toBe(true);
  });

  test('is not kept when its transaction was rolled back', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount] });
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first', contractOf({}))));
    await expect(store.append(appendOf(stream, 1, step('break', contractOf({}))))).rejects.toMatchObject({
      code: '22012',
    });
    await store.append(appendOf(stream, 1, step('second', contractOf({}))));
    await store.append(appendOf(stream, 2, step('third', contractOf({}))));
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2, 3], holds: true });
  });

  test('a commit that is refused after all leaves no head behind', async () => {
    await database.pool.query(`
      CREATE TABLE deferred (stream text PRIMARY KEY, CHECK (stream <> ''));
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
      CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON deferred DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const atCommit: InlineProjection = {
      name: 'at-commit',
      apply: async (events, transaction) => {
        if (events.some((event) => event.data['step'] === 'doomed'))
          await transaction.query('INSERT INTO deferred VALUES ($1)', [events[0]?.stream]);
      },
      reset: async () => {},
    };
    const store = sampleStore(database.pool, { inlineProjections: [atCommit] });
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first')));
    await expect(store.append(appendOf(stream, 1, step('doomed')))).rejects.toThrow('refused');
    await store.append(appendOf(stream, 1, step('second', contractOf({}))));
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2], holds: true });
  });

  test('an append within a transaction of a caller that rolls back changes nothing for the next one', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first', contractOf({}))));
    const doomed = inTransaction(database.pool, async (client) => {
      await store.appendWithin(client, appendOf(stream, 1, step('undone', contractOf({}))));
      throw new Error('the policy failed');
    });
    await expect(doomed).rejects.toThrow('the policy failed');
    await store.append(appendOf(stream, 1, step('second', contractOf({}))));
    expect(await chainsOf(stream)).toEqual({ versions: [1, 2], holds: true });
  });

  test('batches of two processes over the same streams, in opposite order, meet without a deadlock', async () => {
    const stores = [sampleStore(database.pool), sampleStore(database.pool)];
    const streams = Array.from({ length: 20 }, newStream);
    for (let version = 0; version < 5; version += 1) {
      await Promise.all(stores.map((store) => Promise.all(streams.map((stream) => store.readStream(stream)))));
      const outcomes = await Promise.allSettled(
        stores.flatMap((store, place) =>
          (place === 0 ? streams : streams.toReversed()).map((stream) =>
            store.append(keyed(appendOf(stream, version, step('any', contractOf({}))), randomUUID())),
          ),
        ),
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(streams.length);
      for (const { reason } of refused) expect(reason).toMatchObject({ name: 'StreamConflictError' });
    }
    for (const stream of streams) {
      expect(await chainsOf(stream)).toEqual({ versions: [1, 2, 3, 4, 5], holds: true });
    }
  });

  test('positions are given in the order of the events, and are those that a read finds', async () => {
    const store = sampleStore(database.pool);
    const streams = Array.from({ length: 10 }, newStream);
    const appended = await Promise.all(
      streams.map((stream) => store.append(appendOf(stream, 0, step('first'), step('second'), step('third')))),
    );
    const positions = appended.flatMap(({ events }) => events.map((event) => BigInt(event.position)));
    expect(positions).toEqual(positions.toSorted((left, right) => (left < right ? -1 : 1)));
    for (const [index, stream] of streams.entries()) {
      expect(await store.readStream(stream)).toEqual(appended[index]?.events);
    }
  });
});

describe('known heads', () => {
  const head = (name: string, version: number) => ({
    ...{ name, version, private_head: `${name} at ${version}`, published_version: 0, published_head: GENESIS_HEAD },
    other_chains: '{}',
  });
  const versionOf = (heads: KnownHeads, stream: string, version: number): number | undefined =>
    heads.headsFor([appendOf(stream, version, step('next'))])?.get(stream)?.version;

  test('never go back to an earlier version', () => {
    const heads = new KnownHeads(2);
    heads.keep(head('sample-a', 3));
    heads.keep(head('sample-a', 2));
    expect(versionOf(heads, 'sample-a', 3)).toBe(3);
    expect(heads.headsFor([appendOf('sample-a', 2, step('next'))])).toBeUndefined();
  });

  test('are as many as there is room for: what was kept longest ago goes first', () => {
    const heads = new KnownHeads(2);
    heads.keep(head('sample-a', 1));
    heads.keep(head('sample-b', 1));
    heads.keep(head('sample-a', 2));
    heads.keep(head('sample-c', 1));
    expect(['a', 'b', 'c'].map((name) => versionOf(heads, `sample-${name}`, name === 'a' ? 2 : 1))).toEqual([
      2,
      undefined,
      1,
    ]);
  });
});
