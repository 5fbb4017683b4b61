import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Clock, DomainError } from '@acogida/core';
import {
  eventStoreMigrations,
  HybridClockSource,
  inTransaction,
  PostgresEventStore,
  type ProcedureDefinition,
} from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { ExecuteOptions } from './procedure-handler.ts';
import { type CommandStore, createProcedureHandler } from './procedure-runner.ts';

interface Poured {
  readonly type: 'Poured';
  readonly data: { readonly by: number };
}
type Vessel = ProcedureDefinition<number, number, Poured>;

/** Filled to a level, never above ten; a command of 0 changes nothing. */
function vessel(name: string): Vessel {
  return {
    ...{ name, versions: { Poured: 1 }, upcasters: [], caseOf: () => null },
    decider: {
      initialState: 0,
      decide: (by, level) => {
        if (level + by > 10) throw new DomainError('VESSEL.FULL', 'conflict', 'it runs over');
        return by === 0 ? [] : [{ type: 'Poured', data: { by } }];
      },
      evolve: (level, { data }) => level + data.by,
    },
    publish: ({ data }) => ({ class: 'directory', type: 'Poured', schemaVersion: 1, caseId: null, data: { ...data } }),
  };
}

const [cup, saucer, trays] = [vessel('cup'), vessel('saucer'), vessel('tray')];
const CLOCK: Clock = { now: () => '2026-11-22T09:00:00.000Z' };

