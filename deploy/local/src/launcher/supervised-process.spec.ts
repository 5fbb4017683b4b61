import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@acogida/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  FIRST_RESTART_DELAY_MS,
  LONGEST_RESTART_DELAY_MS,
  restartDelayMs,
  rotateLog,
  SupervisedProcess,
} from './supervised-process.ts';

let path: string;
let child: SupervisedProcess | undefined;
let pids: (number | null)[];
let deaths: { how: string; restartInMs: number }[];

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'acogida-child-'));
  pids = [];
  deaths = [];
});
afterEach(async () => {
  await child?.stop();
  await rm(path, { recursive: true });
});

async function starting(script: string): Promise<SupervisedProcess> {
  child = new SupervisedProcess(
    {
      name: 'child',
      command: process.execPath,
      args: ['-e', script],
      environment: {},
      logFile: join(path, 'child.log'),
    },
    {
      onStarted: (_, pid) => pids.push(pid),
      onDied: (_, how, restartInMs) => deaths.push({ how, restartInMs }),
    },
  );
  await child.start();
  return child;
}

const log = (): string => readFileSync(join(path, 'child.log'), 'utf8');
const patient = `process.stdout.write('up\\n'); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);`;
const deaf = `process.stdout.write('up\\n'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;

describe('SupervisedProcess', () => {
  it('starts a process that was killed again, and says so', async () => {
    await starting(patient);
    await eventually(() => expect(log()).toBe('up\n'));
    process.kill(pids[0] as number, 'SIGKILL');
    await eventually(() => expect(log()).toBe('up\nup\n'));
    expect(deaths).toEqual([{ how: 'SIGKILL', restartInMs: FIRST_RESTART_DELAY_MS }]);
    expect(pids[1]).not.toBe(pids[0]);
    expect(child?.deaths).toBe(1);
  });

  it('stops for good, and kills what does not listen', async () => {
    const stubborn = await starting(deaf);
    await eventually(() => expect(log()).toBe('up\n'));
    await stubborn.stop(50);
    expect(stubborn.pid).toBeNull();
    expect(deaths).toEqual([]);
  });

  it('waits longer with each death in a row', async () => {
    await starting('process.exit(3)');
    await eventually(() => expect(deaths).toHaveLength(2));
    expect(deaths[0]).toEqual({ how: 'exit code 3', restartInMs: FIRST_RESTART_DELAY_MS });
    expect(deaths[1]?.restartInMs).toBe(2 * FIRST_RESTART_DELAY_MS);
    expect(restartDelayMs(100)).toBe(LONGEST_RESTART_DELAY_MS);
  });
});

describe('rotateLog', () => {
  it('keeps the logs of three earlier runs', async () => {
    const file = join(path, 'x.log');
    for (const run of ['1', '2', '3', '4', '5']) {
      rotateLog(file);
      await writeFile(file, run);
    }
    expect([file, `${file}.1`, `${file}.2`, `${file}.3`].map((one) => readFileSync(one, 'utf8'))).toEqual([
      '5',
      '4',
      '3',
      '2',
    ]);
    expect(existsSync(`${file}.4`)).toBe(false);
  });
});
