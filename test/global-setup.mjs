import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialiseCluster, serverCommand } from '@acogida/local';
import pg from 'pg';

const SETTINGS = [
  'max_connections=300',
  'fsync=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'jit=off',
];
const STARTING_LIMIT_MS = 30_000;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

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

/** Starts one PostgreSQL for the run, unless TEST_DATABASE_URL names one. */
export default async function globalSetup() {
  if (process.env.TEST_DATABASE_URL) return;
  const home = await mkdtemp(join(tmpdir(), 'acogida-test-'));
  await chmod(home, 0o755); // the server may run as another user
  const dir = join(home, 'cluster');
  await initialiseCluster({ dir, user: 'postgres', password: 'postgres' });
  const port = await freePort();
  const { command, args, ...account } = serverCommand(dir, port, SETTINGS);
  const server = spawn(command, args, { ...account, cwd: dir, stdio: 'ignore' });
  const end = () => server.kill('SIGQUIT');
  process.once('exit', end);
  globalThis.acogidaStopTestServer = async () => {
    process.off('exit', end);
    const gone = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null && server.kill('SIGINT')) await gone;
    await rm(home, { recursive: true, force: true });
  };
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const deadlineMs = performance.now() + STARTING_LIMIT_MS;
  while (!(await answers(url))) {
    if (server.exitCode !== null || performance.now() > deadlineMs)
      throw new Error('PostgreSQL for the tests did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.env.TEST_DATABASE_URL = url;
}
