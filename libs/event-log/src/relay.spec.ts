import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventStoreMigrations } from '@acogida/event-store';
import { decodePath, decodeStatement, leafHash, verifyInclusion, verifyStatement } from '@acogida/ledger';
import { DevelopmentSealer } from '@acogida/sealing';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { relayCounts } from './counts.ts';
import { parseEnvelope, PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import { MemoryEventLog, MemoryLogStore } from './memory-log.ts';
import { eventLogMigrations } from './migrations.ts';
import { type LogRecord, topicOf } from './port.ts';
import { Relay } from './relay.ts';
import { RelayDeposedError, type RelayOptions, TopicAheadError } from './relay-port.ts';
import { inStreamOrder } from './relay-sequencing.ts';

const AGENCY = 'cr-border-intake';
const TOPIC = topicOf(AGENCY);
const keys = generateKeyPairSync('ed25519');
const sealer = new DevelopmentSealer(Buffer.alloc(32, 7));

let database: TestDatabase;
let log: MemoryEventLog;

beforeAll(async () => {
  database = await createTestDatabase([...eventStoreMigrations, ...eventLogMigrations]);
});

beforeEach(async () => {
  log = new MemoryEventLog(new MemoryLogStore());
  await log.ensureTopic(TOPIC);
  await database.pool.query(
    `TRUNCATE es.outbox, relay.batch, relay.published;
     UPDATE relay.cursor SET term = 0, last_number = 0, frontier = '0', published_through = 0, compared_through = 0`,
  );
});

afterAll(async () => {
  await database.drop();
});

function relayOf(changes: Partial<RelayOptions> = {}): Relay {
  const signer = { keyId: 'signing-1', privateKey: keys.privateKey };
  return new Relay({ agencyId: AGENCY, pool: database.pool, log, signer, ...changes });
}

/** Commits outbox rows as the event store does; returns the event ids. */
async function commit(count: number, stream = randomUUID()): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const [index, id] of ids.entries()) {
    const sealed = sealer.seal({ id, source: AGENCY, class: 'case', caseId: stream, text: '{}' });
    await database.pool.query(
      `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, time, clock)
       VALUES ($1, $2, $3, 'case', $4, $5, $6, '2026-11-22T09:00:00.000Z', '1795338000000-000000')`,
      [id, stream, index + 1, sealed.subject, sealed.keyId, sealed.data],
    );
  }
  return ids;
}

async function published(): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const page of log.read(TOPIC, 0n)) records.push(...page);
  return records;
}

const numberOf = (record: LogRecord): number => parseEnvelope(record.value).number;

