import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialiseCluster, serverCommand } from '@acogida/local';
import pg from 'pg';
import { containerElse } from './containers.mjs';
import { freePort } from './free-port.mjs';

const SETTINGS = ['max_connections=300', 'fsync=off', 'jit=off'];
const LOCAL_SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
const STARTING_LIMIT_MS = 30_000;

async function answers(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function startContainer() {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withEnvironment({ POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C' })
    .withCommand(['postgres', ...SETTINGS.flatMap((setting) => ['-c', setting])])
    .start();
  return { url: container.getConnectionUri(), stop: () => container.stop() };
}

async function startEmbedded() {
  const home = await mkdtemp(join(tmpdir(), 'acogida-test-'));
  await chmod(home, 0o755); // the server may run as another user
  const dir = join(home, 'cluster');
  await initialiseCluster({ dir, user: 'postgres', password: 'postgres' });
  const port = await freePort();
  const { command, args, ...account } = serverCommand(dir, port, [...SETTINGS, ...LOCAL_SETTINGS]);
  const server = spawn(command, args, { ...account, cwd: dir, stdio: 'ignore' });
  const end = () => server.kill('SIGQUIT');
  process.once('exit', end);
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const deadlineMs = performance.now() + STARTING_LIMIT_MS;
  while (!(await answers(url))) {
    if (server.exitCode !== null || performance.now() > deadlineMs)
      throw new Error('PostgreSQL for the tests did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = async () => {
    process.off('exit', end);
    const gone = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null && server.kill('SIGINT')) await gone;
    await rm(home, { recursive: true, force: true });
  };
  return { url, stop };
}

/** A PostgreSQL for the run: the one at TEST_DATABASE_URL, else one in a container, else the embedded one. */
export async function findPostgres() {
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL, stop: async () => {} };
  return containerElse('PostgreSQL', startContainer, startEmbedded);
}
