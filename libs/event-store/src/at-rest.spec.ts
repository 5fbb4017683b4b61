import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { IdempotencyConflictError, StreamConflictError, StreamCorruptedError, StreamErasedError } from './errors.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { AppendRequest, NewEvent, RecordedEvent } from './port.ts';
import { replacePlainTexts } from './plain-texts.ts';
import type { PostgresEventStore } from './postgres-event-store.ts';
import { rebuildInlineProjections } from './rebuild-inline-projections.ts';
import type { KeptPlace, KeptText } from './store-sealing.ts';
import { SAMPLE_KEYS, SampleSealing } from './testing/sample-sealing.ts';
import { appendOf, contractOf, newStream, sampleStore, step, stepCount } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

/** What would be read of the row if its text counted. */
const FORGED = `SELECT jsonb_build_object('data', jsonb_build_object('step', 'forged', 'weight', 1), 'id', id, 'metadata', '{}'::jsonb,
  'recordedAt', recorded_at, 'schemaVersion', schema_version, 'stream', stream, 'type', 'StepTaken', 'version', version)::text`;
const FINGERPRINT = 'f'.repeat(64);

describe('what the tables hold of a case', () => {
  let database: TestDatabase;
  let sealing: SampleSealing;
  let store: PostgresEventStore;
  let caseId: string;
  let stream: string;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    await database.pool.query(SAMPLE_KEYS);
    await database.pool.query(stepCount.ddl);
  });
  afterAll(() => database.drop());

  beforeEach(() => {
    sealing = new SampleSealing(database.pool);
    store = sampleStore(database.pool, { sealing, inlineProjections: [stepCount] });
    caseId = randomUUID();
    stream = newStream();
  });

  function ofCase(expectedVersion: number, ...events: NewEvent[]): AppendRequest {
    return { ...appendOf(stream, expectedVersion, ...events), caseId };
  }

  function keyed(request: AppendRequest, key: string): AppendRequest {
    const reply = { status: 201, headers: { location: '/v1/canary' }, body: { told: 'canary' } };
    return { ...request, idempotency: { key, fingerprint: FINGERPRINT, reply: () => reply } };
  }

  /** What an erasure does, as far as this store can tell. */
  async function erase(): Promise<void> {
    await database.pool.query('DELETE FROM sample_key WHERE case_id = $1', [caseId]);
    sealing.restart();
  }

  /** Leaves the stream as it was written before events were kept in bytes. */
  async function encryptWholeTexts(): Promise<void> {
    const { rows } = await database.pool.query('SELECT id::text AS id, text FROM es.event WHERE stream = $1', [stream]);
    const texts = new Map(rows.map(({ id, text }) => [id, text]));
    const keys = await sealing.prepare([{ caseId }]);
    await inTransaction(database.pool, async (transaction) => {
      const protect = (place: KeptPlace): KeptText =>
        keys.protect(caseId, place, place.use === 'event' ? texts.get(place.id) : '');
      await replacePlainTexts(transaction, stream, protect);
      await keys.keepKeys(transaction);
    });
  }

  /** A store that was started again: nothing in memory. */
  function restarted(): PostgresEventStore {
    sealing = new SampleSealing(database.pool);
    return sampleStore(database.pool, { sealing });
  }

  test('no private event, reply or type stands readable in the tables', async () => {
    const key = randomUUID();
    await store.append(keyed(ofCase(0, step('canary', contractOf({ n: 1 }))), key));
    await store.append(ofCase(1, step('canary')));

    const events = await database.pool.query('SELECT * FROM es.event WHERE stream = $1', [stream]);
    const replies = await database.pool.query('SELECT * FROM es.idempotency_reply WHERE key = $1', [key]);
    expect([events.rows.length, replies.rows.length]).toEqual([2, 1]);
    expect(events.rows.map(({ type }) => type)).toEqual(['', '']);
    expect(events.rows.map(({ sealed_by }) => sealed_by)).toEqual([expect.any(String), expect.any(String)]);
    const stored = JSON.stringify([
      events.rows,
      replies.rows,
      events.rows.map(({ sealed }) => sealed.toString('latin1')),
    ]);
    for (const secret of ['canary', 'StepTaken', FINGERPRINT, caseId]) expect(stored).not.toContain(secret);
  });

  test('is read as it was appended, from memory and by a process that has to look for the keys', async () => {
    const key = randomUUID();
    const first = await store.append(keyed(ofCase(0, step('first'), step('second')), key));
    const second = await store.append(ofCase(2, step('third')));
    const expected = [...first.events, ...second.events];

    expect(await store.readStream(stream)).toEqual(expected);
    const other = restarted();
    expect(await other.readStream(stream)).toEqual(expected);
    expect(sealing.lookups).toBe(1);
    expect(await other.findReply(key)).toEqual({
      fingerprint: FINGERPRINT,
      reply: { status: 201, headers: { location: '/v1/canary' }, body: { told: 'canary' } },
    });
    await expect(restarted().append(keyed(ofCase(3, step('again')), key))).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      fingerprint: FINGERPRINT,
      reply: { body: { told: 'canary' } },
    });
  });

  test('the private chain verifies without any key', async () => {
    await store.append(ofCase(0, step('first'), step('second')));
    await store.append(ofCase(2, step('third')));
    await erase();

    const { rows } = await database.pool.query(
      'SELECT text, sealed, sealed_by, salt, hash FROM es.event WHERE stream = $1 ORDER BY version',
      [stream],
    );
    expect(rows.map(({ text }) => text)).toEqual(['', '', '']);
    let head = '0'.repeat(64);
    for (const row of rows) {
      head = createHash('sha256').update(head).update(row.salt).update(row.sealed_by).update(row.sealed).digest('hex');
      expect(row.hash).toBe(head);
    }
    const heads = await database.pool.query('SELECT private_head FROM es.stream WHERE name = $1', [stream]);
    expect(heads.rows).toEqual([{ private_head: head }]);
  });

  test('rows from before stay as they are, and the chain goes on over them', async () => {
    const plain = await sampleStore(database.pool).append(appendOf(stream, 0, step('old'), step('older')));
    const later = await store.append(ofCase(2, step('new')));

    expect(await store.readStream(stream)).toEqual([...plain.events, ...later.events]);
    const { rows } = await database.pool.query(
      'SELECT sealed_by, type FROM es.event WHERE stream = $1 ORDER BY version',
      [stream],
    );
    expect(rows.slice(0, 2)).toEqual([
      { sealed_by: null, type: 'StepTaken' },
      { sealed_by: null, type: 'StepTaken' },
    ]);
    expect(rows[2]).toMatchObject({ type: '' });
  });

  test('texts that were encrypted whole, as they were before, are read, and the chain goes on over them', async () => {
    const before = await sampleStore(database.pool).append(appendOf(stream, 0, step('old'), step('older')));
    await encryptWholeTexts();
    store = restarted();
    const later = await store.append(ofCase(2, step('new')));
    const kept = await database.pool.query(
      `SELECT text <> '' AS "isText", sealed IS NOT NULL AS "isBytes", sealed_by IS NULL AS "isPlain", type
       FROM es.event WHERE stream = $1 ORDER BY version`,
      [stream],
    );
    expect(kept.rows).toEqual([
      { isText: true, isBytes: false, isPlain: false, type: '' },
      { isText: true, isBytes: false, isPlain: false, type: '' },
      { isText: false, isBytes: true, isPlain: false, type: '' },
    ]);
    expect(await restarted().readStream(stream)).toEqual([...before.events, ...later.events]);
    const all: RecordedEvent[] = [];
    for await (const page of store.readAll()) all.push(...page.filter((event) => event.stream === stream));
    expect(all).toEqual([...before.events, ...later.events]);
    await erase();
    await expect(restarted().readStream(stream)).rejects.toBeInstanceOf(StreamErasedError);
  });

  test.each([
    ['time', `recorded_at = '2020-01-01T00:00:00.000Z'`],
    ['schema version', 'schema_version = 9'],
    ['bytes', `sealed = sealed || '\\x00'::bytea`],
    ['form', `sealed = NULL`],
    ['text', `text = 'x', sealed = NULL`],
    ['type', `type = 'StepTaken'`],
    ['text beside it', `text = 'x'`],
    ['key', 'sealed_by = NULL'],
    ['name of the key', `sealed_by = 'another'`],
    ['key, with a text in its place,', `sealed_by = NULL, type = 'StepTaken', text = (${FORGED})`],
  ])('an event whose %s was changed is not read', async (_, change) => {
    await store.append(ofCase(0, step('first'), step('second')));
    await database.pool.query(`UPDATE es.event SET ${change} WHERE stream = $1 AND version = 2`, [stream]);
    await expect(store.readStream(stream)).rejects.toBeInstanceOf(StreamCorruptedError);
    await expect(restarted().readStream(stream)).rejects.toBeInstanceOf(StreamCorruptedError);
    await database.pool.query('DELETE FROM es.event WHERE stream = $1', [stream]);
  });

  test('what is of no case stays plain', async () => {
    await store.append(appendOf(stream, 0, step('plain')));
    const { rows } = await database.pool.query('SELECT sealed_by FROM es.event WHERE stream = $1', [stream]);
    expect(rows).toEqual([{ sealed_by: null }]);
    expect(await restarted().readStream(stream)).toHaveLength(1);
    expect(sealing.lookups).toBe(0);
  });

  test('an erased stream reads as erased, and so do its replies', async () => {
    const key = randomUUID();
    const plain = { ...keyed(appendOf(newStream(), 0, step('of no case')), randomUUID()) };
    await store.append(plain);
    await store.append(keyed(ofCase(0, step('first')), key));
    await erase();

    await expect(store.readStream(stream)).rejects.toBeInstanceOf(StreamErasedError);
    await expect(store.readStream(stream)).rejects.toMatchObject({ code: 'CASE_ERASED', kind: 'gone' });
    await expect(store.findReply(key)).rejects.toBeInstanceOf(StreamErasedError);
    await expect(store.append(keyed(ofCase(1, step('again')), key))).rejects.toBeInstanceOf(StreamErasedError);
    expect(await store.readStream(plain.stream)).toHaveLength(1);
  });

  test('a corrupted row is told from an erased one', async () => {
    await store.append(ofCase(0, step('first'), step('second')));
    await erase();
    await database.pool.query(`UPDATE es.event SET sealed = sealed || 'A'::bytea WHERE stream = $1 AND version = 2`, [
      stream,
    ]);
    await expect(store.readStream(stream)).rejects.toBeInstanceOf(StreamCorruptedError);
  });

  test('a text that was moved to another place with its hash does not open there', async () => {
    await store.append(ofCase(0, step('first')));
    const other = newStream();
    await database.pool.query(
      `INSERT INTO es.event (stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed)
       SELECT $2, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed FROM es.event WHERE stream = $1`,
      [stream, other],
    );
    await database.pool.query(
      `INSERT INTO es.stream (name, version, private_head, published_version, published_head)
       SELECT $2, version, private_head, published_version, published_head FROM es.stream WHERE name = $1`,
      [stream, other],
    );
    await expect(store.readStream(other)).rejects.toBeInstanceOf(StreamCorruptedError);
    await database.pool.query('DELETE FROM es.event WHERE stream = $1', [other]);
  });

  test('a rebuild goes on over erased events', async () => {
    const kept = newStream();
    await store.append(ofCase(0, step('first'), step('second')));
    await store.append({ ...appendOf(kept, 0, step('other')), caseId: randomUUID() });
    await erase();

    const all: RecordedEvent[] = [];
    for await (const page of store.readAll()) all.push(...page);
    const erased = all.filter((event) => event.stream === stream);
    expect(erased).toEqual(
      [1, 2].map((version) => expect.objectContaining({ version, type: '', data: {}, erased: true })),
    );
    expect(all.find((event) => event.stream === kept)).toMatchObject({ type: 'StepTaken', data: { step: 'other' } });
    await rebuildInlineProjections(store, [stepCount], database.pool);
    const { rows } = await database.pool.query('SELECT stream, steps FROM step_count WHERE stream = ANY ($1)', [
      [stream, kept],
    ]);
    expect(rows).toEqual([{ stream: kept, steps: 1 }]);
  });

  test('an append to a case whose keys are in memory, or that it opens, looks for none', async () => {
    await store.append({ ...ofCase(0, step('first')), opensCase: true });
    await store.append(ofCase(1, step('second')));
    expect(sealing.lookups).toBe(0);
  });

  test('appends to one new case at the same time share its keys, whoever writes them', async () => {
    const others = [randomUUID(), randomUUID()].map(() =>
      sampleStore(database.pool, { sealing: new SampleSealing(database.pool) }),
    );
    const streams = Array.from({ length: 12 }, () => newStream());
    await Promise.all(
      streams.map((name, index) => {
        const one = [store, ...others][index % 3] as PostgresEventStore;
        const request = { ...appendOf(name, 0, step('first')), caseId, opensCase: index % 2 === 0 };
        return one.append(request);
      }),
    );
    const keys = await database.pool.query('SELECT id FROM sample_key WHERE case_id = $1', [caseId]);
    expect(keys.rows).toHaveLength(1);
    const used = await database.pool.query('SELECT DISTINCT sealed_by FROM es.event WHERE stream = ANY ($1)', [
      streams,
    ]);
    expect(used.rows).toEqual([{ sealed_by: keys.rows[0].id }]);
    for (const name of streams) expect(await restarted().readStream(name)).toHaveLength(1);
  });

  describe('in a transaction of the caller', () => {
    test('keys begin with it, and it reads what it wrote', async () => {
      const next = newStream();
      await inTransaction(database.pool, async (client) => {
        await store.appendWithin(client, ofCase(0, step('first')));
        await store.appendWithin(client, { ...appendOf(next, 0, step('other')), caseId });
        expect(await store.readStream(stream, client)).toHaveLength(1);
        expect(await store.readStream(next, client)).toHaveLength(1);
      });
      expect(await restarted().readStream(stream)).toHaveLength(1);
      expect(await restarted().readStream(next)).toHaveLength(1);
    });

    test('keys go with a rollback, and nothing is ever kept under them', async () => {
      const rolledBack = inTransaction(database.pool, async (client) => {
        await store.appendWithin(client, ofCase(0, step('first')));
        expect(await store.readStream(stream, client)).toHaveLength(1);
        throw new Error('rolled back');
      });
      await expect(rolledBack).rejects.toThrow('rolled back');
      expect((await database.pool.query('SELECT FROM sample_key WHERE case_id = $1', [caseId])).rowCount).toBe(0);

      await store.append(ofCase(0, step('again')));
      expect(await restarted().readStream(stream)).toMatchObject([{ data: { step: 'again' } }]);
    });

    test('a refused append keeps no keys', async () => {
      await inTransaction(database.pool, async (client) => {
        await expect(store.appendWithin(client, ofCase(3, step('late')))).rejects.toBeInstanceOf(StreamConflictError);
      });
      expect((await database.pool.query('SELECT FROM sample_key WHERE case_id = $1', [caseId])).rowCount).toBe(0);
    });

    test('keys that another began meanwhile make it one to be tried again', async () => {
      const other = sampleStore(database.pool, { sealing: new SampleSealing(database.pool) });
      const work = inTransaction(database.pool, async (client) => {
        const late = new LateSealing(database.pool, () =>
          other.append({ ...appendOf(newStream(), 0, step('other')), caseId }),
        );
        await sampleStore(database.pool, { sealing: late }).appendWithin(client, ofCase(0, step('first')));
      });
      await expect(work).rejects.toMatchObject({ name: 'StreamMovedError', code: '40001' });
    });

    test('a reply that was kept before is told from one that is new', async () => {
      const key = randomUUID();
      await store.append(keyed(ofCase(0, step('first')), key));
      await inTransaction(database.pool, async (client) => {
        const twin = restarted().appendWithin(client, keyed(ofCase(1, step('again')), key));
        await expect(twin).rejects.toBeInstanceOf(IdempotencyConflictError);
      });
    });
  });
});

/** Lets something happen between looking for keys and writing them. */
class LateSealing extends SampleSealing {
  readonly #meanwhile: () => Promise<unknown>;

  constructor(database: ConstructorParameters<typeof SampleSealing>[0], meanwhile: () => Promise<unknown>) {
    super(database);
    this.#meanwhile = meanwhile;
  }

  override async prepare(...given: Parameters<SampleSealing['prepare']>): ReturnType<SampleSealing['prepare']> {
    const prepared = await super.prepare(...given);
    await this.#meanwhile();
    return prepared;
  }
}
