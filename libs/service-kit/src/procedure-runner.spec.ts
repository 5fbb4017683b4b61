import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Clock, type Decider, DomainError } from '@acogida/core';
import {
  eventStoreMigrations,
  HybridClockSource,
  inTransaction,
  isTransientDatabaseError,
  PostgresEventStore,
  type ProcedureDefinition,
  StreamMovedError,
} from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { ExecuteOptions } from './procedure-handler.ts';
import { createProcedureHandler } from './procedure-runner.ts';

type Command = { readonly type: 'FillCup' | 'LookAtCup' | 'FillCupOnce'; readonly by?: number };
type Filled = { readonly type: 'CupFilled'; readonly data: { readonly by: number } };
interface Cup {
  readonly level: number;
}

const decider: Decider<Command, Cup, Filled> = {
  initialState: { level: 0 },
  decide: (command, state) => {
    if (command.type === 'LookAtCup') return [];
    if (command.type === 'FillCupOnce' && state.level > 0)
      throw new DomainError('CUP.FULL', 'conflict', 'the cup is full');
    return Array.from({ length: command.by ?? 1 }, () => ({ type: 'CupFilled' as const, data: { by: 1 } }));
  },
  evolve: (state, event) => ({ level: state.level + event.data.by }),
};

const cup: ProcedureDefinition<Command, Cup, Filled> = {
  name: 'cup',
  decider,
  versions: { CupFilled: 1 },
  upcasters: [],
  publish: (event, state) => ({
    class: 'directory',
    type: 'CupFilled',
    schemaVersion: 1,
    caseId: null,
    data: { by: event.data.by, level: state.level },
  }),
  caseOf: () => null,
};

function fail(code: string): never {
  throw new DomainError(code, 'conflict', 'not now');
}

const FIXED_CLOCK: Clock = { now: () => '2026-11-22T09:00:00.000Z' };

