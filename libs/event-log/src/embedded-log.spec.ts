import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { createTestDatabase, describeLogConformance, eventually, type TestDatabase } from '@acogida/testing';
import pg from 'pg';
import { createLogTables, SCHEMA_LOCK } from './embedded-log-schema.ts';
import { COMMIT, CONNECTION_OPTIONS, NEXT_PAGE } from './embedded-log-statements.ts';
import { EmbeddedEventLog } from './embedded-log.ts';
import { UnknownTopicError } from './log-limits.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

function openLog(): EmbeddedEventLog {
  return new EmbeddedEventLog({ databaseUrl: database.url });
}

async function endConnections(): Promise<void> {
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'acogida-log%'`,
  );
}

describeLogConformance('EmbeddedEventLog', async () => openLog());

describe('EmbeddedEventLog', () => {
  it('creates its tables when six nodes start at once', async () => {
    const fresh = await createTestDatabase();
    const logs = Array.from({ length: 6 }, () => new EmbeddedEventLog({ databaseUrl: fresh.url }));
    await Promise.all(logs.map((log, index) => log.ensureTopic(`topic-${index % 2}`)));
    const { rows } = await fresh.pool.query('SELECT topic, next_position FROM log_topic ORDER BY topic');
    await Promise.all(logs.map((log) => log.close()));
    await fresh.drop();
    expect(rows).toEqual([
      { topic: 'topic-0', next_position: '0' },
      { topic: 'topic-1', next_position: '0' },
    ]);
  });

  it('outlives a server that goes without a word while the tables are made', async () => {
    const holder = await database.pool.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [SCHEMA_LOCK]);
    const pool = new pg.Pool({ connectionString: database.url });
    let socket: Socket | undefined;
    pool.on('connect', (client) => {
      socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    });
    const refused = expect(createLogTables(pool)).rejects.toThrow('Connection terminated');
    await eventually(async () => {
      const { rowCount } = await database.pool.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      );
      expect(rowCount).toBe(1);
    });
    // As a SIGKILL does: the connection ends and nobody says why.
    socket?.destroy();
    await refused;
    await holder.query('SELECT pg_advisory_unlock($1)', [SCHEMA_LOCK]);
    holder.release();
    await createLogTables(pool);
    await pool.end();
  });

  it('refuses to write to a topic that does not exist', async () => {
    const log = openLog();
    await expect(log.publish('nowhere', [{ value: '1', headers: {} }])).rejects.toThrow(UnknownTopicError);
    expect(await log.end('nowhere')).toBe(0n);
    await log.close();
  });

  it('goes on when every connection was cut, without losing or reordering', async () => {
    const log = openLog();
    const topic = 'cut';
    await log.ensureTopic(topic);
    const got: string[] = [];
    await log.subscribe({
      group: 'reader',
      topics: [topic],
      from: 'beginning',
      handler: async (_topic, records) => void got.push(...records.map((record) => record.value)),
    });
    await log.publish(topic, [{ value: '0', headers: {} }]);
    await eventually(() => expect(got).toEqual(['0']));
    await endConnections();
    await eventually(() => log.publish(topic, [{ value: '1', headers: {} }]));
    await eventually(() => expect(new Set(got)).toEqual(new Set(['0', '1'])));
    await eventually(() => log.publish(topic, [{ value: '2', headers: {} }]));
    await eventually(() => expect(got.at(-1)).toBe('2'));
    await log.close();
    expect([...new Set(got)]).toEqual(['0', '1', '2']);
  });

  it('wakes by notification, long before the poll', async () => {
    const log = new EmbeddedEventLog({ databaseUrl: database.url, pollIntervalMs: 3_600_000 });
    await log.ensureTopic('woken');
    const got: string[] = [];
    await log.subscribe({
      group: 'reader',
      topics: ['woken'],
      from: 'beginning',
      handler: async (_topic, records) => void got.push(...records.map((record) => record.value)),
    });
    for (const value of ['0', '1', '2']) {
      await log.publish('woken', [{ value, headers: {} }]);
      await eventually(() => expect(got.at(-1)).toBe(value));
    }
    await log.close();
    expect(got).toEqual(['0', '1', '2']);
  });

  it('polls when no notification comes', async () => {
    const log = new EmbeddedEventLog({ databaseUrl: database.url, pollIntervalMs: 100 });
    await log.ensureTopic('polled');
    const got: string[] = [];
    await log.subscribe({
      group: 'reader',
      topics: ['polled'],
      from: 'beginning',
      handler: async (_topic, records) => void got.push(...records.map((record) => record.value)),
    });
    await database.pool.query(
      `WITH written AS (INSERT INTO log_record VALUES ('polled', 0, 'quiet', '{}'))
       UPDATE log_topic SET next_position = 1 WHERE topic = 'polled'`,
    );
    await eventually(() => expect(got).toEqual(['quiet']));
    await log.close();
  });

  it.each([
    ['next', NEXT_PAGE, ['reader', 'long']],
    ['that follows a commit', COMMIT, ['reader', 'long', '0']],
  ] as const)(
    'finds the page %s in its order, without sorting what is left of the topic',
    async (_, { text }, values) => {
      const log = openLog();
      await log.ensureTopic('long');
      await log.publish(
        'long',
        Array.from({ length: 2_000 }, () => ({ value: 'long', headers: {} })),
      );
      await log.close();
      await database.pool.query('ANALYZE log_record');
      const client = new pg.Client({ connectionString: database.url, options: CONNECTION_OPTIONS });
      await client.connect();
      const { rows } = await client.query(`EXPLAIN ${text}`, [...values]);
      await client.end();
      expect(JSON.stringify(rows)).not.toContain('Sort');
    },
  );

  it('says so when records were removed behind its back, instead of reading for ever', async () => {
    const log = openLog();
    await log.ensureTopic('emptied');
    await log.publish('emptied', [{ value: 'gone', headers: {} }]);
    await database.pool.query(`DELETE FROM log_record WHERE topic = 'emptied'`);
    const reading = async (): Promise<void> => {
      for await (const page of log.read('emptied', 0n)) expect(page).toEqual([]);
    };
    await expect(reading()).rejects.toThrow('lacks its records');
    await log.close();
  });
});
