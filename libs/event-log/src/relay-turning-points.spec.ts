import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeStatement, verifyStatement } from '@acogida/ledger';
import { eventually } from '@acogida/testing';
import { STATEMENT_HEADER } from './envelope.ts';
import type { TrustedKey } from './inbox-port.ts';
import type { RelayOptions } from './relay-port.ts';
import { RelayingNode, SIGNING_KEYS } from './testing/relaying-node.ts';

const NEXT = generateKeyPairSync('ed25519');
let node: RelayingNode;
/** Number of the event after which the next key signs, once it was told. */
let turnedAt: number | null;

beforeAll(async () => {
  node = await RelayingNode.create();
});

beforeEach(async () => {
  await node.reset();
  turnedAt = null;
});

afterAll(() => node.database.drop());

/** An outbox where the event at each of these places, from 1, is one after which another key signs. */
async function commit(count: number, ...turns: readonly number[]): Promise<void> {
  await node.commitMany(count);
  for (const turn of turns) {
    await node.database.pool.query(`UPDATE es.outbox SET data = '{"turn":true}' WHERE published_version = $1`, [turn]);
  }
}

/** As a node's trust does: looks for the turning points that have a number. */
async function takeTurns(at = node): Promise<void> {
  const { rows } = await at.database.pool.query<{ number: string | null }>(
    `SELECT max(number) AS number FROM es.outbox WHERE data = '{"turn":true}'`,
  );
  turnedAt = rows[0]?.number == null ? null : Number(rows[0].number);
}

function turning(onSequenced: () => Promise<void> = takeTurns): Pick<RelayOptions, 'signer' | 'turningPoints'> {
  return {
    signer: (number) =>
      turnedAt === null || number <= turnedAt
        ? { keyId: 'signing-1', privateKey: SIGNING_KEYS.privateKey }
        : { keyId: 'signing-2', privateKey: NEXT.privateKey },
    turningPoints: {
      isOne: ({ data }) => data.includes('"turn"'),
      onSequenced,
      onFound: ({ number }) => void (turnedAt = number),
    },
  };
}

/** Range and key of each batch, whose signature holds. */
async function batches(at = node): Promise<string[]> {
  const { rows } = await at.database.pool.query<{ statement: string }>(
    'SELECT statement FROM relay.batch ORDER BY first_number',
  );
  return rows.map(({ statement }) => {
    const signed = decodeStatement(statement);
    const { keyId, first, last } = signed.statement;
    verifyStatement(keyId === 'signing-1' ? SIGNING_KEYS.publicKey : NEXT.publicKey, signed);
    return `${first}-${last} ${keyId}`;
  });
}

describe('an event after which another key signs', () => {
  it.each([
    [1, ['1-1 signing-1', '2-5 signing-2']],
    [3, ['1-3 signing-1', '4-5 signing-2']],
    [5, ['1-5 signing-1']],
  ])('ends its batch at place %i of 5', async (place, expected) => {
    await commit(5, place);
    await node.publishAll(turning());
    expect(await batches()).toEqual(expected);
    expect((await node.published()).every(({ headers }) => STATEMENT_HEADER in headers)).toBe(true);
    expect(await node.numbers()).toEqual([1, 2, 3, 4, 5]);
  });

  it('is not needed where the next key begins at a number that was said before', async () => {
    await commit(5);
    turnedAt = 3;
    await node.publishAll(turning(async () => {}));
    expect(await batches()).toEqual(['1-3 signing-1', '4-5 signing-2']);
  });

  it('is followed by the right key after a crash right behind it', async () => {
    await commit(2, 2);
    const died = node.relayOf(
      turning(() => (turnedAt === null ? Promise.resolve() : Promise.reject(new Error('gone')))),
    );
    await died.takeOver();
    await died.sequence();
    await node.database.pool.query(
      `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, data, "time", clock)
       VALUES (gen_random_uuid(), 'agency-a', 3, 'directory', 'directory', '{}', '2026-11-22T09:00:00.000Z', '')`,
    );
    await node.publishAll(turning());
    expect(await batches()).toEqual(['1-2 signing-1', '3-3 signing-2']);
  });

  it('counts at this node itself once it is published, and not with the next round', async () => {
    await commit(1, 1);
    const relay = node.relayOf({ ...turning(), pollIntervalMs: 600_000 });
    await relay.start();
    await eventually(() => expect(turnedAt).toBe(1));
    await relay.stop();
    expect(await batches()).toEqual(['1-1 signing-1']);
  });

  it('lets nothing be signed while it is not known whose key counts', async () => {
    await commit(3, 1);
    const relay = node.relayOf(
      turning(() => (turnsAsked++ === 0 ? Promise.resolve() : Promise.reject(new Error('away')))),
    );
    let turnsAsked = 0;
    await relay.takeOver();
    await expect(relay.sequence()).rejects.toThrow('away');
    expect(await batches()).toEqual(['1-1 signing-1']);
  });

  it('is believed in its place when an older copy takes its events back in', async () => {
    await commit(5, 3);
    const copy = await node.copy();
    await node.publishAll(turning());
    turnedAt = null;
    const ownKeys = (): TrustedKey[] => [
      {
        ...{ keyId: 'signing-1', publicKey: SIGNING_KEYS.publicKey, fromNumber: 1 },
        ...(turnedAt === null ? {} : { throughNumber: turnedAt }),
      },
      ...(turnedAt === null ? [] : [{ keyId: 'signing-2', publicKey: NEXT.publicKey, fromNumber: turnedAt + 1 }]),
    ];
    const compared = Promise.withResolvers<void>();
    const relay = copy.relayOf({
      ...turning(() => takeTurns(copy)),
      ...copy.recovering({ ownKeys }),
      onTailCompared: () => compared.resolve(),
      onError: compared.reject,
    });
    await relay.start();
    await compared.promise;
    await relay.stop();
    expect(await batches(copy)).toEqual(['1-3 signing-1', '4-5 signing-2', '6-6 signing-2']);
    await copy.database.drop();
  });
});
