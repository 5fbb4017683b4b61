import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore, type PositionedRecord } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestReply,
} from '@acogida/testing/node';
import { specimenNode } from '../testing/specimen-node.ts';

const PATH = '/v1/operations/recovery';
const ATTESTATION = { reason: 'STORAGE_LOST', statements: ['LOST_EVENTS_REVIEWED', 'PRIVATE_WORK_KEPT_ON_PAPER'] };
const roles = ['caseworker'] as const;
const operator = { roles: ['operator'] } as const;

/** A log that goes away between the comparison, which reads where the cursor stands and the tail, and the recovery. */
class LeavingLog extends MemoryEventLog {
  isBack = false;
  #readings = 0;

  override async *read(topic: string, from: bigint): AsyncIterable<readonly PositionedRecord[]> {
    this.#readings += 1;
    if (this.#readings > 2 && !this.isBack) throw new Error('the log is away');
    yield* super.read(topic, from);
  }
}

let network: TestNetwork;
let store: MemoryLogStore;
/** The shelter whose private work is lost; what it published is on the log. */
let lostId: string;
const started: TestNode[] = [];

beforeAll(async () => {
  network = await createTestNetwork();
});

beforeEach(async () => {
  store = new MemoryLogStore();
  const lost = await start(new MemoryEventLog(store));
  lostId = (await lost.post('/v1/shelters', undefined, { roles })).body.id as string;
  await eventually(async () => {
    const { body } = await lost.get('/v1/operations/counts', operator);
    expect(body.relay.published).toBe(1);
  });
  await stop(lost);
});

afterEach(async () => {
  for (const node of [...started]) await stop(node);
});

/** A node on an empty database: where the log knows more, the oldest copy there can be. */
async function start(log: MemoryEventLog): Promise<TestNode> {
  const node = await startTestNode(specimenNode, { network, log });
  started.push(node);
  return node;
}

async function stop(node: TestNode): Promise<void> {
  started.splice(started.indexOf(node), 1);
  await node.stop();
}

const changeBeds = (node: TestNode): Promise<TestReply> =>
  node.post(`/v1/shelters/${lostId}/beds`, { by: 3 }, { roles });

describe('a restored node', () => {
  it('that still takes its own events back in is read only, for operators as well', async () => {
    const log = new LeavingLog(store);
    const node = await start(log);
    await eventually(async () => expect((await node.get(PATH, operator)).body.state).toBe('recovering'));
    for (const refused of [
      await node.post('/v1/shelters', undefined, { roles }),
      await node.post(`${PATH}/attestation`, ATTESTATION, operator),
    ]) {
      expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
        503,
        'NODE_IN_RECOVERY',
        '2',
      ]);
    }
    expect((await node.get('/v1/shelters', { roles })).status).toBe(200);
    expect((await node.get('/health/ready', { token: null })).body).toMatchObject({ status: 'down', relay: false });
    expect((await node.get(PATH, operator)).body).toEqual({
      ...{ state: 'recovering', incarnation: 1, restoredThrough: 0, takenThrough: null },
      ...{ awaitsAttestation: true, lostEvents: [] },
    });

    log.isBack = true;
    await eventually(async () => expect((await node.post('/v1/shelters', undefined, { roles })).status).toBe(201));
    expect((await node.get(PATH, operator)).body.state).toBe('awaiting-attestation');
  });

  it('refuses commands on what it lost, and only on that, until an operator attests the loss', async () => {
    const node = await start(new MemoryEventLog(store));
    expect((await node.get(PATH, operator)).body).toEqual({
      ...{ state: 'awaiting-attestation', incarnation: 2, restoredThrough: 0, takenThrough: 1 },
      awaitsAttestation: true,
      lostEvents: [
        {
          ...{ number: 1, class: 'case', type: 'CaseOpened', stream: `shelter-${lostId}` },
          eventId: expect.any(String),
        },
      ],
    });
    const refused = await changeBeds(node);
    expect([refused.status, refused.body.code]).toEqual([409, 'STREAM_AWAITS_ATTESTATION']);
    expect((await node.post('/v1/shelters', undefined, { roles })).status).toBe(201);

    const attested = await node.post(`${PATH}/attestation`, ATTESTATION, { ...operator, idempotencyKey: null });
    expect([attested.status, attested.body]).toEqual([
      200,
      {
        ...{ state: 'attested', incarnation: 2, restoredThrough: 0, takenThrough: 1 },
        ...{ awaitsAttestation: false, lostEvents: [] },
      },
    ]);
    expect((await changeBeds(node)).body).toEqual({ id: lostId, version: 1, beds: 3 });
    const { rows } = await node.pool.query('SELECT reason, statements, actor FROM relay.attestation');
    expect(rows).toEqual([{ ...ATTESTATION, actor: 'cr-border-intake.operator' }]);
    const again = await node.post(`${PATH}/attestation`, ATTESTATION, operator);
    expect([again.status, again.body.code]).toEqual([409, 'RECOVERY.NOTHING_TO_ATTEST']);
  });

  it('tells operators only, and takes codes only', async () => {
    const node = await start(new MemoryEventLog(store));
    expect((await node.get(PATH, { roles: ['caseworker', 'supervisor', 'auditor'] })).status).toBe(403);
    expect((await node.post(`${PATH}/attestation`, ATTESTATION, { roles })).status).toBe(403);
    for (const [body, pointers] of [
      [{}, ['/reason', '/statements']],
      [{ ...ATTESTATION, reason: 'a name' }, ['/reason']],
      [{ ...ATTESTATION, statements: [] }, ['/statements']],
      [{ ...ATTESTATION, statements: ['NO_PRIVATE_WORK_LOST', 'NO_PRIVATE_WORK_LOST'] }, ['/statements']],
      [{ ...ATTESTATION, remark: 'free text' }, ['']],
    ] as const) {
      const reply = await node.post(`${PATH}/attestation`, body, operator);
      const errors = reply.body.errors as readonly { readonly pointer: string }[];
      expect([reply.status, errors.map(({ pointer }) => pointer)]).toEqual([400, pointers]);
    }
    expect((await changeBeds(node)).status).toBe(409);
  });
});

describe('a node that was never restored', () => {
  it('says so, and has nothing to attest', async () => {
    const node = await start(new MemoryEventLog());
    expect((await node.get(PATH, operator)).body).toEqual({
      ...{ state: 'none', incarnation: 1, restoredThrough: null, takenThrough: null },
      ...{ awaitsAttestation: false, lostEvents: [] },
    });
    const refused = await node.post(`${PATH}/attestation`, ATTESTATION, operator);
    expect([refused.status, refused.body.code]).toEqual([409, 'RECOVERY.NOTHING_TO_ATTEST']);
  });
});
