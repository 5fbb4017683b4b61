import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

/** Runs migrations in order on an empty database. */
export async function migrate(
  databaseUrl: string,
  migrations: readonly (new () => MigrationInterface)[],
): Promise<void> {
  const dataSource = new DataSource({ type: 'postgres', url: databaseUrl, migrations: [...migrations] });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await dataSource.destroy();
  }
}

/** Runs statements on one connection, one after another. */
export async function onDatabase<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {}); // the query in flight rejects as well
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
