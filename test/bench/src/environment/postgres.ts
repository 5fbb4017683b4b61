import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { initialiseCluster, serverCommand } from '@acogida/local';
import { onDatabase } from './databases.ts';
import { freePort } from './free-port.ts';

/** As `npm start` runs it: what is said to be committed is on the disk. */
const SETTINGS = [
  'max_connections=300',
  'shared_buffers=512MB',
  'synchronous_commit=on',
  'fsync=on',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_wal_size=2GB',
  'jit=off',
  'timezone=UTC',
];

const STARTING_LIMIT_MS = 30_000;

/** One server for all peers of a run. */
export interface BenchServer {
  readonly version: string;
  /** Makes an empty database and gives its URL. */
  createDatabase(name: string): Promise<string>;
  /** Makes a copy of a database nobody is connected to. */
  copyDatabase(from: string, name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Writes what is dirty to the disk, so that no peer pays for the one before it. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

async function untilReady(url: string, hasEnded: () => boolean): Promise<string> {
  const deadlineMs = performance.now() + STARTING_LIMIT_MS;
  for (;;) {
    try {
      return await onDatabase(url, async (client) => {
        const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
        return rows[0]?.server_version ?? 'unknown';
      });
    } catch (error) {
      if (hasEnded() || performance.now() > deadlineMs)
        throw new Error('PostgreSQL for the bench did not start', { cause: error });
    }
    await pause(50);
  }
}

/** Starts a PostgreSQL on a directory of its own, with the settings of production. */
export async function startServer(): Promise<BenchServer> {
  const home = await mkdtemp(join(tmpdir(), 'acogida-bench-'));
  await chmod(home, 0o755); // the server may run as another user
  const dir = join(home, 'cluster');
  await initialiseCluster({ dir, user: 'postgres', password: 'postgres' });
  const port = await freePort();
  const { command, args, ...account } = serverCommand(dir, port, SETTINGS);
  const server = spawn(command, args, { ...account, cwd: dir, stdio: 'ignore' });
  const endAtOnce = (): void => void server.kill('SIGQUIT');
  process.once('exit', endAtOnce);
  const urlOf = (name: string): string => `postgres://postgres:postgres@127.0.0.1:${port}/${name}`;
  const run = (statement: string): Promise<unknown> =>
    onDatabase(urlOf('postgres'), (client) => client.query(statement));
  const stop = async (): Promise<void> => {
    process.off('exit', endAtOnce);
    const gone = once(server, 'exit');
    if (server.exitCode === null && server.kill('SIGINT')) await gone;
    await rm(home, { recursive: true, force: true });
  };
  try {
    const version = await untilReady(urlOf('postgres'), () => server.exitCode !== null);
    return {
      version,
      createDatabase: async (name) => {
        await run(`CREATE DATABASE ${name}`);
        return urlOf(name);
      },
      copyDatabase: async (from, name) => {
        await run(`CREATE DATABASE ${name} TEMPLATE ${from}`);
        return urlOf(name);
      },
      dropDatabase: async (name) => void (await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      settle: async () => void (await run('CHECKPOINT')),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