describe('sequencing', () => {
  it('gives committed events the next numbers without gap, under signed statements that verify', async () => {
    const relay = relayOf();
    await relay.takeOver();
    const ids = [...(await commit(3)), ...(await commit(2))];
    expect(await relay.sequence()).toBe(5);
    const more = await commit(1);
    expect(await relay.sequence()).toBe(1);
    expect(await relay.sequence()).toBe(0);
    expect(await relay.publish()).toBe(6);

    const records = await published();
    expect(records.map(numberOf)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(records.map(({ value }) => parseEnvelope(value).id)).toEqual([...ids, ...more]);
    for (const record of records) {
      const signed = decodeStatement(record.headers[STATEMENT_HEADER] ?? '');
      const statement = verifyStatement(keys.publicKey, signed);
      const included = verifyInclusion({
        leaf: leafHash(record.value),
        index: numberOf(record) - statement.first,
        size: statement.last - statement.first + 1,
        path: decodePath(record.headers[PATH_HEADER] ?? '-') ?? [],
        root: statement.batchRoot,
      });
      expect(included).toBe(true);
      expect(statement).toMatchObject({ agency: AGENCY, incarnation: 1, keyId: 'signing-1', treeSize: statement.last });
    }
    expect(await relayCounts(database.pool)).toEqual({ committed: 6, sequenced: 6, published: 6 });
  });

  it('signs at most 500 events at once', async () => {
    await database.pool.query(
      `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, data, time, clock)
       SELECT gen_random_uuid(), 'agency-a', n, 'directory', 'directory', '{}', '2026-11-22T09:00:00.000Z', ''
         FROM generate_series(1, 501) AS n`,
    );
    const relay = relayOf();
    await relay.takeOver();
    expect(await relay.sequence()).toBe(501);
    const { rows } = await database.pool.query('SELECT first_number, last_number FROM relay.batch ORDER BY 1');
    expect(rows).toEqual([
      { first_number: 1, last_number: 500 },
      { first_number: 501, last_number: 501 },
    ]);
  });

  it('keeps version order within a stream whatever the order of ids', () => {
    const rows = [
      { stream: 'a', publishedVersion: 2 },
      { stream: 'b', publishedVersion: 1 },
      { stream: 'a', publishedVersion: 1 },
    ];
    expect(inStreamOrder(rows)).toEqual([
      { stream: 'a', publishedVersion: 1 },
      { stream: 'b', publishedVersion: 1 },
      { stream: 'a', publishedVersion: 2 },
    ]);
  });

  it('rolls everything back when one event cannot be written', async () => {
    await commit(1);
    await database.pool.query(`UPDATE es.outbox SET subject = ''`);
    const relay = relayOf();
    await relay.takeOver();
    await expect(relay.sequence()).rejects.toThrow('subject');
    expect(await relayCounts(database.pool)).toEqual({ committed: 1, sequenced: 0, published: 0 });
  });
});

describe('publishing', () => {
  it('publishes the same bytes again after a crash between publishing and moving the cursor', async () => {
    await commit(3);
    const first = relayOf();
    await first.takeOver();
    await first.sequence();
    await first.publish();
    const before = await published();
    await database.pool.query('UPDATE relay.cursor SET published_through = 0');

    const second = relayOf();
    await second.takeOver();
    await second.publish();
    const records = await published();
    expect(records).toHaveLength(6);
    expect(records.slice(3).map(({ value, headers }) => ({ value, headers }))).toEqual(
      before.map(({ value, headers }) => ({ value, headers })),
    );
  });

  it('publishes after a crash what was sequenced before it', async () => {
    await commit(2);
    const first = relayOf();
    await first.takeOver();
    await first.sequence();
    const { rows } = await database.pool.query<{ bytes: string }>('SELECT bytes FROM relay.published ORDER BY number');

    const second = relayOf();
    await second.takeOver();
    await second.sequence();
    await second.publish();
    expect((await published()).map(({ value }) => value)).toEqual(rows.map(({ bytes }) => bytes));
  });

  it('publishes again what the topic has lost', async () => {
    await commit(3);
    const relay = relayOf();
    await relay.takeOver();
    await relay.sequence();
    await relay.publish();
    const kept = (await published()).slice(0, 1);
    log = new MemoryEventLog();
    await log.ensureTopic(TOPIC);
    await log.publish(TOPIC, kept);

    const next = relayOf();
    await next.start();
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1, 2, 3]));
    await next.stop();
  });

  it('publishes again what the log lost while the relay ran, before anything new', async () => {
    const store = new MemoryLogStore();
    log = new MemoryEventLog(store);
    let away = false;
    const failing = new (class extends MemoryEventLog {
      override async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
        if (away) throw new Error('the log is away');
        await super.publish(topic, records);
      }
    })(store);
    const errors: unknown[] = [];
    const relay = relayOf({ log: failing, onError: (error) => errors.push(error) });
    await commit(3);
    await relay.start();
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1, 2, 3]));

    away = true;
    store.topics.get(TOPIC)?.splice(1);
    await commit(1);
    relay.wake();
    await eventually(() => expect(errors.length).toBeGreaterThan(0));
    away = false;
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1, 2, 3, 4]));
    expect(await relayCounts(database.pool)).toEqual({ committed: 4, sequenced: 4, published: 4 });
    await relay.stop();
  });

  it('publishes again from the first number that the topic lacks, however far back, also behind newer ones', async () => {
    const store = new MemoryLogStore();
    log = new MemoryEventLog(store);
    await commit(3);
    const first = relayOf();
    await first.start();
    await eventually(async () => expect(await published()).toHaveLength(3));
    await first.stop();
    store.topics.get(TOPIC)?.splice(1);
    await database.pool.query(
      `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, data, time, clock)
       SELECT gen_random_uuid(), 'agency-a', n, 'directory', 'directory', '{}', '2026-11-22T09:00:00.000Z', ''
         FROM generate_series(1, 700) AS n`,
    );
    const unaware = relayOf();
    await unaware.takeOver();
    await unaware.sequence();
    await unaware.publish();

    const next = relayOf();
    await next.start();
    const from = (start: number): number[] => Array.from({ length: 704 - start }, (_, index) => start + index);
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1, ...from(4), ...from(2)]));
    await next.stop();
  });

  it('looks back no further than to where the topic was whole before', async () => {
    const readFrom: bigint[] = [];
    const store = new MemoryLogStore();
    log = new (class extends MemoryEventLog {
      override read(topic: string, from: bigint): ReturnType<MemoryEventLog['read']> {
        readFrom.push(from);
        return super.read(topic, from);
      }
    })(store);
    await log.ensureTopic(TOPIC);
    const lookOnce = async (): Promise<void> => {
      let compared = false;
      const relay = relayOf({ onTailCompared: () => (compared = true) });
      await relay.start();
      await eventually(() => expect(compared).toBe(true));
      await relay.stop();
    };
    const writer = relayOf();
    await writer.takeOver();
    await commit(300);
    await writer.sequence();
    await writer.publish();
    await lookOnce();
    expect(readFrom.splice(0)).toEqual([200n, 0n]);
    await lookOnce();
    expect(readFrom).toEqual([200n]);
  });
});

