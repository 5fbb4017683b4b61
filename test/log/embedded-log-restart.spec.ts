import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { eventually, freePort } from '@acogida/testing';
import { EmbeddedEventLog } from '@acogida/event-log';
import { initialiseCluster, serverCommand } from '@acogida/local';

/** Longest wait for a server that starts, in milliseconds. */
const STARTED_WITHIN_MS = 60_000;

/** A PostgreSQL of this spec's own, which it may kill. */
function start(dir: string, port: number): ChildProcess {
  const { command, args, ...account } = serverCommand(dir, port, [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
  ]);
  return spawn(command, args, { ...account, cwd: dir, stdio: 'ignore' });
}

async function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await exit;
}

it(
  'EmbeddedEventLog lives through a server that is killed and comes back, and loses nothing',
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'acogida-log-'));
    await chmod(home, 0o755); // the server may run as another user
    const dir = join(home, 'cluster');
    await initialiseCluster({ dir, user: 'postgres', password: 'postgres' });
    const port = await freePort();
    const first = start(dir, port);
    const log = new EmbeddedEventLog({ databaseUrl: `postgres://postgres:postgres@127.0.0.1:${port}/postgres` });
    await eventually(() => log.ensureTopic('topic'), STARTED_WITHIN_MS);
    const got: string[] = [];
    await log.subscribe({
      group: 'reader',
      topics: ['topic'],
      from: 'beginning',
      handler: async (_topic, records) => void got.push(...records.map((record) => record.value)),
    });
    const acknowledged: string[] = [];
    const publish = async (value: string): Promise<void> => {
      await log.publish('topic', [{ value, headers: {} }]);
      acknowledged.push(value);
    };
    for (let number = 0; number < 20; number += 1) await publish(`before ${number}`);
    await ended(first, 'SIGKILL');
    await eventually(() => expect(publish('lost')).rejects.toThrow());
    await rm(join(dir, 'postmaster.pid'), { force: true }); // a number that may belong to another process by now
    const second = start(dir, port);
    await eventually(() => publish('after'), STARTED_WITHIN_MS);
    await eventually(() => expect(got.at(-1)).toBe('after'), STARTED_WITHIN_MS);
    const kept: string[] = [];
    for await (const page of log.read('topic', 0n)) kept.push(...page.map((record) => record.value));
    await log.close();
    await ended(second, 'SIGINT');
    await rm(home, { recursive: true, force: true });
    expect(kept).toEqual(acknowledged);
    expect([...new Set(got)]).toEqual(acknowledged);
  },
  4 * STARTED_WITHIN_MS,
);
