import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ContractProjection,
  type LogRecord,
  MemoryEventLog,
  MemoryLogStore,
  parseHeadRecord,
  topicOf,
} from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestReply,
} from '@acogida/testing/node';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { NodeDefinition } from '../node-definition.ts';
import { specimenNode } from '../testing/specimen-node.ts';

const SENDER = 'cr-border-intake';
const REBUILD = '/v1/operations/projections/rebuild';
const RESUME = `/v1/operations/agencies/${SENDER}/resume`;
const roles = ['caseworker'] as const;
const operator = { roles: ['operator'] } as const;

class CreateSeenCase1800000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE seen_case (number integer PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seen_case');
  }
}

const seenCases: ContractProjection = {
  name: 'seen-cases',
  apply: async ({ opened }, transaction) => {
    const numbers = opened.map(({ number }) => number);
    await transaction.query('INSERT INTO seen_case SELECT unnest($1::integer[])', [numbers]);
  },
  reset: async (transaction) => {
    await transaction.query('DELETE FROM seen_case');
  },
};

const receiving: NodeDefinition = {
  ...specimenNode,
  kind: 'asylum',
  migrations: [...specimenNode.migrations, CreateSeenCase1800000000001],
  contractProjections: [seenCases],
};

let network: TestNetwork;
let store: MemoryLogStore;
let sender: TestNode;
let receiver: TestNode;
const started: TestNode[] = [];

beforeAll(async () => {
  network = await createTestNetwork();
});

beforeEach(async () => {
  store = new MemoryLogStore();
  sender = await start(specimenNode, store);
  receiver = await start(receiving, store);
});

afterEach(async () => {
  for (const node of started.splice(0)) await node.stop();
});

async function start(definition: NodeDefinition, on: MemoryLogStore): Promise<TestNode> {
  const node = await startTestNode(definition, { network, log: new MemoryEventLog(on) });
  started.push(node);
  return node;
}

async function seen(): Promise<number[]> {
  const { rows } = await receiver.pool.query<{ number: number }>('SELECT number FROM seen_case ORDER BY number');
  return rows.map(({ number }) => number);
}

async function openShelter(node = sender): Promise<void> {
  expect((await node.post('/v1/shelters', undefined, { roles })).status).toBe(201);
}

/** What the receiver counts of the sender. */
async function counts(): Promise<unknown> {
  const { body } = await receiver.get('/v1/operations/counts', operator);
  return (body.inbox as readonly unknown[])[0];
}

/** Puts another event under number 1 on the sender's topic, signed with the sender's own key, and waits for the stop. */
async function contradict(): Promise<void> {
  const other = new MemoryLogStore();
  await openShelter(await start(specimenNode, other));
  const twin = await eventually(() => {
    const record = other.topics.get(topicOf(SENDER))?.find((one) => parseHeadRecord(one) === null);
    expect(record).toBeDefined();
    return record as LogRecord;
  });
  await new MemoryEventLog(store).publish(topicOf(SENDER), [twin]);
  await eventually(async () =>
    expect(await counts()).toMatchObject({ status: 'stopped', reason: 'EQUIVOCATION at number 1' }),
  );
}

const resume = (body: object, options: object = operator): Promise<TestReply> => receiver.post(RESUME, body, options);

describe('resuming an agency that was stopped', () => {
  it('lets it be heard again, keeps who did it and why, and is done once', async () => {
    await openShelter();
    await eventually(async () => expect(await seen()).toEqual([1]));
    await contradict();

    const resumed = await resume({ reason: 'EVIDENCE_REVIEWED' }, { ...operator, idempotencyKey: null });
    expect([resumed.status, resumed.body]).toEqual([200, { source: SENDER, lastNumber: 1, overruled: 1 }]);
    await openShelter();
    await eventually(async () => expect(await seen()).toEqual([1, 2]));
    expect(await counts()).toMatchObject({ status: 'flowing', reason: null, received: 2 });
    const { rows } = await receiver.pool.query('SELECT source, actor, reason FROM inbox.resumption');
    expect(rows).toEqual([{ source: SENDER, actor: 'cr-refugee-unit.operator', reason: 'EVIDENCE_REVIEWED' }]);

    const again = await resume({ reason: 'EVIDENCE_REVIEWED' });
    expect([again.status, again.body.code]).toEqual([409, 'INBOX.AGENCY_NOT_STOPPED']);
  });

  it('is refused for an agency that is not stopped or not known, and never repeats what was sent', async () => {
    for (const agency of [SENDER, 'mx-comar', 'Mar%C3%ADa']) {
      const path = `/v1/operations/agencies/${agency}/resume`;
      const reply = await receiver.post(path, { reason: 'AGENCY_CORRECTED' }, operator);
      expect([reply.status, reply.body.code]).toEqual([409, 'INBOX.AGENCY_NOT_STOPPED']);
      expect(reply.text).not.toContain('Mar');
    }
  });

  it('takes a code as its reason, from operators only', async () => {
    expect((await resume({ reason: 'AGENCY_CORRECTED' }, { roles: ['caseworker', 'supervisor'] })).status).toBe(403);
    expect((await resume({ reason: 'AGENCY_CORRECTED' }, { token: null })).status).toBe(401);
    for (const [body, pointer] of [
      [{}, '/reason'],
      [{ reason: 'they called' }, '/reason'],
      [{ reason: 'AGENCY_CORRECTED', remark: 'free text' }, ''],
    ] as const) {
      const reply = await resume(body);
      expect([reply.status, reply.body.errors]).toEqual([400, [expect.objectContaining({ pointer })]]);
    }
  });
});

describe('rebuilding the read models over other agencies', () => {
  it('builds them anew from the log, as often as it is asked', async () => {
    await openShelter();
    await openShelter();
    await eventually(async () => expect(await seen()).toEqual([1, 2]));
    await receiver.pool.query('UPDATE seen_case SET number = number + 40');
    for (const _time of ['first', 'second']) {
      const rebuilt = await receiver.post(REBUILD, undefined, { ...operator, idempotencyKey: null });
      expect([rebuilt.status, rebuilt.body]).toEqual([200, { events: 2, opened: 2, sealed: 0, sources: 1 }]);
      expect(await seen()).toEqual([1, 2]);
    }
    await openShelter();
    await eventually(async () => expect(await seen()).toEqual([1, 2, 3]));
  });

  it('is for operators only', async () => {
    expect((await receiver.post(REBUILD, undefined, { roles: ['caseworker', 'coordinator'] })).status).toBe(403);
    expect((await receiver.post(REBUILD, undefined, { token: null })).status).toBe(401);
    expect((await receiver.post(REBUILD, undefined, operator)).body).toEqual({
      ...{ events: 0, opened: 0, sealed: 0, sources: 0 },
    });
  });
});
