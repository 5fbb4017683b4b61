import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestNodeOptions,
} from '@acogida/testing/node';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { later, SetClock } from '../testing/scheduled-beds.ts';
import { bedDeadlines, bedProcedure, specimenNodeWithDeadlines } from '../testing/specimen-deadlines.ts';
import { specimenNode } from '../testing/specimen-node.ts';

let network: TestNetwork;
const started: TestNode[] = [];

beforeAll(async () => {
  network = await createTestNetwork();
});
afterEach(async () => {
  for (const node of started.splice(0)) await node.stop();
});

async function start(
  options: TestNodeOptions = {},
  definition: NodeDefinition = specimenNodeWithDeadlines,
): Promise<TestNode> {
  const node = await startTestNode(definition, { network, ...options });
  started.push(node);
  return node;
}

async function keepBed({ node: { runtime } }: TestNode, until: string): Promise<string> {
  const id = randomUUID();
  await runtime.context.handler.execute({
    ...{ procedure: bedProcedure, id, command: { type: 'KeepBed', until }, causation: null },
    ...{ actor: 'cr-border-intake.caseworker', correlationId: randomUUID() },
  });
  return id;
}

async function historyOf({ node: { runtime } }: TestNode, id: string): Promise<readonly string[]> {
  return (await runtime.store.readStream(`bed-${id}`)).map(({ type }) => type);
}

describe('a node with deadlines', () => {
  it('handles by itself what has come due, and says so in metrics and health', async () => {
    const node = await start({ withMetrics: true });
    const id = await keepBed(node, new Date(Date.now() - 1000).toISOString());
    await keepBed(node, later(new Date().toISOString(), 60));
    await eventually(async () => expect(await historyOf(node, id)).toEqual(['BedKept', 'DeadlineMissed']));
    const text = await eventually(async () => {
      const scraped = await (await fetch(node.node.metricsUrl ?? '')).text();
      expect(scraped).toMatch(/^acogida_deadlines_open\{.*\} 2$/m);
      return scraped;
    });
    expect(text).toMatch(/^acogida_deadlines_overdue\{.*\} 0$/m);
    expect(text).toMatch(/^acogida_deadlines_failing\{.*\} 0$/m);
    expect(text).toMatch(/^acogida_deadline_turns_total\{.*deadline="ARRIVE",outcome="handled".*\} 1$/m);
    expect((await node.get('/health/ready', { token: null })).body).toEqual({
      ...{ status: 'up', database: true, log: true, relay: true, deadlines: true },
    });
  });

  it('goes by its own clock and the alarm clock it is given', async () => {
    const clock = new SetClock();
    const alarm = new ManualAlarmClock();
    const node = await start({ clock, alarm });
    const until = later(clock.at, 30);
    const id = await keepBed(node, until);
    await node.node.runtime.deadlines?.runDue();
    expect(await historyOf(node, id)).toEqual(['BedKept']);
    clock.pass(30);
    expect(await alarm.turnTo(clock.at)).toBe(true);
    expect(await historyOf(node, id)).toEqual(['BedKept', 'DeadlineMissed']);
  });

  it('counts and reports a turn that failed, without saying why', async () => {
    const alarm = new ManualAlarmClock();
    const handle = async (): Promise<void> => {
      throw new Error('canary María Pérez');
    };
    const definition = { ...specimenNodeWithDeadlines, deadlines: [{ ...bedDeadlines, handle }] };
    const node = await start({ alarm, logLevel: 'info', withMetrics: true }, definition);
    const id = await keepBed(node, new Date(Date.now() - 90_000).toISOString());
    expect(await node.node.runtime.deadlines?.runDue()).toBe(0);
    const text = await (await fetch(node.node.metricsUrl ?? '')).text();
    expect(text).toMatch(/^acogida_deadline_turns_total\{.*outcome="failed".*\} 1$/m);
    expect(text).toMatch(/^acogida_deadlines_failing\{.*\} 1$/m);
    expect(text).toMatch(/^acogida_deadlines_oldest_overdue_seconds\{.*\} (9\d|\d{3,})/m);
    const lines = node.logLines.filter((line) => line.includes('a deadline could not be handled'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/María|canary/);
    expect(lines[0]).not.toContain(id);
  });

  it('leaves them alone while it does not publish, and takes them up when it does', async () => {
    let isAway = true;
    const log = new (class extends MemoryEventLog {
      override async end(topic: string): Promise<bigint> {
        if (isAway) throw new Error('the log is away');
        return super.end(topic);
      }
    })();
    const node = await start({ log, alarm: new ManualAlarmClock() });
    const id = await keepBed(node, new Date(Date.now() - 1000).toISOString());
    expect(await node.node.runtime.deadlines?.runDue()).toBe(0);
    expect(await historyOf(node, id)).toEqual(['BedKept']);
    isAway = false;
    await eventually(async () => expect(await node.node.runtime.deadlines?.runDue()).toBe(1));
  });

  it('ends when it is stopped, also in the middle of its work', async () => {
    const node = await start();
    for (let bed = 0; bed < 20; bed += 1) await keepBed(node, new Date(Date.now() - 1000).toISOString());
    void node.node.runtime.deadlines?.runDue();
    await node.node.stop();
    expect(node.node.runtime.pool.ended).toBe(true);
    const { rows } = await node.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE application_name = 'acogida-alarm' AND datname = current_database()`,
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('a node without deadlines of its own', () => {
  it('looks for those that every node has', async () => {
    const node = await start({}, specimenNode);
    expect((await node.get('/health/ready', { token: null })).body).toMatchObject({ deadlines: true });
    expect(node.node.runtime.deadlines?.isRunning()).toBe(true);
  });
});
