import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodePath, decodeStatement, leafHash, verifyInclusion, verifyStatement } from '@acogida/ledger';
import { relayCounts } from './counts.ts';
import { parseEnvelope, PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import { inStreamOrder } from './relay-sequencing.ts';
import { AGENCY, numberOf, RelayingNode, SIGNING_KEYS } from './testing/relaying-node.ts';

let node: RelayingNode;

beforeAll(async () => {
  node = await RelayingNode.create();
});

beforeEach(() => node.reset());

afterAll(() => node.database.drop());

describe('sequencing', () => {
  it('gives committed events the next numbers without gap, under signed statements that verify', async () => {
    const relay = node.relayOf();
    await relay.takeOver();
    const ids = [...(await node.commit(3)), ...(await node.commit(2))];
    expect(await relay.sequence()).toBe(5);
    const more = await node.commit(1);
    expect(await relay.sequence()).toBe(1);
    expect(await relay.sequence()).toBe(0);
    expect(await relay.publish()).toBe(6);

    const records = await node.published();
    expect(records.map(numberOf)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(records.map(({ value }) => parseEnvelope(value).id)).toEqual([...ids, ...more]);
    for (const record of records) {
      const signed = decodeStatement(record.headers[STATEMENT_HEADER] ?? '');
      const statement = verifyStatement(SIGNING_KEYS.publicKey, signed);
      const included = verifyInclusion({
        leaf: leafHash(record.value),
        index: numberOf(record) - statement.first,
        size: statement.last - statement.first + 1,
        path: decodePath(record.headers[PATH_HEADER] ?? '-') ?? [],
        root: statement.batchRoot,
      });
      expect(included).toBe(true);
      expect(statement).toMatchObject({ agency: AGENCY, incarnation: 1, keyId: 'signing-1', treeSize: statement.last });
    }
    expect(await relayCounts(node.database.pool)).toEqual({ committed: 6, sequenced: 6, published: 6 });
  });

  it('signs at most 500 events at once', async () => {
    await node.commitMany(501);
    const relay = node.relayOf();
    await relay.takeOver();
    expect(await relay.sequence()).toBe(501);
    const { rows } = await node.database.pool.query('SELECT first_number, last_number FROM relay.batch ORDER BY 1');
    expect(rows).toEqual([
      { first_number: 1, last_number: 500 },
      { first_number: 501, last_number: 501 },
    ]);
  });

  it('keeps version order within a stream whatever the order of ids', () => {
    const rows = [
      { stream: 'a', publishedVersion: 2 },
      { stream: 'b', publishedVersion: 1 },
      { stream: 'a', publishedVersion: 1 },
    ];
    expect(inStreamOrder(rows)).toEqual([
      { stream: 'a', publishedVersion: 1 },
      { stream: 'b', publishedVersion: 1 },
      { stream: 'a', publishedVersion: 2 },
    ]);
  });

  it('rolls everything back when one event cannot be written', async () => {
    await node.commit(1);
    await node.database.pool.query(`UPDATE es.outbox SET subject = 'no token'`);
    const relay = node.relayOf();
    await relay.takeOver();
    await expect(relay.sequence()).rejects.toThrow('subject');
    expect(await relayCounts(node.database.pool)).toEqual({ committed: 1, sequenced: 0, published: 0 });
  });
});