describe('two relays', () => {
  it('of one node: the older one is deposed and writes nothing more', async () => {
    const older = relayOf();
    await older.takeOver();
    const newer = relayOf();
    await newer.takeOver();
    await commit(1);
    await expect(older.sequence()).rejects.toThrow(RelayDeposedError);
    await expect(older.publish()).rejects.toThrow(RelayDeposedError);
    expect(await newer.sequence()).toBe(1);
    expect(await newer.publish()).toBe(1);
  });

  it('started one after the other: the older one stops and says so', async () => {
    const errors: unknown[] = [];
    const older = relayOf({ onError: (error) => errors.push(error) });
    await older.start();
    const newer = relayOf();
    await newer.start();
    older.wake();
    await eventually(() => expect(errors).toEqual([expect.any(RelayDeposedError)]));
    await older.stop();
    await commit(1);
    newer.wake();
    await eventually(async () => expect(await published()).toHaveLength(1));
    await newer.stop();
  });
});

describe('a running relay', () => {
  it('publishes what is committed when it is woken, and by its poll when it is not', async () => {
    const relay = relayOf({ pollIntervalMs: 20 });
    await relay.start();
    await commit(1);
    relay.wake();
    relay.wake();
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1]));
    await commit(1);
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1, 2]));
    await relay.stop();
  });

  it('publishes while commits keep coming, and stops in the middle of them', async () => {
    // Every batch that is sequenced finds one event more to sequence.
    await database.pool.query(`
      CREATE FUNCTION one_more() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
        INSERT INTO es.outbox (event_id, stream, published_version, class, subject, data, time, clock)
        VALUES (gen_random_uuid(), gen_random_uuid()::text, 1, 'directory', 'directory', '{}', '2026-11-22T09:00:00.000Z', '');
        RETURN NULL;
      END $body$;
      CREATE TRIGGER one_more AFTER INSERT ON relay.batch FOR EACH ROW EXECUTE FUNCTION one_more()`);
    const relay = relayOf();
    await commit(1);
    await relay.start();
    await eventually(async () => expect((await published()).length).toBeGreaterThan(3));
    await relay.stop();
    await database.pool.query('DROP TRIGGER one_more ON relay.batch; DROP FUNCTION one_more');
  });

  it('waits before it tries again, however often it is woken', async () => {
    let attempts = 0;
    const away = new (class extends MemoryEventLog {
      override async end(): Promise<bigint> {
        attempts += 1;
        throw new Error('the log is away');
      }
    })();
    const relay = relayOf({ log: away });
    await relay.start();
    await eventually(() => expect(attempts).toBe(1));
    for (let turn = 0; turn < 100; turn += 1) {
      relay.wake();
      await database.pool.query('SELECT 1');
    }
    await relay.stop();
    expect(attempts).toBeLessThan(10);
  });

  it('goes on after the log was away', async () => {
    const errors: unknown[] = [];
    let away = true;
    const store = new MemoryLogStore();
    log = new MemoryEventLog(store);
    const flaky = new (class extends MemoryEventLog {
      override async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
        if (away) throw new Error('the log is away');
        await super.publish(topic, records);
      }
    })(store);
    const relay = relayOf({ log: flaky, onError: (error) => errors.push(error) });
    await commit(2);
    await relay.start();
    await eventually(() => expect(errors.length).toBeGreaterThan(1));
    expect(await relayCounts(database.pool)).toEqual({ committed: 2, sequenced: 2, published: 0 });
    away = false;
    await eventually(async () => expect((await published()).map(numberOf)).toEqual([1, 2]));
    await relay.stop();
  });

  it('refuses to go on when the topic is ahead of its database', async () => {
    await commit(2);
    const relay = relayOf();
    await relay.takeOver();
    await relay.sequence();
    await relay.publish();
    await database.pool.query(
      `TRUNCATE es.outbox, relay.batch, relay.published;
       UPDATE relay.cursor SET last_number = 0, frontier = '0', published_through = 0`,
    );
    await commit(1);
    const errors: unknown[] = [];
    const restored = relayOf({ onError: (error) => errors.push(error) });
    await restored.start();
    await eventually(() => expect(errors).toEqual([expect.any(TopicAheadError)]));
    await restored.stop();
    expect(await relayCounts(database.pool)).toEqual({ committed: 1, sequenced: 0, published: 0 });
  });
});
