import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore, type ReceivedEvent } from '@acogida/event-log';
import { databaseDoor, eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestNodeOptions,
} from '@acogida/testing/node';
import type { NodeDefinition } from '../node-definition.ts';
import { specimenNode } from '../testing/specimen-node.ts';

const roles = ['caseworker'] as const;
const operator = ['operator'] as const;
const UUID = '6e0a7a5e-5d53-4c26-9a0e-4d7d3a1d8f10';
let network: TestNetwork;
const started: TestNode[] = [];

beforeAll(async () => {
  network = await createTestNetwork();
});

afterEach(async () => {
  for (const node of started.splice(0)) await node.stop();
});

async function start(definition: NodeDefinition, options: TestNodeOptions = {}): Promise<TestNode> {
  const node = await startTestNode(definition, { network, ...options });
  started.push(node);
  return node;
}

describe('two nodes on one log', () => {
  it('carry a fact from the command of one to the policy of the other', async () => {
    const store = new MemoryLogStore();
    const received: ReceivedEvent[] = [];
    const sender = await start(specimenNode, { log: new MemoryEventLog(store) });
    const receiver = await start(
      {
        ...specimenNode,
        kind: 'asylum',
        policies: () => [
          {
            name: 'when-case-opened-then-take-note',
            on: 'CaseOpened',
            react: async (event) => void received.push(event),
          },
        ],
      },
      { log: new MemoryEventLog(store) },
    );
    const { body } = await sender.post('/v1/shelters', undefined, { roles });
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({
      source: 'cr-border-intake',
      class: 'case',
      number: 1,
      payload: { caseId: body.id },
    });
    expect(received[0]?.subject).not.toContain(body.id);

    const sent = await eventually(async () => {
      const counts = (await sender.get('/v1/operations/counts', { roles: operator })).body;
      expect(counts.relay).toEqual({ committed: 1, sequenced: 1, published: 1 });
      return counts;
    });
    expect(sent).toMatchObject({ agencyId: 'cr-border-intake', inbox: [] });
    const counts = (await receiver.get('/v1/operations/counts', { roles: operator })).body;
    expect(counts.inbox).toEqual([
      expect.objectContaining({ source: 'cr-border-intake', received: 1, applied: 1, contiguous: true }),
    ]);
  });

  it('keep an event whose policy fails in quarantine, where an operator sees it and tries it again', async () => {
    const store = new MemoryLogStore();
    let isFailing = true;
    const sender = await start(specimenNode, { log: new MemoryEventLog(store) });
    const receiver = await start(
      {
        ...specimenNode,
        kind: 'asylum',
        policies: () => [
          {
            name: 'when-case-opened-then-fail',
            on: 'CaseOpened',
            react: async () => {
              if (isFailing) throw new Error('a defect');
            },
          },
        ],
      },
      { log: new MemoryEventLog(store) },
    );
    await sender.post('/v1/shelters', undefined, { roles });
    const [entry] = await eventually(async () => {
      const { items } = (await receiver.get('/v1/operations/quarantine', { roles: operator })).body;
      expect(items).toHaveLength(1);
      return items;
    });
    expect(entry).toMatchObject({
      source: 'cr-border-intake',
      number: 1,
      kind: 'quarantined',
      reason: 'EFFECT_FAILED',
    });
    const shown = await receiver.get('/v1/operations/quarantine/cr-border-intake/1', { roles: operator });
    expect(shown.body).toEqual(entry);
    const missing = await receiver.get('/v1/operations/quarantine/cr-border-intake/2', { roles: operator });
    expect([missing.status, missing.body.code]).toEqual([404, 'OPERATIONS.NOT_KEPT']);

    isFailing = false;
    const retry = await receiver.post(
      '/v1/operations/quarantine/retry',
      { source: 'cr-border-intake', number: 1 },
      { roles: operator },
    );
    expect([retry.status, retry.body]).toEqual([200, { released: 1, remaining: 0 }]);
  });

  it('show operations to operators only', async () => {
    const node = await start(specimenNode);
    for (const path of ['/v1/operations/counts', '/v1/operations/quarantine', '/v1/operations/quarantine/mx-comar/1']) {
      expect([path, (await node.get(path, { roles })).status]).toEqual([path, 403]);
    }
    expect((await node.post('/v1/operations/quarantine/retry', {}, { roles })).status).toBe(403);
  });
});

