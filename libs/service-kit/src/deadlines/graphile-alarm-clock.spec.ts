import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { eventually, type TestDatabase } from '@acogida/testing';
import pg from 'pg';
import { createBedDatabase, later, SetClock, startBedProcess } from '../testing/scheduled-beds.ts';

import { GraphileAlarmClock, JOB_SCHEMA, migrateJobs } from './graphile-alarm-clock.ts';

describe('an alarm clock of jobs', () => {
  let database: TestDatabase;
  let clock: SetClock;
  let alarm: GraphileAlarmClock;
  let wakes: number;
  let errors: unknown[];

  beforeEach(async () => {
    database = await createBedDatabase();
    await migrateJobs(database.url);
    clock = new SetClock();
    wakes = 0;
    errors = [];
    alarm = new GraphileAlarmClock({
      ...{ pool: database.pool, databaseUrl: database.url, clock, pollIntervalMs: 20, restartDelayMs: 20 },
      onError: (error) => void errors.push(error),
    });
  });
  afterEach(async () => {
    await alarm.stop();
    await database.drop();
  });

  async function jobs(): Promise<readonly { readonly run_in_ms: number }[]> {
    const { rows } = await database.pool.query<{ run_in_ms: number }>(
      `SELECT (extract(epoch FROM run_at - created_at) * 1000)::float AS run_in_ms FROM ${JOB_SCHEMA}.jobs ORDER BY run_at`,
    );
    return rows;
  }

  async function start(): Promise<void> {
    await alarm.start(async () => void (wakes += 1));
  }

  it('wakes for what was wanted before it was started, and for what is wanted then', async () => {
    await alarm.wakeAt(later(clock.at, -5));
    await start();
    await eventually(() => expect(wakes).toBe(1));
    await eventually(async () => expect(await jobs()).toEqual([]));
    await alarm.wakeAt(clock.at);
    await eventually(() => expect(wakes).toBe(2));
    expect(errors).toEqual([]);
  });

  it('counts the time until then from the clock of the node', async () => {
    clock.at = '2001-01-01T00:00:00.000Z';
    await alarm.wakeAt(later(clock.at, 90));
    expect(await jobs()).toEqual([{ run_in_ms: 90 * 60_000 }]);
  });

  it('wants nothing of a transaction that was rolled back', async () => {
    const work = inTransaction(database.pool, async (transaction) => {
      await alarm.wakeAt(clock.at, transaction);
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await jobs()).toEqual([]);
  });

  it('has one job stand in for those that are later, and adds one for an earlier one', async () => {
    await alarm.wakeAt(later(clock.at, 20));
    await alarm.wakeAt(later(clock.at, 30));
    await alarm.wakeAt(later(clock.at, 20));
    expect(await jobs()).toEqual([{ run_in_ms: 20 * 60_000 }]);
    await alarm.wakeAt(later(clock.at, 10));
    expect(await jobs()).toHaveLength(2);
  });

  it('holds neither stream nor case nor anything else of a deadline in its tables', async () => {
    const { keepBed, command } = startBedProcess(database, clock, { alarm });
    const ids = [await keepBed(later(clock.at, 60)), await keepBed(later(clock.at, 30))];
    await command(randomUUID(), { type: 'KeepBed', until: later(clock.at, 10) });
    expect((await jobs()).length).toBeGreaterThan(0);
    const { rows: tables } = await database.pool.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
        WHERE table_schema = '${JOB_SCHEMA}' AND table_type = 'BASE TABLE'`,
    );
    expect(tables.length).toBeGreaterThan(2);
    let text = '';
    for (const { name } of tables) {
      const { rows } = await database.pool.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
      text += rows.map(({ row }) => row).join('\n');
    }
    expect(text).toContain('look-at-deadlines');
    for (const word of [...ids, 'bed', 'ARRIVE', 'cr-border-intake']) expect(text).not.toContain(word);
  });

  it('handles a deadline with nobody looking', async () => {
    const { deadlines, keepBed, historyOf } = startBedProcess(database, clock, { alarm, onError: () => {} });
    await deadlines.start();
    const kept = await keepBed(clock.at);
    await eventually(async () => expect(await historyOf(kept)).toEqual(['BedKept', 'DeadlineMissed']));
    await deadlines.stop();
  });

  async function breakConnections(): Promise<void> {
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'acogida-alarm' AND datname = current_database()`,
    );
  }

  it('goes on when its connections break', async () => {
    await start();
    await alarm.wakeAt(clock.at);
    await eventually(() => expect(wakes).toBe(1));
    await breakConnections();
    await alarm.wakeAt(clock.at);
    await eventually(() => expect(wakes).toBe(2));
    expect(errors.length).toBeGreaterThan(0);
  });

  it('goes on when the end of a wake-up cannot be noted', async () => {
    await database.pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a full disk'; END $$;
      CREATE TRIGGER refuse BEFORE DELETE ON ${JOB_SCHEMA}._private_jobs EXECUTE FUNCTION refuse()`);
    await start();
    await alarm.wakeAt(clock.at);
    await eventually(() => expect(errors.map((error) => (error as Error).message)).toContain('a full disk'));
    await database.pool.query(`DROP TRIGGER refuse ON ${JOB_SCHEMA}._private_jobs`);
    await alarm.wakeAt(clock.at);
    await eventually(() => expect(wakes).toBe(2));
  });

  it('waits for a database that is away, and stops while it is', async () => {
    const url = new URL(database.url);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const server = new pg.Client({ connectionString: url.href });
    await server.connect();
    try {
      await alarm.wakeAt(clock.at);
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await start();
      await eventually(() => expect(errors.length).toBeGreaterThan(1));
      expect(wakes).toBe(0);
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await eventually(() => expect(wakes).toBe(1));
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await breakConnections();
      await alarm.stop();
    } finally {
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await server.end();
    }
  });

  it('takes its tables as they are when they are there already', async () => {
    await migrateJobs(database.url);
    await alarm.wakeAt(clock.at);
    expect(await jobs()).toHaveLength(1);
  });

  it('stops before it was started, and twice', async () => {
    await alarm.stop();
    await alarm.stop();
    await start();
    await alarm.wakeAt(clock.at);
    expect(await jobs()).toHaveLength(1);
    expect(wakes).toBe(0);
  });
});
