import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { eventually } from './eventually.ts';

/** A database of its own for one spec file. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run through jest with its global set-up');
  return url;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  client.on('error', () => {}); // the statement under way rejects by itself
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function openDatabase(name: string): TestDatabase {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 20 });
  pool.on('error', () => {}); // the server going away under an idle client is part of some specs
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/**
 * Copies a database as it stands, as a cold backup does. Nobody may use it meanwhile: all its connections are ended, and its
 * pool opens new ones.
 */
export async function copyTestDatabase(database: TestDatabase): Promise<TestDatabase> {
  const source = new URL(database.url).pathname.slice(1);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`ALTER DATABASE ${source} ALLOW_CONNECTIONS false`);
  await onServer(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${source}'`);
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${source}`);
  await onServer(`ALTER DATABASE ${source} ALLOW_CONNECTIONS true`);
  await eventually(() => database.pool.query('SELECT 1'));
  return openDatabase(name);
}

/** Creates an empty database, runs the migrations in order, and opens a pool on it. */
export async function createTestDatabase(
  migrations: readonly (new () => MigrationInterface)[] = [],
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const database = openDatabase(name);
  const dataSource = new DataSource({ type: 'postgres', url: database.url, migrations: [...migrations] });
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: 'all' });
  await dataSource.destroy();
  return database;
}
