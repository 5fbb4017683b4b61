import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY_ROOT, type HeadStatement, verifyHead } from '@acogida/ledger';
import { eventually } from '@acogida/testing';
import { parseHeadRecord } from './head-record.ts';
import type { RelayOptions } from './relay-port.ts';
import { AGENCY, RelayingNode, SIGNING_KEYS, SPEC_CLOCK, TOPIC } from './testing/relaying-node.ts';

let node: RelayingNode;

beforeAll(async () => {
  node = await RelayingNode.create();
});

beforeEach(() => node.reset());

afterAll(() => node.database.drop());

async function heads(): Promise<HeadStatement[]> {
  const signed = (await node.records()).map((record) => parseHeadRecord(record));
  return signed.flatMap((head) => (head === null ? [] : verifyHead(SIGNING_KEYS.publicKey, head)));
}

/** Runs a relay that speaks at once whenever it has nothing to publish. */
async function whileSpeaking(work: () => Promise<void>, changes: Partial<RelayOptions> = {}): Promise<void> {
  const relay = node.relayOf({ clock: SPEC_CLOCK, heartbeatIntervalMs: 1, pollIntervalMs: 5, ...changes });
  await relay.start();
  try {
    await work();
  } finally {
    await relay.stop();
  }
}

describe('the head of an agency that has nothing to say', () => {
  it('is signed again and again, with a growing sequence, also by the relay after the next', async () => {
    await whileSpeaking(() => eventually(async () => expect((await heads()).length).toBeGreaterThan(1)));
    const first = await heads();
    expect(first[0]).toEqual({
      ...{ agency: AGENCY, incarnation: 1, number: 0, treeSize: 0, treeHead: EMPTY_ROOT, keyId: 'signing-1' },
      ...{ signedAt: SPEC_CLOCK.now(), sequence: 1 },
    });
    await whileSpeaking(() => eventually(async () => expect((await heads()).length).toBeGreaterThan(first.length)));
    expect((await heads()).map(({ sequence }) => sequence)).toEqual((await heads()).map((_, index) => index + 1));
  });

  it('names the last number and the tree of what the log has', async () => {
    await node.commit(3);
    await whileSpeaking(() => eventually(async () => expect((await heads()).length).toBeGreaterThan(0)));
    const { rows } = await node.database.pool.query<{ statement: string }>('SELECT statement FROM relay.batch');
    const { treeHead } = (JSON.parse(rows[0]?.statement ?? '') as { statement: { treeHead: string } }).statement;
    expect((await heads())[0]).toMatchObject({ number: 3, treeSize: 3, treeHead });
  });

  it('is not signed by a relay that has no clock, nor while the interval lasts', async () => {
    await node.commit(1);
    await whileSpeaking(() => eventually(async () => expect(await node.numbers()).toEqual([1])), {
      heartbeatIntervalMs: 3_600_000,
    });
    expect(await heads()).toEqual([]);
  });

  it('comes from no position twice: what the topic lost meanwhile is published again first', async () => {
    await node.commit(3);
    await whileSpeaking(async () => {
      await eventually(async () => expect((await heads()).length).toBeGreaterThan(0));
      node.store.topics.get(TOPIC)?.splice(1);
      await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));
    });
  });
});

describe('a topic that lost something while nothing is published', () => {
  it('is compared again when a reader complains', async () => {
    await node.commit(3);
    const relay = node.relayOf();
    await relay.start();
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));
    node.store.topics.get(TOPIC)?.splice(1);
    relay.compareAgain();
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));
    await relay.stop();
  });

  it('is compared again after the interval', async () => {
    await node.commit(3);
    const relay = node.relayOf({ compareIntervalMs: 1, pollIntervalMs: 5 });
    await relay.start();
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));
    node.store.topics.get(TOPIC)?.splice(1);
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));
    await relay.stop();
  });
});
