import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '@acogida/operations';
import pg from 'pg';
import { initialiseCluster, serverCommand } from '../postgres/index.ts';
import { type DataDir, StartRefusedError } from './data-dir.ts';
import { HOST } from './ports.ts';
import { commandLineOf, endLeftover } from './running-process.ts';
import type { ProcessDefinition } from './supervised-process.ts';

const USER = 'acogida';
const SETTINGS = [
  'max_connections=250',
  'shared_buffers=128MB',
  'synchronous_commit=on',
  'fsync=on',
  `listen_addresses=${HOST}`,
  'unix_socket_directories=',
  'max_wal_size=2GB',
  'jit=off',
  'log_min_messages=warning',
  'timezone=UTC',
];

/** The URL of a database of this server. */
export function databaseUrl(port: number, password: string, database: string): string {
  return `postgres://${USER}:${password}@${HOST}:${port}/${database}`;
}

/** The database of an agency's node. */
export function databaseNameOf(agencyId: string): string {
  return `agency_${agencyId.replaceAll('-', '_')}`;
}

/** Makes the cluster unless it is there. @throws StartRefusedError it cannot be made, or was made and is gone */
export async function ensureCluster(dir: DataDir, password: string): Promise<void> {
  const done = join(dir.path, 'postgres.initialised');
  if (existsSync(done)) {
    if (existsSync(join(dir.postgres, 'PG_VERSION'))) return;
    throw new StartRefusedError(`the database cluster in ${dir.postgres} is gone: restore it, or start with --fresh`);
  }
  await rm(dir.postgres, { recursive: true, force: true }); // left half made by an interrupted first start
  try {
    await initialiseCluster({ dir: dir.postgres, user: USER, password });
  } catch (error) {
    const said = ((error as { stderr?: string }).stderr ?? (error as Error).message).trim();
    throw new StartRefusedError(`PostgreSQL cannot be set up in ${dir.postgres}:\n${said}`);
  }
  await writeFile(done, '');
}

/** Clears the lock file of a server that was killed: ends one that still runs on this directory, forgets one that does not. */
export async function endStaleServer(dir: DataDir): Promise<void> {
  const lockFile = join(dir.postgres, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  const isOurs = (commandLine: string): boolean =>
    commandLine.includes('postgres') && commandLine.includes(dir.postgres);
  const commandLine = commandLineOf(pid);
  if (commandLine !== null && isOurs(commandLine)) await endLeftover(pid, isOurs);
  else await rm(lockFile, { force: true }); // the number may belong to another process by now: PostgreSQL would not start
}

/** The server as a supervised process. */
export function postgresProcess(dir: DataDir, port: number): ProcessDefinition {
  return {
    name: 'postgres',
    ...serverCommand(dir.postgres, port, SETTINGS),
    environment: { ...process.env, LC_MESSAGES: 'C' },
    logFile: join(dir.logs, 'postgres.log'),
    cwd: dir.postgres,
    stopSignal: 'SIGINT', // fast shutdown: ends sessions, keeps everything
    beforeStart: () => endStaleServer(dir),
  };
}

/** Resolves when the server answers a query. @throws StartRefusedError after the time is up */
export async function awaitPostgres(
  port: number,
  password: string,
  isHopeless: () => string | null,
  timeoutMs = 60_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      await withClient(databaseUrl(port, password, 'postgres'), (client) => client.query('SELECT 1'));
      return;
    } catch (error) {
      const hopeless = isHopeless();
      if (hopeless !== null) throw new StartRefusedError(hopeless);
      if (performance.now() > deadlineMs)
        throw new StartRefusedError(`PostgreSQL does not answer: ${(error as Error).message}`);
    }
    await pause(50);
  }
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // the query in flight rejects as well
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Creates the databases that are missing, over a connection to any database of the server. */
export async function ensureDatabases(serverUrl: string, names: readonly string[]): Promise<void> {
  await withClient(serverUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const present = new Set(rows.map((row) => row.datname));
    for (const name of names) {
      if (!present.has(name)) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  });
}