describe('running a command', () => {
  let database: TestDatabase;
  let store: PostgresEventStore;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    store = new PostgresEventStore({
      pool: database.pool,
      clock: FIXED_CLOCK,
      hybridClock: new HybridClockSource(FIXED_CLOCK),
      ids: { uuid: () => randomUUID() },
      seal: ({ text }) => ({ subject: 'directory', keyId: null, data: text }),
      procedures: [cup],
    });
  });
  afterAll(() => database.drop());

  function optionsOf(id: string, command: Command): ExecuteOptions<Command, Cup, Filled> {
    return { procedure: cup, id, command, actor: 'agency.caseworker', correlationId: randomUUID(), causation: null };
  }

  function kept(key: string): NonNullable<ExecuteOptions<Command, Cup, Filled>['idempotency']> {
    return {
      key,
      fingerprint: 'f',
      reply: ({ version, state, events }) => ({
        status: 200,
        headers: {},
        body: { version, level: state.level, events: events.length },
      }),
    };
  }

  test('decides on the folded stream, appends, and answers the new state', async () => {
    const handler = createProcedureHandler(store);
    const id = randomUUID();
    const causation = { source: 'mx-comar', id: randomUUID() };
    expect(await handler.load(cup, id)).toEqual({ version: 0, state: { level: 0 } });
    await handler.execute(optionsOf(id, { type: 'FillCup' }));
    const options = { ...optionsOf(id, { type: 'FillCup', by: 2 }), causation };

    const result = await handler.execute(options);

    expect(result).toMatchObject({ version: 3, state: { level: 3 } });
    expect(result.events).toEqual((await store.readStream(`cup-${id}`)).slice(1));
    expect(result.events[1]).toMatchObject({
      type: 'CupFilled',
      schemaVersion: 1,
      version: 3,
      data: { by: 1 },
      metadata: { actor: 'agency.caseworker', correlationId: options.correlationId, causation },
    });
    expect(await handler.load(cup, id)).toEqual({ version: 3, state: { level: 3 } });
  });

  test('publishes each event with the state right after it', async () => {
    const id = randomUUID();
    await createProcedureHandler(store).execute(optionsOf(id, { type: 'FillCup', by: 3 }));
    const { rows } = await database.pool.query<{ data: string }>(
      'SELECT data FROM es.outbox WHERE stream = $1 ORDER BY outbox_id',
      [`cup-${id}`],
    );
    expect(rows.map((row) => (JSON.parse(row.data) as { data: object }).data)).toEqual([
      { by: 1, level: 1 },
      { by: 1, level: 2 },
      { by: 1, level: 3 },
    ]);
  });

  test('a refusal passes through and nothing is appended', async () => {
    const handler = createProcedureHandler(store);
    const id = randomUUID();
    await handler.execute(optionsOf(id, { type: 'FillCupOnce' }));
    await expect(handler.execute(optionsOf(id, { type: 'FillCupOnce' }))).rejects.toMatchObject({ code: 'CUP.FULL' });
    expect((await handler.load(cup, id)).version).toBe(1);
  });

  test('a command that changes nothing appends nothing, and keeps its reply when asked', async () => {
    const handler = createProcedureHandler(store);
    const id = randomUUID();
    const key = randomUUID();
    const look = optionsOf(id, { type: 'LookAtCup' });
    expect(await handler.execute(look)).toEqual({ version: 0, state: { level: 0 }, events: [] });
    expect(await handler.execute({ ...look, idempotency: kept(key) })).toEqual({
      version: 0,
      state: { level: 0 },
      events: [],
    });
    expect((await store.findReply(key))?.reply.body).toEqual({ version: 0, level: 0, events: 0 });
  });

  test('others moving the stream is met with a fresh decision', async () => {
    const handler = createProcedureHandler(store);
    const id = randomUUID();
    const results = await Promise.all([1, 2, 3, 4].map(() => handler.execute(optionsOf(id, { type: 'FillCup' }))));
    expect(results.map((result) => result.state.level).toSorted()).toEqual([1, 2, 3, 4]);
  });

  test('after five attempts the conflict is the answer', async () => {
    let attempts = 0;
    const restless = createProcedureHandler({
      append: async (request) => {
        attempts += 1;
        await store.append({ ...request, metadata: { ...request.metadata, actor: 'somebody else' } });
        return store.append(request);
      },
      appendTogether: (requests) => store.appendTogether(requests),
      appendTogetherWithin: (transaction, requests) => store.appendTogetherWithin(transaction, requests),
      readStream: (stream, transaction) => store.readStream(stream, transaction),
      findReply: (key) => store.findReply(key),
    });
    const run = restless.execute(optionsOf(randomUUID(), { type: 'FillCup' }));
    await expect(run).rejects.toMatchObject({ name: 'StreamConflictError', expectedVersion: 4, actualVersion: 5 });
    expect(attempts).toBe(5);
  });

  test('a version the client did not see is a conflict at once', async () => {
    const handler = createProcedureHandler(store);
    const id = randomUUID();
    await handler.execute(optionsOf(id, { type: 'FillCup' }));
    const late = handler.execute({ ...optionsOf(id, { type: 'FillCup' }), expectedVersion: 0 });
    await expect(late).rejects.toMatchObject({ name: 'StreamConflictError', expectedVersion: 0, actualVersion: 1 });
    const seen = await handler.execute({ ...optionsOf(id, { type: 'FillCup' }), expectedVersion: 1 });
    expect(seen.version).toBe(2);
  });

  test.each([
    ['the rule refuses it now', undefined],
    ['its version has passed', 0],
  ])('a twin that came second gets the first one’s reply though %s', async (_, expectedVersion) => {
    const handler = createProcedureHandler(store);
    const options = {
      ...optionsOf(randomUUID(), { type: 'FillCupOnce' }),
      idempotency: kept(randomUUID()),
      ...(expectedVersion !== undefined && { expectedVersion }),
    };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => handler.execute(options)));
    outcomes.push(...(await Promise.allSettled([handler.execute(options)])));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({
        name: 'IdempotencyConflictError',
        fingerprint: 'f',
        reply: { status: 200, headers: {}, body: { version: 1, level: 1, events: 1 } },
      });
    }
  });

  test('a fresh id is decided on the initial state without reading; if the stream is there after all, it is read', async () => {
    const reads: string[] = [];
    const handler = createProcedureHandler({
      append: (request) => store.append(request),
      appendTogether: (requests) => store.appendTogether(requests),
      appendTogetherWithin: (transaction, requests) => store.appendTogetherWithin(transaction, requests),
      readStream: (stream, transaction) => {
        reads.push(stream);
        return store.readStream(stream, transaction);
      },
      findReply: (key) => store.findReply(key),
    });
    const id = randomUUID();
    const fresh = { ...optionsOf(id, { type: 'FillCup' as const, by: 2 }), fresh: true };
    expect(await handler.execute(fresh)).toMatchObject({ version: 2, state: { level: 2 } });
    expect(reads).toEqual([]);
    expect(await handler.execute(fresh)).toMatchObject({ version: 4, state: { level: 4 } });
    expect(reads).toEqual([`cup-${id}`]);
  });

  test('a kept reply is the answer also while the gate lets nothing through', async () => {
    const closed = { assertAccepts: () => fail('RECOVERY.STREAM_INCOMPLETE') };
    const options = { ...optionsOf(randomUUID(), { type: 'FillCup' }), idempotency: kept(randomUUID()) };
    await expect(createProcedureHandler(store, closed).execute(options)).rejects.toMatchObject({
      code: 'RECOVERY.STREAM_INCOMPLETE',
    });
    await createProcedureHandler(store).execute(options);
    await expect(createProcedureHandler(store, closed).execute(options)).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      reply: { body: { version: 1, level: 1, events: 1 } },
    });
  });

  test('what a procedure takes unattested passes by the gate, by itself and within a transaction', async () => {
    const closed = createProcedureHandler(store, { assertAccepts: () => fail('STREAM_AWAITS_ATTESTATION') });
    const filling = { ...cup, takesUnattested: ({ type }: Command) => type === 'FillCup' };
    const id = randomUUID();
    const fill = { ...optionsOf(id, { type: 'FillCup' }), procedure: filling };
    expect(await closed.execute(fill)).toMatchObject({ version: 1 });
    const within = inTransaction(database.pool, (transaction) => closed.executeWithin(transaction, fill));
    expect(await within).toMatchObject({ version: 2 });
    const look = { ...optionsOf(id, { type: 'LookAtCup' }), procedure: filling };
    await expect(closed.execute(look)).rejects.toMatchObject({ code: 'STREAM_AWAITS_ATTESTATION' });
  });

  test('within a transaction it reads and appends there, and leaves nothing on rollback', async () => {
    const handler = createProcedureHandler(store);
    const id = randomUUID();
    const work = inTransaction(database.pool, async (client) => {
      const first = await handler.executeWithin(client, optionsOf(id, { type: 'FillCup' }));
      expect(first).toMatchObject({ version: 1, state: { level: 1 } });
      const second = await handler.executeWithin(client, optionsOf(id, { type: 'FillCup' }));
      expect(second).toMatchObject({ version: 2, state: { level: 2 } });
      expect(await handler.executeWithin(client, optionsOf(id, { type: 'LookAtCup' }))).toEqual({
        version: 2,
        state: { level: 2 },
        events: [],
      });
      expect(await handler.load(cup, id, client)).toEqual({ version: 2, state: { level: 2 } });
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect((await handler.load(cup, id)).version).toBe(0);
  });

  test('within a transaction a conflict is transient', async () => {
    const id = randomUUID();
    const overtaken = createProcedureHandler({
      append: (request) => store.append(request),
      appendTogether: (requests) => store.appendTogether(requests),
      appendTogetherWithin: async (transaction, requests) => {
        await store.appendTogether(requests);
        return store.appendTogetherWithin(transaction, requests);
      },
      readStream: (stream, transaction) => store.readStream(stream, transaction),
      findReply: (key) => store.findReply(key),
    });
    const work = inTransaction(database.pool, (client) =>
      overtaken.executeWithin(client, optionsOf(id, { type: 'FillCup' })),
    );
    await expect(work).rejects.toBeInstanceOf(StreamMovedError);
    await work.catch((error: unknown) => expect(isTransientDatabaseError(error)).toBe(true));
  });
});
