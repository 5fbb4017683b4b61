import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import * as fc from 'fast-check';
import { AgencyStoppedError, GapError } from './inbox-port.ts';
import { benchMigrations } from './inbox-testing/inbox-bench.ts';
import { type SimulatedEvent, SimulatedAgency } from './inbox-testing/simulated-agency.ts';
import { MemoryStoreBench, PostgresStoreBench, type StoreBench } from './inbox-testing/store-bench.ts';
import { type EventLog, type LogRecord, topicOf } from './port.ts';

const CASES = ['0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01', '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12'];

/** What agencies publish: what takes effect, what fails once or twice, what cannot be understood, and what passes by. */
const KINDS: readonly SimulatedEvent[] = [
  {},
  {},
  { type: 'HoldPlaced', class: 'hold' },
  { type: 'UnknownThing' },
  { type: 'UnknownHold', class: 'hold' },
  { type: 'Malformed' },
  { type: 'Refused1' },
  { type: 'Refused2' },
  { foreignKey: true },
  { foreignKey: true, ownSubject: true },
  { brokenSeal: true },
  { version: 9 },
];

const published = fc.array(
  fc.record({ agency: fc.nat(1), kind: fc.nat(KINDS.length - 1), caseOf: fc.nat(1), caused: fc.boolean() }),
  { minLength: 4, maxLength: 14, size: 'max' },
);
const deliveries = fc.array(
  fc.record({ agency: fc.nat(1), from: fc.nat(9), count: fc.integer({ min: 1, max: 6 }), what: fc.nat(9) }),
  { minLength: 3, maxLength: 16, size: 'max' },
);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});
afterAll(() => database.drop());

type Publication = { agency: number; kind: number; caseOf: number; caused: boolean };

/** Every agency's topic: its events, some of them caused by what the other said before, and a signed head at the end. */
function publish(agencies: readonly SimulatedAgency[], publications: readonly Publication[]): LogRecord[][] {
  const topics: LogRecord[][] = agencies.map(() => []);
  const lastIds: (string | undefined)[] = [];
  for (const { agency, kind, caseOf, caused } of publications) {
    const from = agencies[agency] as SimulatedAgency;
    const other = 1 - agency;
    const id = lastIds[other];
    const causation = caused && id !== undefined ? { source: (agencies[other] as SimulatedAgency).agencyId, id } : null;
    const [record] = from.publish({ ...KINDS[kind], caseId: CASES[caseOf] as string, causation });
    lastIds[agency] = record.id;
    topics[agency]?.push(record);
  }
  agencies.forEach((agency, index) => topics[index]?.push(agency.head()));
  return topics;
}

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof GapError || error instanceof AgencyStoppedError) return error.message;
    throw error;
  }
}

describe('the stores of the inbox', () => {
  it('hold the same after the same deliveries: duplicates, gaps, forgeries, failures, lanes that wait and are released', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(published, deliveries, async (publications, script) => {
        const agencies = [new SimulatedAgency('cr-border-intake'), new SimulatedAgency('cr-refugee-unit')];
        const trusted = agencies.map((agency) => agency.trusted);
        const topics = publish(agencies, publications);
        const hasPublished = publications.some(({ agency }) => agency === 0);
        const liar = hasPublished ? agencies[0]?.contradict(1) : undefined; // one who said nothing contradicts nothing
        const postgres = new PostgresStoreBench(database.pool, trusted);
        await postgres.empty();
        const memory = new MemoryStoreBench(trusted);
        const told = async (bench: StoreBench): Promise<unknown[]> => {
          const said: unknown[] = [];
          let inbox = bench.inbox();
          const log = logOf(agencies, topics);
          for (const { agency, from, count, what } of script) {
            const topic = topics[agency] as LogRecord[];
            const records = topic.slice(from % topic.length, (from % topic.length) + count);
            if (what === 0) records.push({ ...(records[0] as LogRecord), headers: {} });
            if (what === 1 && script.length > 10 && liar !== undefined) records.push(liar);
            if (what === 2) inbox = bench.inbox();
            const name = topicOf((agencies[agency] as SimulatedAgency).agencyId);
            said.push(await outcomeOf(inbox.receive(name, records)));
            const subject = subjectOf(records[0]);
            const lane = { source: (agencies[agency] as SimulatedAgency).agencyId, subject };
            if (what === 3 && subject !== '') said.push(await outcomeOf(inbox.lanes.release(lane)));
            if (what === 4 && subject !== '') said.push(await bench.unlock(lane, log));
            if (what === 5) bench.sealing.takeKey();
          }
          return [...said, bench.alarms];
        };
        expect(await told(memory)).toEqual(await told(postgres));
        const snapshot = await memory.snapshot();
        expect(snapshot).toEqual(await postgres.snapshot());
        for (const { state } of (snapshot as { events: { state: string }[] }).events) reached.add(state);
      }),
      { numRuns: 60 },
    );
    expect([...reached].toSorted()).toEqual(['applied', 'held', 'parked', 'quarantined', 'sealed', 'unknown']);
  });
});

/** A log that holds the topics whole. */
function logOf(
  agencies: readonly SimulatedAgency[],
  topics: readonly (readonly LogRecord[])[],
): Pick<EventLog, 'read'> {
  return {
    async *read(topic) {
      const records = topics[agencies.findIndex(({ agencyId }) => topicOf(agencyId) === topic)] ?? [];
      yield records.map((record, index) => ({ ...record, topic, position: BigInt(index) }));
    },
  };
}

/** The lane of a record; '' for a head. */
function subjectOf(record: LogRecord | undefined): string {
  const { subject } = JSON.parse(record?.value ?? '{}') as { subject?: string };
  return subject ?? '';
}