describe('a command with another one beside it', () => {
  let database: TestDatabase;
  let store: PostgresEventStore;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    store = new PostgresEventStore({
      ...{ pool: database.pool, clock: CLOCK, hybridClock: new HybridClockSource(CLOCK), ids: { uuid: randomUUID } },
      ...{ seal: ({ text }) => ({ subject: 'directory', keyId: null, data: text }), procedures: [cup, saucer, trays] },
    });
  });
  afterAll(() => database.drop());

  /** Fills the cup, and the saucer of the same id up to a level by what the cup says. */
  function fill(
    by: number,
    saucerTo: (level: number) => number,
    more: Partial<ExecuteOptions<number, number, Poured>> = {},
  ): ExecuteOptions<number, number, Poured> {
    const id = more.id ?? randomUUID();
    return {
      ...{ procedure: cup, id, command: by, actor: 'agency.officer', correlationId: randomUUID(), causation: null },
      beside: ({ state }) => {
        const commands = (level: number) => (saucerTo(state) > level ? [1, saucerTo(state) - level - 1] : [0]);
        return Promise.resolve([{ procedure: saucer, id, commands }]);
      },
      ...more,
    };
  }

  const levels = async (id: string): Promise<readonly number[]> => {
    const handler = createProcedureHandler(store);
    return [(await handler.load(cup, id)).state, (await handler.load(saucer, id)).state];
  };
  const once = (key: string) => ({
    ...{ key, fingerprint: 'f' },
    reply: ({ version }: { readonly version: number }) => ({ status: 200, headers: {}, body: { version } }),
  });

  /** A store on which somebody else pours into the saucer before the first append. */
  function overtakenOnce(id: string): CommandStore {
    let isOvertaken = false;
    const overtake = async (): Promise<void> => {
      if (isOvertaken) return;
      isOvertaken = true;
      await createProcedureHandler(store).execute({ ...fill(1, () => 0, { id }), procedure: saucer });
    };
    return {
      append: (request) => overtake().then(() => store.append(request)),
      appendTogether: (requests) => overtake().then(() => store.appendTogether(requests)),
      appendTogetherWithin: (transaction, requests) => store.appendTogetherWithin(transaction, requests),
      readStream: (stream, transaction) => store.readStream(stream, transaction),
      findReply: (key) => store.findReply(key),
    };
  }

  test('appends both at once, the other one first, and answers its own', async () => {
    const options = fill(2, (level) => level + 1);
    const result = await createProcedureHandler(store).execute({ ...options, fresh: true });
    expect([result.version, result.state, result.events.length]).toEqual([1, 2, 1]);
    expect(await levels(options.id)).toEqual([2, 3]);
    const { rows } = await database.pool.query('SELECT stream FROM es.outbox WHERE stream LIKE $1 ORDER BY outbox_id', [
      `%${options.id}`,
    ]);
    expect(rows.map(({ stream }: { stream: string }) => stream.split('-')[0])).toEqual(['saucer', 'saucer', 'cup']);
  });

  test('moves the other one though its own changes nothing, with and without a reply to keep', async () => {
    const handler = createProcedureHandler(store);
    const options = fill(0, () => 3);
    expect(await handler.execute(options)).toEqual({ version: 0, state: 0, events: [] });
    expect(await levels(options.id)).toEqual([0, 3]);
    const again = fill(0, () => 4, { id: options.id, idempotency: once(randomUUID()) });
    expect(await handler.execute(again)).toEqual({ version: 0, state: 0, events: [] });
    expect(await levels(options.id)).toEqual([0, 4]);
    await expect(handler.execute(again)).rejects.toMatchObject({ name: 'IdempotencyConflictError' });
  });

  test.each([
    ['that it moves', 5],
    ['that it leaves as it found it', 2],
  ])('is decided again where somebody else moves a stream %s, also under the version it was seen at', async (_, to) => {
    const id = randomUUID();
    await createProcedureHandler(store).execute(fill(1, () => 2, { id }));
    let decisions = 0;
    const options = fill(1, () => to, { id, expectedVersion: 1, idempotency: once(randomUUID()) });
    const counted: typeof options = {
      ...options,
      beside: async (decided) => {
        decisions += 1;
        return (await options.beside?.(decided)) ?? [];
      },
    };
    const result = await createProcedureHandler(overtakenOnce(id)).execute(counted);
    expect([decisions, result.version, result.state]).toEqual([2, 2, 2]);
    expect(await levels(id)).toEqual([2, Math.max(to, 3)]);
  });

  test('is refused with the other one, and nothing of either is there', async () => {
    const options = fill(2, () => 11);
    await expect(createProcedureHandler(store).execute(options)).rejects.toMatchObject({ code: 'VESSEL.FULL' });
    expect(await levels(options.id)).toEqual([0, 0]);
    const closed = {
      assertAccepts: (stream: string) => {
        if (stream.startsWith('saucer')) throw new DomainError('CLOSED', 'conflict', 'not now');
      },
    };
    const handler = createProcedureHandler(store, closed);
    await expect(handler.execute(fill(2, () => 3, { id: options.id }))).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await levels(options.id)).toEqual([0, 0]);
  });

  test('goes on where the other stream lost work, as far as its procedure takes that unattested', async () => {
    const closed = {
      assertAccepts: (stream: string) => {
        if (stream.startsWith('tray')) throw new DomainError('CLOSED', 'conflict', 'not now');
      },
    };
    const tray = (takes: number): Vessel => ({ ...trays, takesUnattested: (by) => by === takes });
    const handler = createProcedureHandler(store, closed);
    const id = randomUUID();
    const beside = (procedure: Vessel, ...commands: readonly number[]) =>
      fill(2, () => 0, { id, beside: async () => [{ procedure, id, commands: () => commands }] });
    await expect(handler.execute(beside(tray(3), 3, 1))).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(handler.execute(beside(tray(3)))).rejects.toMatchObject({ code: 'CLOSED' });
    await handler.execute(beside(tray(3), 3));
    expect(await store.readStream(`tray-${id}`)).toHaveLength(1);
  });

  test('is sent twice at once, and takes effect once', async () => {
    const options = fill(2, (level) => level, { idempotency: once(randomUUID()) });
    const handler = createProcedureHandler(store);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => handler.execute(options)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await levels(options.id)).toEqual([2, 2]);
  });

  test('stands or falls with the transaction that it is in', async () => {
    const handler = createProcedureHandler(store);
    const options = fill(2, (level) => level);
    const within = (end: 'kept' | 'rolled back') =>
      inTransaction(database.pool, async (transaction) => {
        const { version, state } = await handler.executeWithin(transaction, options);
        expect([version, state]).toEqual([1, 2]);
        if (end === 'rolled back') throw new Error(end);
      });
    await expect(within('rolled back')).rejects.toThrow('rolled back');
    expect(await levels(options.id)).toEqual([0, 0]);
    await within('kept');
    expect(await levels(options.id)).toEqual([2, 2]);
  });
});
