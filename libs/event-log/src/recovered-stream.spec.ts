import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HybridClockSource, PostgresEventStore } from '@acogida/event-store';
import { randomUUID } from 'node:crypto';
import { AGENCY, RelayingNode, SPEC_CLOCK, SPEC_SEALER } from './testing/relaying-node.ts';

let node: RelayingNode;

beforeAll(async () => {
  node = await RelayingNode.create();
});

afterAll(() => node.database.drop());

describe('a stream of which a restore left only what it had published', () => {
  it('begins again with version 1 and goes on after its published events', async () => {
    const stream = `sample-${randomUUID()}`;
    await node.database.pool.query(
      `INSERT INTO es.stream (name, version, private_head, published_version, published_head) VALUES ($1, 0, $2, 4, 'head-4')`,
      [stream, '0'.repeat(64)],
    );
    const store = new PostgresEventStore({
      pool: node.database.pool,
      clock: SPEC_CLOCK,
      hybridClock: new HybridClockSource(SPEC_CLOCK),
      ids: { uuid: () => randomUUID() },
      seal: ({ id, class: sealedClass, caseId, text }) =>
        SPEC_SEALER.seal({ id, source: AGENCY, class: sealedClass, caseId: caseId ?? '', text }),
      procedures: [
        {
          name: 'sample',
          decider: { initialState: null, decide: () => [], evolve: (state: unknown) => state },
          versions: { StepTaken: 1 },
          upcasters: [],
          publish: () => null,
          caseOf: () => null,
        },
      ],
    });
    expect(await store.readStream(stream)).toEqual([]);
    const publish = { class: 'case', type: 'StepTaken', schemaVersion: 1, caseId: randomUUID(), data: {} } as const;
    const { version } = await store.append({
      ...{ stream, expectedVersion: 0 },
      events: [{ type: 'StepTaken', schemaVersion: 1, data: {}, publish }],
      metadata: { correlationId: randomUUID(), causation: null, actor: 'a' },
      caseId: null,
    });
    await store.drain();
    expect(version).toBe(1);
    const { rows } = await node.database.pool.query('SELECT published_version FROM es.outbox WHERE stream = $1', [
      stream,
    ]);
    expect(rows).toEqual([{ published_version: 5 }]);
  });
});

describe('an event that could never be numbered', () => {
  it.each([
    ['of an unknown class', `'gossip', 'subject', 'key', 'data'`],
    ['sealed without a key', `'case', 'subject', NULL, 'data'`],
    ['without a subject', `'case', '', 'key', 'data'`],
  ])('%s is refused when it is appended', async (_case, columns) => {
    const inserted = node.database.pool.query(
      `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
       VALUES (gen_random_uuid(), gen_random_uuid()::text, 1, ${columns}, '2026-11-22T09:00:00.000Z', '')`,
    );
    await expect(inserted).rejects.toThrow('outbox_writable');
  });
});
