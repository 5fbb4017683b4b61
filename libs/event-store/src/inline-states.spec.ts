import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { InlineProjection, StreamState } from './port.ts';
import type { PostgresEventStore } from './postgres-event-store.ts';
import { appendOf, newStream, sampleStore, step } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

let database: TestDatabase;
let store: PostgresEventStore;
let told: StreamState[];
let order: string[];

const projection: InlineProjection = {
  name: 'states',
  apply: async () => void order.push('events'),
  applyStates: async (states) => {
    order.push('states');
    told.push(...states);
  },
  reset: async () => {},
};

beforeAll(async () => {
  database = await createTestDatabase(eventStoreMigrations);
});
afterAll(() => database.drop());
beforeEach(() => {
  told = [];
  order = [];
  store = sampleStore(database.pool, { inlineProjections: [projection] });
});

describe('the states of streams', () => {
  it('reach inline projections after the events, with the version that they are of', async () => {
    const stream = newStream();
    await store.append({ ...appendOf(stream, 0, step('first')), state: { steps: 1 } });
    expect(order).toEqual(['events', 'states']);
    await store.append({ ...appendOf(stream, 1, step('second')), state: { steps: 2 } }); // its head is known from before
    expect(told).toEqual([
      { stream, version: 1, isNew: true, state: { steps: 1 } },
      { stream, version: 2, isNew: false, state: { steps: 2 } },
    ]);
  });

  it('come also from within a transaction of the caller', async () => {
    const stream = newStream();
    await inTransaction(database.pool, (transaction) =>
      store.appendWithin(transaction, { ...appendOf(stream, 0, step('first')), state: 'first' }),
    );
    expect(told).toEqual([{ stream, version: 1, isNew: true, state: 'first' }]);
  });

  it('are those of accepted requests that said one, and wrote events', async () => {
    const taken = newStream();
    await store.append(appendOf(taken, 0, step('first')));
    const key = randomUUID();
    const reply = { key, fingerprint: 'f', reply: () => ({ status: 200, headers: {}, body: null }) };
    const accepted = newStream();
    const outcomes = await Promise.allSettled([
      store.append({ ...appendOf(taken, 0, step('late')), state: 'refused' }),
      store.append({ ...appendOf(accepted, 0, step('first')), state: 'accepted' }),
      store.append({ ...appendOf(taken, 1), idempotency: reply, state: 'unchanged' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(told).toEqual([{ stream: accepted, version: 1, isNew: true, state: 'accepted' }]);
  });
});
