import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AppendRequest,
  eventStoreMigrations,
  HybridClockSource,
  inTransaction,
  type InlineProjection,
  PostgresEventStore,
  StreamErasedError,
  StreamMovedError,
} from '@acogida/event-store';
import { KeyRing, KeyStore, MemoryKms, PostgresKeyRows, sealingMigrations, systemRandomness } from '@acogida/sealing';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { systemClock } from '../node/system-time.ts';
import { bedProcedure } from '../testing/specimen-deadlines.ts';
import { CaseTexts } from './case-texts.ts';

const AGENCY = 'cr-border-intake';

/** One process of the node: its own ring and memory, the same database and KMS. */
interface NodeProcess {
  readonly ring: KeyRing;
  readonly keyStore: KeyStore;
  readonly texts: CaseTexts;
  readonly store: PostgresEventStore;
  /** Statements that went out to look for keys. */
  readonly lookups: string[];
}

describe('what a node keeps of a case', () => {
  let database: TestDatabase;
  let node: NodeProcess;
  let caseId: string;
  let stream: string;
  const kms = new MemoryKms();

  async function startProcess(inlineProjections: readonly InlineProjection[] = []): Promise<NodeProcess> {
    const ring = new KeyRing({ network: 'ab'.repeat(32), agency: AGENCY });
    const rows = new PostgresKeyRows((work) => inTransaction(database.pool, work));
    const parts = { clock: systemClock, randomness: systemRandomness };
    const keyStore = await KeyStore.open({ agency: AGENCY, ring, rows, kms, ...parts });
    const lookups: string[] = [];
    const query = ((...given: [string, unknown[]]) => {
      lookups.push(given[0]);
      return database.pool.query(...given);
    }) as unknown as TestDatabase['pool']['query'];
    const texts = new CaseTexts({ agencyId: AGENCY, ring, keyStore, database: { query }, ...parts });
    const store = new PostgresEventStore({
      pool: database.pool,
      clock: systemClock,
      hybridClock: new HybridClockSource(systemClock),
      ids: { uuid: () => randomUUID() },
      seal: () => ({ subject: 's', keyId: 'k', data: 'd' }),
      procedures: [bedProcedure],
      sealing: texts,
      inlineProjections,
    });
    return { ring, keyStore, texts, store, lookups };
  }

  beforeAll(async () => {
    database = await createTestDatabase([...eventStoreMigrations, ...sealingMigrations]);
  });
  afterAll(() => database.drop());

  beforeEach(async () => {
    node = await startProcess();
    caseId = randomUUID();
    stream = `bed-${randomUUID()}`;
  });

  function request(expectedVersion: number, name = stream): AppendRequest {
    const data = { arriveBy: '2026-11-22T09:00:00.000Z' };
    return {
      stream: name,
      expectedVersion,
      events: [{ type: 'BedKept', schemaVersion: 1, data, publish: null }],
      metadata: { correlationId: randomUUID(), causation: null, actor: 'somebody' },
      caseId,
    };
  }

  async function keysOfCase(): Promise<readonly { epoch: number }[]> {
    const { rows } = await database.pool.query<{ epoch: number }>(
      'SELECT epoch FROM keys.own_epoch WHERE case_id = $1',
      [caseId],
    );
    return rows;
  }

  async function erase(of: NodeProcess): Promise<void> {
    const forgotten = await inTransaction(database.pool, (client) => of.keyStore.forget(client, { caseIds: [caseId] }));
    of.ring.drop(forgotten);
  }

  it('begins with keys for every audience, in the transaction of the first append', async () => {
    await node.store.append({ ...request(0), opensCase: true });
    expect(await keysOfCase()).toEqual([{ epoch: 1 }]);
    const { rows } = await database.pool.query('SELECT text, sealed, type, sealed_by FROM es.event WHERE stream = $1', [
      stream,
    ]);
    const keyId = node.ring.current(caseId)?.keys.own.keyId;
    expect(rows).toEqual([{ text: '', sealed: expect.any(Buffer), type: '', sealed_by: keyId }]);
    expect(rows[0].sealed[0]).toBe(3);
    await node.store.append(request(1));
    expect(node.lookups).toEqual([]);
    expect(await node.store.readStream(stream)).toHaveLength(2);
  });

  it('keeps no keys of an append that failed', async () => {
    const breaking: InlineProjection = {
      name: 'breaking',
      apply: async (_events, writer) => void (await writer.query('SELECT 1 / 0')),
      reset: async () => {},
    };
    const { store } = await startProcess([breaking]);
    await expect(store.append(request(0))).rejects.toThrow('division by zero');
    expect(await keysOfCase()).toEqual([]);
  });

  it('takes no keys at hand of an append that was refused while it was prepared', async () => {
    const oversized = { class: 'case', type: 'BedKept', schemaVersion: 1, caseId, data: { text: 'x'.repeat(300_000) } };
    const [event] = request(0).events;
    const refused = { ...request(0), events: [{ ...event, publish: oversized }] } as AppendRequest;
    await expect(node.store.append(refused)).rejects.toMatchObject({ code: 'EVENT_STORE.EVENT_TOO_LARGE' });
    expect(node.ring.current(caseId)).toBeUndefined();
    await node.store.append(request(0));
    expect(await keysOfCase()).toHaveLength(1);
    expect(await (await startProcess()).store.readStream(stream)).toHaveLength(1);
  });

  it('is read by a process that was started again', async () => {
    const { events } = await node.store.append(request(0));
    const again = await startProcess();
    expect(await again.store.readStream(stream)).toEqual(events);
    await again.store.append(request(1));
    expect(await keysOfCase()).toHaveLength(1);
  });

  it('begins once, whichever process is first', async () => {
    const processes = [node, await startProcess(), await startProcess()];
    const names = Array.from({ length: 12 }, () => `bed-${randomUUID()}`);
    await Promise.all(
      names.map((name, index) => {
        const { store } = processes[index % 3] as NodeProcess;
        return store.append({ ...request(0, name), opensCase: index % 2 === 0 });
      }),
    );
    expect(await keysOfCase()).toHaveLength(1);
    for (const { store } of processes) {
      for (const name of names) expect(await store.readStream(name)).toHaveLength(1);
    }
  });

  it('is no more once the keys are forgotten, also where the process had them at hand', async () => {
    await node.store.append(request(0));
    const other = await startProcess();
    await erase(node);
    for (const { store } of [node, other]) {
      await expect(store.readStream(stream)).rejects.toBeInstanceOf(StreamErasedError);
    }
    const events = [];
    for await (const page of node.store.readAll()) events.push(...page.filter((event) => event.stream === stream));
    expect(events).toMatchObject([{ erased: true, type: '', data: {} }]);
  });

  it('does not begin again with keys that an erasure destroyed', async () => {
    await inTransaction(database.pool, (client) => node.store.appendWithin(client, request(0)));
    await erase(node);
    expect(node.texts.hasKeysOf(caseId)).toBe(false);
  });

  it('is refused as erased from then on, and holds up nothing that comes with it', async () => {
    await node.store.append(request(0));
    const other = await startProcess();
    await erase(node);
    const elsewhere = { ...request(0, `bed-${randomUUID()}`), caseId: randomUUID() };
    for (const { store } of [node, other, await startProcess()]) {
      const [refused, accepted] = await Promise.allSettled([
        store.append(request(0, `bed-${randomUUID()}`)),
        store.append({ ...elsewhere, stream: `bed-${randomUUID()}` }),
      ]);
      expect(refused).toMatchObject({ reason: { code: 'CASE_ERASED' } });
      expect(accepted?.status).toBe('fulfilled');
    }
    expect(await keysOfCase()).toEqual([]);
  });

  it('takes nothing under keys that were destroyed, also where the process was not told', async () => {
    await node.store.append(request(0));
    await inTransaction(database.pool, (client) => node.keyStore.forget(client, { caseIds: [caseId] }));
    expect(node.texts.hasKeysOf(caseId)).toBe(true);
    const elsewhere = { ...request(0, `bed-${randomUUID()}`), caseId: randomUUID() };
    const [refused, accepted] = await Promise.allSettled([node.store.append(request(1)), node.store.append(elsewhere)]);
    expect(refused).toMatchObject({ reason: { code: 'CASE_ERASED' } });
    expect(accepted.status).toBe('fulfilled');
    const { rows } = await database.pool.query('SELECT version FROM es.event WHERE stream = $1', [stream]);
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('has an erasure wait for whoever is writing, and then see what was written', async () => {
    await node.store.append(request(0));
    const seen = Promise.withResolvers<number | null>();
    await inTransaction(database.pool, async (client) => {
      await node.store.appendWithin(client, request(1));
      void inTransaction(database.pool, async (erasing) => {
        await node.keyStore.beginErasure(erasing, [caseId]);
        return (await erasing.query('SELECT FROM es.event WHERE stream = $1', [stream])).rowCount;
      }).then(seen.resolve, seen.reject);
      await eventually(async () => {
        const { rows } = await database.pool.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
        );
        expect(rows).toHaveLength(1);
      });
    });
    expect(await seen.promise).toBe(2);
  });

  describe('in the transaction of a policy', () => {
    it('has the transaction tried again where keys were destroyed without a word, and is then refused', async () => {
      await node.store.append(request(0));
      await inTransaction(database.pool, (client) => node.keyStore.forget(client, { caseIds: [caseId] }));
      const append = (): Promise<unknown> =>
        inTransaction(database.pool, (client) => node.store.appendWithin(client, request(1)));
      await expect(append()).rejects.toBeInstanceOf(StreamMovedError);
      await expect(append()).rejects.toBeInstanceOf(StreamErasedError);
    });

    it('is refused as erased, and the transaction goes on', async () => {
      await node.store.append(request(0));
      await erase(node);
      for (const { store } of [node, await startProcess()]) {
        const later = `bed-${randomUUID()}`;
        await inTransaction(database.pool, async (client) => {
          const refused = store.appendWithin(client, request(0, `bed-${randomUUID()}`));
          await expect(refused).rejects.toBeInstanceOf(StreamErasedError);
          await store.appendWithin(client, { ...request(0, later), caseId: randomUUID() });
        });
        expect(await store.readStream(later)).toHaveLength(1);
      }
    });

    it('is found again within it, and by all once it is committed and confirmed', async () => {
      await inTransaction(database.pool, async (client) => {
        await node.store.appendWithin(client, request(0));
        await node.store.appendWithin(client, request(1));
        expect(await node.store.readStream(stream, client)).toHaveLength(2);
        expect(node.ring.current(caseId)).toBeUndefined();
      });
      expect(await keysOfCase()).toHaveLength(1);
      await node.texts.confirm();
      expect(node.ring.current(caseId)).toBeDefined();
      const { length } = node.lookups;
      await node.store.append(request(2));
      expect(await node.store.readStream(stream)).toHaveLength(3);
      expect(node.lookups).toHaveLength(length);
    });

    it('leaves nothing behind when it is rolled back', async () => {
      const rolledBack = inTransaction(database.pool, async (client) => {
        await node.store.appendWithin(client, request(0));
        throw new Error('rolled back');
      });
      await expect(rolledBack).rejects.toThrow('rolled back');
      await node.texts.confirm();
      expect([await keysOfCase(), node.ring.current(caseId)]).toEqual([[], undefined]);
      await node.store.append(request(0));
      expect(await (await startProcess()).store.readStream(stream)).toHaveLength(1);
    });

    it('takes the keys that another process began', async () => {
      const other = await startProcess();
      await other.store.append(request(0, `bed-${randomUUID()}`));
      await inTransaction(database.pool, (client) => node.store.appendWithin(client, request(0)));
      expect(await keysOfCase()).toHaveLength(1);
      await eventually(async () => expect(await other.store.readStream(stream)).toHaveLength(1));
    });
  });
});
