import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompactRange, decodeStatement, leafHash, verifyStatement } from '@acogida/ledger';
import { eventually } from '@acogida/testing';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { relayCounts } from './counts.ts';
import { parseEnvelope, STATEMENT_HEADER } from './envelope.ts';
import { MemoryLogStore } from './memory-log.ts';
import type { LogRecord } from './port.ts';
import { OwnTopicError, type RelayOptions } from './relay-port.ts';
import { numberOf, RelayingNode, SIGNING_KEYS, TOPIC } from './testing/relaying-node.ts';

let lost: RelayingNode;
const opened: RelayingNode[] = [];

beforeEach(async () => {
  lost = await RelayingNode.create();
  await lost.useLog(new MemoryLogStore());
  opened.push(lost);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((node) => node.database.drop()));
});

async function backUp(node = lost): Promise<RelayingNode> {
  const copy = await node.copy();
  opened.push(copy);
  return copy;
}

/** Runs a relay until it has published everything, or has given up. */
async function run(node: RelayingNode, changes: Partial<RelayOptions> = {}): Promise<unknown[]> {
  const errors: unknown[] = [];
  let isCompared = false;
  const relay = node.relayOf({
    ...node.recovering(),
    ...changes,
    onTailCompared: () => void (isCompared = true),
    onError: (error) => errors.push(error),
  });
  await relay.start();
  try {
    await eventually(async () => {
      const { committed, published } = await relayCounts(node.database.pool);
      expect(errors.length > 0 || (isCompared && committed === published)).toBe(true);
    });
  } finally {
    await relay.stop();
  }
  return errors;
}

const statementOf = (record: LogRecord): ReturnType<typeof verifyStatement> =>
  verifyStatement(SIGNING_KEYS.publicKey, decodeStatement(record.headers[STATEMENT_HEADER] ?? ''));

/** What a reader checks: no number with two contents, no gap, every statement over the tree as published. */
function expectOneHistory(records: readonly LogRecord[]): void {
  const byNumber = new Map<number, string>();
  for (const record of records) {
    const { value } = record;
    expect(byNumber.get(numberOf(record)) ?? value).toBe(value);
    byNumber.set(numberOf(record), value);
  }
  expect([...byNumber.keys()].sort((a, b) => a - b)).toEqual([...byNumber.keys()].map((_, index) => index + 1));
  let tree = CompactRange.EMPTY;
  for (let number = 1; number <= byNumber.size; number += 1) {
    tree = tree.append([leafHash(byNumber.get(number) ?? '')]);
    for (const statement of records.filter((one) => numberOf(one) === number).map(statementOf)) {
      if (statement.last === number) expect(statement.treeHead).toBe(tree.root());
    }
  }
}

async function outbox(node: RelayingNode): Promise<Map<string, number | null>> {
  const { rows } = await node.database.pool.query<{ id: string; number: string | null }>(
    'SELECT event_id AS id, number FROM es.outbox',
  );
  return new Map(rows.map(({ id, number }) => [id, number === null ? null : Number(number)]));
}

const startedIn = (record: LogRecord | undefined): unknown => JSON.parse(parseEnvelope(record?.value ?? '').data).data;