describe('a node whose database goes away', () => {
  it('answers 503 meanwhile, does not end, and goes on by itself when it is back', async () => {
    const door = await databaseDoor();
    const node = await start(specimenNode, { reachDatabase: door.reach });
    expect((await node.get('/health/ready', { token: null })).body).toEqual({
      status: 'up',
      database: true,
      log: true,
      relay: true,
      deadlines: true,
    });
    await node.post('/v1/shelters', undefined, { roles });

    door.shut();
    const away = await node.post('/v1/shelters', undefined, { roles, idempotencyKey: 'away' });
    expect([away.status, away.body.code, away.headers['retry-after']]).toEqual([503, 'TEMPORARILY_UNAVAILABLE', '2']);
    const ready = await node.get('/health/ready', { token: null });
    expect([ready.status, ready.body.status, ready.body.database]).toEqual([503, 'down', false]);
    expect((await node.get('/health/live', { token: null })).status).toBe(200);

    door.open();
    const back = await eventually(async () => {
      const reply = await node.post('/v1/shelters', undefined, { roles, idempotencyKey: 'away' });
      expect(reply.status).toBe(201);
      return reply;
    });
    expect(back.headers['idempotency-replayed']).toBeUndefined();
    await eventually(async () => {
      const { body } = await node.get('/v1/operations/counts', { roles: operator });
      expect(body.relay).toEqual({ committed: 2, sequenced: 2, published: 2 });
    });
    expect((await node.get('/health/ready', { token: null })).status).toBe(200);
    started.splice(0);
    await node.stop();
    await door.close();
  });

  it('waits for it at start', async () => {
    const door = await databaseDoor();
    door.shut();
    const starting = start(specimenNode, { reachDatabase: door.reach });
    setImmediate(door.open);
    const node = await starting;
    expect((await node.get('/health/ready', { token: null })).status).toBe(200);
    started.splice(0);
    await node.stop();
    await door.close();
  });
});

describe('a node that cannot publish', () => {
  async function expectReadingOnly(node: TestNode): Promise<void> {
    for (const reply of [
      await node.post('/v1/shelters', undefined, { roles }),
      await node.put(`/v1/shelters/${UUID}/refusal`, { kind: 'invalid' }, { roles }),
    ]) {
      expect([reply.status, reply.body.code, reply.headers['retry-after']]).toEqual([503, 'NODE_NOT_RELAYING', '2']);
    }
    expect((await node.post('/v1/shelters', undefined, { token: null })).status).toBe(401);
    const ready = await node.get('/health/ready', { token: null });
    expect([ready.status, ready.body.status, ready.body.relay]).toEqual([503, 'down', false]);
    expect((await node.get('/v1/shelters', { roles })).status).toBe(200);
    expect((await node.get('/v1/operations/counts', { roles: operator })).body.relay.committed).toBe(0);
  }

  it('because another process of its agency took over accepts no command, and answers reads', async () => {
    const node = await start(specimenNode);
    await node.pool.query('UPDATE relay.cursor SET term = term + 1');
    node.node.runtime.relay.wake();
    await eventually(() => expect(node.node.runtime.isRelaying()).toBe(false));
    await expectReadingOnly(node);
  });

  it('because its topic could not be compared yet accepts no command until it was', async () => {
    let isAway = true;
    const log = new (class extends MemoryEventLog {
      override async end(topic: string): Promise<bigint> {
        if (isAway) throw new Error('the log is away');
        return super.end(topic);
      }
    })();
    const node = await start(specimenNode, { log });
    await expectReadingOnly(node);
    isAway = false;
    await eventually(async () => expect((await node.post('/v1/shelters', undefined, { roles })).status).toBe(201));
    isAway = true;
    expect((await node.post('/v1/shelters', undefined, { roles })).status).toBe(201);
  });
});

describe('stopping', () => {
  it('ends HTTP, subscription, relay and pools, and may be asked twice', async () => {
    const node = await start(specimenNode);
    const { url, runtime } = node.node;
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await Promise.all([node.node.stop(), node.node.stop()]);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    expect(runtime.pool.ended).toBe(true);
  });

  it('ends all the same while the database is away', async () => {
    const door = await databaseDoor();
    const node = await start(specimenNode, { reachDatabase: door.reach });
    await node.post('/v1/shelters', undefined, { roles });
    door.shut();
    started.splice(0);
    await node.stop();
    expect(node.node.runtime.pool.ended).toBe(true);
    await door.close();
  });
});
