import { eventLogMigrations } from '@acogida/event-log';
import { eventStoreMigrations } from '@acogida/event-store';
import { sealingMigrations } from '@acogida/sealing';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { agencyChannelMigrations } from '../agency-channel/create-known-address-table.migration.ts';
import { auditMigrations } from '../audit/create-audit-table.migration.ts';
import { caseKeysMigrations } from '../case-keys/create-peer-offer-key-table.migration.ts';
import { deadlineMigrations } from '../deadlines/create-deadline-tables.migration.ts';
import { migrateJobs } from '../deadlines/graphile-alarm-clock.ts';
import { directoryViewMigrations } from '../directory-view/create-known-entry-table.migration.ts';
import { trustMigrations } from '../trust/create-trust-table.migration.ts';
import { erasureMigrations } from '../erasure/create-erasure-order-table.migration.ts';
import { isTransientQueryError } from '../http/transient-database-error.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { entityPool } from './open-connections.ts';

/** Any constant that nothing else in a node's database locks. */
const MIGRATION_LOCK = 4_170_226_330;
const RETRY_DELAY_MS = 500;

/** All migrations of a node, in the order they build on each other: those that every node has, then its read models. */
export function migrationsOf(definition: NodeDefinition): readonly (readonly (new () => MigrationInterface)[])[] {
  return [
    eventStoreMigrations,
    sealingMigrations,
    eventLogMigrations,
    deadlineMigrations,
    auditMigrations,
    trustMigrations,
    directoryViewMigrations,
    caseKeysMigrations,
    erasureMigrations,
    agencyChannelMigrations,
    definition.migrations,
  ];
}

/** Waits between attempts at something that PostgreSQL must be up for. */
export async function whileDatabaseComesUp<T>(
  work: () => Promise<T>,
  onRetry: () => void,
  signal?: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransientQueryError(error) || signal?.aborted === true) throw error;
    }
    onRetry();
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_DELAY_MS);
    });
  }
}

/**
 * Runs the migrations that are missing, one node process at a time: an advisory lock is held meanwhile, and given back by
 * the server if this process dies.
 */
export async function migrate(databaseUrl: string, definition: NodeDefinition): Promise<void> {
  const holder = new pg.Client({ connectionString: databaseUrl, application_name: 'acogida-migrate' });
  holder.on('error', () => {}); // the query under way rejects by itself
  await holder.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    for (const migrations of migrationsOf(definition)) await runMigrations(databaseUrl, migrations);
    await migrateJobs(databaseUrl);
  } finally {
    await holder.end();
  }
}

/** Runs those of one part that are missing. */
export async function runMigrations(
  databaseUrl: string,
  migrations: readonly (new () => MigrationInterface)[],
): Promise<void> {
  const dataSource = new DataSource({
    ...entityPool(databaseUrl, { max: 1 }),
    migrations: [...migrations],
    migrationsTableName: 'migrations',
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}
