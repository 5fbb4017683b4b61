import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventStoreMigrations, MemoryDatabase, memoryOutbox } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import * as fc from 'fast-check';
import { MemoryEventLog } from './memory-log.ts';
import { MemoryRelayStore } from './memory-relay-store.ts';
import { eventLogMigrations } from './migrations.ts';
import { PostgresRelayStore } from './postgres-relay-store.ts';
import { Relay } from './relay.ts';
import { RelayDeposedError } from './relay-port.ts';
import type { RelayStore } from './relay-store.ts';
import { AGENCY, SIGNING_KEYS, TOPIC } from './testing/relaying-node.ts';

/** An outbox row as an append leaves it. */
interface Row {
  readonly eventId: string;
  readonly stream: string;
  readonly publishedVersion: number;
}

/** A node's outbox and relay store of one kind. */
interface Kind {
  readonly store: RelayStore;
  commit(rows: readonly Row[]): Promise<void>;
}

const NOW = '2026-11-22T09:00:00.000Z';
const COMMON = {
  class: 'case',
  subject: '0f'.repeat(16),
  keyId: `1.${'A'.repeat(43)}`,
  data: 'AAAA',
  time: NOW,
  clock: '',
};

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([...eventStoreMigrations, ...eventLogMigrations]);
});
afterAll(() => database.drop());

async function onPostgres(): Promise<Kind> {
  const { pool } = database;
  await pool.query(
    `TRUNCATE es.outbox, relay.batch, relay.published, relay.recovery, relay.recovered, relay.attestation;
     UPDATE relay.cursor SET term = 0, incarnation = 1, last_number = 0, frontier = '0', published_through = 0,
                             compared_through = 0, compared_position = 0, head_sequence = 0`,
  );
  return {
    store: new PostgresRelayStore(pool),
    commit: async (rows) => {
      for (const { eventId, stream, publishedVersion } of rows) {
        await pool.query(
          `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [eventId, stream, publishedVersion, ...Object.values(COMMON)],
        );
      }
    },
  };
}

async function inMemory(): Promise<Kind> {
  const memory = new MemoryDatabase();
  const outbox = memoryOutbox(memory);
  return {
    store: new MemoryRelayStore(memory),
    commit: (rows) =>
      memory.transaction(async (transaction) => {
        for (const row of rows) {
          const outboxId = String(memory.next('es.outbox'));
          outbox.set(transaction, outboxId, { ...COMMON, ...row, outboxId, number: null });
        }
      }),
  };
}

type Move = 'commit' | 'sequence' | 'publish' | 'take over' | 'sequence as before' | 'compare' | 'look';
const MOVES: readonly Move[] = [
  ...(['commit', 'commit', 'sequence', 'publish'] as const),
  ...(['take over', 'sequence as before', 'compare', 'look'] as const),
];

/** Does what the script says, and tells everything that can be seen of it. */
async function play({ store, commit }: Kind, script: readonly Move[]): Promise<unknown[]> {
  const log = new MemoryEventLog();
  await log.ensureTopic(TOPIC);
  const signer = { keyId: 'signing-1', privateKey: SIGNING_KEYS.privateKey };
  const relayOf = async (): Promise<Relay> => {
    const relay = new Relay({ agencyId: AGENCY, store, log, signer });
    await relay.takeOver();
    return relay;
  };
  const said: unknown[] = [];
  let [relay, older, drawn] = [await relayOf(), await relayOf(), 0];
  relay = await relayOf();
  for (const move of script) {
    said.push(move, await outcomeOf(() => step(move)));
    said.push(await store.storedAfter(0));
  }
  const records: unknown[] = [];
  for await (const page of log.read(TOPIC, 0n)) records.push(...page);
  return [...said, records];

  async function step(move: Move): Promise<unknown> {
    switch (move) {
      case 'commit': {
        drawn += 1;
        const eventId = `00000000-0000-4000-8000-${String(drawn).padStart(12, '0')}`;
        await commit([{ eventId, stream: `visit-${drawn % 2}`, publishedVersion: drawn }]);
        return drawn;
      }
      case 'sequence':
        return relay.sequence();
      case 'publish':
        return relay.publish();
      case 'take over':
        older = relay;
        relay = await relayOf();
        return null;
      case 'sequence as before':
        return older.sequence();
      case 'compare': {
        const { term } = await store.takeOver();
        const place = await store.noteCompared(term, 1, 1n);
        relay = await relayOf();
        return { ...place, frontier: place.frontier.serialise() };
      }
      case 'look':
        return [...(await store.leavesOf([1, 2, 3]))];
    }
  }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RelayDeposedError) return error.message;
    throw error;
  }
}

describe('the stores of the relay', () => {
  it('give the same numbers, bytes and refusals for the same moves, whoever is deposed meanwhile', async () => {
    const scripts = fc.array(fc.constantFrom(...MOVES), { minLength: 4, maxLength: 24, size: 'max' });
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        expect(await play(await inMemory(), script)).toEqual(await play(await onPostgres(), script));
      }),
      { numRuns: 40 },
    );
  });

  it('give a head a sequence of its own only where everything is known to be published', async () => {
    for (const kind of [await inMemory(), await onPostgres()]) {
      const { store, commit } = kind;
      const log = new MemoryEventLog();
      await log.ensureTopic(TOPIC);
      const signer = { keyId: 'signing-1', privateKey: SIGNING_KEYS.privateKey };
      const relay = new Relay({ agencyId: AGENCY, store, log, signer });
      await commit([{ eventId: '00000000-0000-4000-8000-000000000001', stream: 'visit-1', publishedVersion: 1 }]);
      await relay.takeOver();
      await relay.sequence();
      const ahead = await store.loadPlace(1);
      await expect(store.nextHead(1, ahead, 1n)).rejects.toThrow('not where this relay took it to be');
      await relay.publish();
      const place = await store.loadPlace(1);
      expect([await store.nextHead(1, place, 1n), await store.nextHead(1, place, 2n)]).toEqual([1, 2]);
      expect(await store.loadPlace(1)).toMatchObject({ headSequence: 2, comparedThrough: 1, comparedPosition: 2n });
      await expect(store.nextHead(2, place, 1n)).rejects.toThrow(RelayDeposedError);
      expect(await store.isRecoveryUnderWay()).toBe(false);
    }
  });
});