describe('a relay on an older copy of its database', () => {
  it('takes its own events back in, begins an incarnation after them, and goes on', async () => {
    const known = randomUUID();
    await lost.commit(2, known);
    await lost.publishAll();
    const restored = await backUp();
    await lost.commit(2, known);
    const unknown = randomUUID();
    await lost.commit(1, unknown);
    await lost.publishAll();
    const before = await lost.published();

    expect(await run(restored)).toEqual([]);
    const more = await restored.commit(1, known);
    expect(await run(restored)).toEqual([]);

    const records = await restored.published();
    expect(records.slice(0, 5)).toEqual(before);
    expect(records.map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expectOneHistory(records);
    expect(records.map((record) => statementOf(record).incarnation)).toEqual([1, 1, 1, 1, 1, 2, 2]);
    expect(startedIn(records[5])).toEqual({
      agencyId: 'cr-border-intake',
      incarnation: 2,
      previousIncarnation: 1,
      head: { number: 5, treeHead: statementOf(before[4] as LogRecord).treeHead },
      restoredThrough: 2,
      lostEvents: 3,
    });
    expect((await outbox(restored)).get(more[0] ?? '')).toBe(7);
    expect(await relayCounts(restored.database.pool)).toEqual({ committed: 7, sequenced: 7, published: 7 });
    const { rows } = await restored.database.pool.query(
      'SELECT name, version, published_version, published_head FROM es.stream WHERE name = ANY ($1) ORDER BY version',
      [[known, unknown]],
    );
    expect(rows).toEqual([
      { name: unknown, version: 0, published_version: 1, published_head: 'head-1' },
      { name: known, version: 3, published_version: 5, published_head: 'head-5' },
    ]);
  });

  it('takes for its own word nothing that was said under a key that the roots had ended', async () => {
    const known = randomUUID();
    await lost.commit(2, known);
    await lost.publishAll();
    const restored = await backUp();
    await lost.commit(2, known);
    await lost.publishAll();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const ownKeys = [
      { keyId: 'signing-1', publicKey: SIGNING_KEYS.publicKey, fromNumber: 1, throughNumber: 2 },
      { keyId: 'signing-2', publicKey, fromNumber: 5 },
    ];
    const signer = { keyId: 'signing-2', privateKey };
    expect(await run(restored, { ...restored.recovering({ ownKeys }), signer })).toEqual([]);
    expect(await restored.numbers()).toEqual([1, 2, 3, 4, 5]);
    const { pool } = restored.database;
    const taken = await pool.query('SELECT number, type, stream FROM relay.recovered ORDER BY number');
    expect(taken.rows).toEqual([3, 4].map((number) => ({ number, type: null, stream: null })));
    const chain = await pool.query('SELECT published_version AS version FROM es.stream WHERE name = $1', [known]);
    expect(chain.rows).toEqual([{ version: 2 }]);
  });

  it('gives events that it still has the number they had, and no second one', async () => {
    const ids = await lost.commit(3);
    const restored = await backUp();
    await lost.publishAll();
    expect(await run(restored)).toEqual([]);
    const numbers = await outbox(restored);
    expect(ids.map((id) => numbers.get(id))).toEqual([1, 2, 3]);
    expectOneHistory(await restored.published());
    const { rows } = await restored.database.pool.query('SELECT FROM relay.recovered');
    expect(rows).toEqual([]);
  });

  it('from any copy ever made, one after the other: no number is used for two contents', async () => {
    const copies: RelayingNode[] = [await backUp()];
    const keep = async (): Promise<void> => void copies.push(await backUp());
    for (let day = 0; day < 2; day += 1) {
      await lost.commit(2);
      await keep();
      const relay = lost.relayOf();
      await relay.takeOver();
      await relay.sequence();
      await keep();
      await relay.publish();
      await keep();
    }
    for (const [index, copy] of copies.entries()) {
      await copy.commit(1, `after-restore-${index}`); // what the restored copy has not numbered yet
      expect(await run(copy)).toEqual([]);
      expectOneHistory(await copy.published());
    }
    const last = (await lost.published()).at(-1) as LogRecord;
    expect(statementOf(last).incarnation).toBe(1 + copies.length);
  });

  it('knows itself as older by a head alone, where no event was lost', async () => {
    await lost.commit(1);
    await lost.publishAll();
    const restored = await backUp();
    const speaking = lost.relayOf({ ...lost.recovering(), heartbeatIntervalMs: 1 });
    await speaking.start();
    await eventually(async () => expect((await lost.records()).length).toBeGreaterThan(1));
    await speaking.stop();
    const relay = restored.relayOf(restored.recovering());
    await relay.start();
    await eventually(async () => expect(await restored.numbers()).toEqual([1, 2]));
    await relay.stop();
    expect(startedIn((await restored.published())[1])).toMatchObject({ incarnation: 2, lostEvents: 0 });
  });

  it('finishes a recovery that was interrupted, once', async () => {
    await lost.commit(1);
    const restored = await backUp();
    await lost.publishAll();
    let failures = 0;
    const failing = restored.recovering({
      ids: {
        uuid: () => {
          if (failures++ === 0) throw new Error('the process ends here');
          return randomUUID();
        },
      },
    });
    expect(await run(restored, failing)).toHaveLength(1);
    expect(await run(restored)).toEqual([]);
    expect(await restored.numbers()).toEqual([1, 2]);
    expect(startedIn((await restored.published())[1])).toMatchObject({ incarnation: 2, restoredThrough: 0 });
  });

  it('begins no incarnation twice, when the interrupted recovery had taken in one that the copy did not know', async () => {
    await lost.commit(1);
    const restored = await backUp();
    const again = await backUp();
    await lost.publishAll();
    expect(await run(restored)).toEqual([]);
    const uuid = (): string => {
      throw new Error('the process ends here');
    };
    expect((await run(again, again.recovering({ ids: { uuid } }))).length).toBeGreaterThan(0);
    expect(await run(again)).toEqual([]);
    const records = await again.published();
    expect(records.map((record) => statementOf(record).incarnation)).toEqual([1, 2, 3]);
    expect(startedIn(records[2])).toMatchObject({ incarnation: 3, previousIncarnation: 2 });
  });

  it('goes on after a publication that was cut off in the middle of a batch', async () => {
    const restored = await backUp();
    await lost.commit(4);
    await lost.publishAll();
    lost.store.topics.get(TOPIC)?.splice(2);
    expect(await run(restored)).toEqual([]);
    await restored.commit(1);
    expect(await run(restored)).toEqual([]);
    expect(await restored.numbers()).toEqual([1, 2, 3, 4]);
    expectOneHistory(await restored.published());
  });

  it('reads what was published again, and out of order, as one history', async () => {
    await lost.commit(3);
    const restored = await backUp();
    await lost.publishAll();
    const topic = lost.store.topics.get(TOPIC) ?? [];
    const [one, two, three] = topic.splice(0);
    await lost.log.publish(
      TOPIC,
      [three, one, two, three].flatMap((record) => record ?? []),
    );
    expect(await run(restored)).toEqual([]);
    expect(await restored.numbers()).toEqual([3, 1, 2, 3, 4]);
  });
});

describe('a relay refuses for good', () => {
  const codes = (errors: readonly unknown[]): unknown[] =>
    errors.map((error) => (error instanceof OwnTopicError ? error.code : error));

  it('another event on the topic under a number of its store', async () => {
    const twin = await backUp();
    await lost.commit(1);
    await lost.publishAll();
    await twin.commit(1);
    const unaware = twin.relayOf();
    await unaware.takeOver();
    await unaware.sequence();
    expect(codes(await run(twin))).toEqual(['DIFFERENT_BYTES']);
    expect(await twin.numbers()).toEqual([1]);
  });

  it('a number that none of its keys stands for', async () => {
    const restored = await backUp();
    await lost.commit(1);
    await lost.publishAll();
    expect(codes(await run(restored, restored.recovering({ ownKeys: [] })))).toEqual(['UNVERIFIABLE']);
    expect(await relayCounts(restored.database.pool)).toEqual({ committed: 0, sequenced: 0, published: 0 });
  });

  it('a topic that is ahead and lacks a number', async () => {
    const restored = await backUp();
    await lost.commit(3);
    await lost.publishAll();
    const [one, , three] = lost.store.topics.get(TOPIC)?.splice(0) ?? [];
    await lost.log.publish(
      TOPIC,
      [one, three].flatMap((record) => record ?? []),
    );
    await expect(run(restored).then(codes)).resolves.toEqual(['INCOMPLETE']);
  });
});
