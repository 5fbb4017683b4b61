import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { writeRunFile } from '@acogida/operations';
import { eventually, freePort } from '@acogida/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KAFKA_VERSION } from '../kafka/pom.ts';
import { dataDirAt } from './data-dir.ts';
import { endLeftovers } from './leftovers.ts';
import { commandLineOf } from './running-process.ts';
import { RunState } from './run-state.ts';
import { SupervisedKafka } from './supervised-kafka.ts';

let path: string;
let kafka: SupervisedKafka;
let pids: (number | null)[];

/** Stands for Java: says its version, formats nothing, and as the broker writes its id and listens where it is told to. */
const JAVA = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args.includes('-version')) console.error('openjdk version "21"');
else if (args.includes('kafka.Kafka')) {
  const file = args.at(-1);
  writeFileSync(file + '.pid', String(process.pid));
  const port = Number(/^listeners=PLAINTEXT:..127.0.0.1:([0-9]+)/m.exec(readFileSync(file, 'utf8'))[1]);
  if (IS_LISTENING) require('node:net').createServer().listen(port, '127.0.0.1');
  else setInterval(() => {}, 1000);
}
`;

async function withJava(isListening: boolean): Promise<void> {
  await writeFile(join(path, 'bin', 'java'), JAVA.replace('IS_LISTENING', String(isListening)));
  await chmod(join(path, 'bin', 'java'), 0o755);
}

const brokerPid = async (): Promise<number> =>
  Number(await readFile(join(path, 'data', 'kafka', 'server.properties.pid'), 'utf8'));

/** Field 5 of /proc/<pid>/stat, counted after the name in brackets. */
const groupOf = async (pid: number): Promise<number> =>
  Number((await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[2]);

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'acogida-supervised-'));
  await mkdir(join(path, 'bin'));
  await mkdir(join(path, 'cache', `kafka-${KAFKA_VERSION}`), { recursive: true });
  pids = [];
  const environment = { ...process.env, PATH: `${join(path, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const [port, controllerPort] = [await freePort(), await freePort()];
  kafka = new SupervisedKafka(
    { dataDir: join(path, 'data', 'kafka'), cacheDir: join(path, 'cache'), port, controllerPort, environment },
    { onStarted: (_, pid) => pids.push(pid), onDied: () => {} },
  );
});

afterEach(async () => {
  await kafka.stop();
  await rm(path, { recursive: true });
});

describe('SupervisedKafka', () => {
  it('runs the broker out of reach of Ctrl-C, and ends it', async () => {
    await withJava(true);
    await kafka.start();
    const pid = await brokerPid();
    expect(pids).toEqual([pid]);
    if (process.platform === 'linux') expect(await groupOf(pid)).toBe(pid);
    await kafka.stop();
    expect(commandLineOf(pid)).toBeNull();
  });

  it('ends also a broker that is just starting', async () => {
    await withJava(false);
    const starting = kafka.start().catch((error: unknown) => error);
    const pid = await eventually(brokerPid);
    await eventually(() => expect(commandLineOf(pid)).not.toBeNull());
    await kafka.stop();
    expect(commandLineOf(pid)).toBeNull();
    expect(await starting).toBeInstanceOf(Error);
    expect(pids).toEqual([]);
  });

  it('leaves a broker that the next launcher finds when its own was killed', async () => {
    await withJava(true);
    await kafka.start();
    const pid = await brokerPid();
    const dir = dataDirAt(join(path, 'data'));
    const ports = { issuer: 1, postgres: 2, kafka: 3, kafkaController: 4, nodes: new Map<string, number>() };
    const log = { driver: 'kafka' as const, brokers: [] };
    const run = new RunState(
      { dir, ports, databasePassword: 'x', log, genesisId: '' },
      { formatVersion: 1, issuer: '', agencies: [] } as never,
      [],
    );
    run.started('kafka', pid);
    await run.saved();
    await writeRunFile(run.file());
    await endLeftovers(dir);
    await eventually(() => expect(commandLineOf(pid)).toBeNull());
  });
});
