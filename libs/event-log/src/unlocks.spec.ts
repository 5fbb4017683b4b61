import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import type { Inbox } from './inbox.ts';
import { LogShortError } from './inbox-replay.ts';
import { resumeAgency } from './inbox-resumption.ts';
import { benchMigrations, InboxBench, readerOfVersionOne } from './inbox-testing/inbox-bench.ts';
import type { SimulatedAgency, SimulatedEvent, SimulatedRecord } from './inbox-testing/simulated-agency.ts';
import { MemoryEventLog } from './memory-log.ts';
import { type LogRecord, topicOf } from './port.ts';
import { PostgresInboxStore } from './postgres-inbox-store.ts';
import { Unlocks } from './unlocks.ts';

const CASE_B = '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12';
const FOREIGN: SimulatedEvent = { foreignKey: true };

let database: TestDatabase;
let bench: InboxBench;
let log: MemoryEventLog;
let store: PostgresInboxStore;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});
beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
  store = new PostgresInboxStore(database.pool);
  log = new MemoryEventLog();
  for (const { agencyId } of [bench.intake, bench.asylum]) await log.ensureTopic(topicOf(agencyId));
});
afterAll(() => database.drop());

/** Publishes, and receives it as the log delivers it. */
async function hear(
  agency: SimulatedAgency,
  records: readonly LogRecord[],
  inbox: Inbox = bench.inbox(),
): Promise<void> {
  const topic = topicOf(agency.agencyId);
  const from = await log.end(topic);
  await log.publish(topic, records);
  for await (const page of log.read(topic, from)) await inbox.receive(topic, page);
}

function subjectOf({ value }: LogRecord): string {
  return (JSON.parse(value) as { subject: string }).subject;
}

function want(...records: readonly SimulatedRecord[]): Promise<void> {
  const source = bench.intake.agencyId;
  const lanes = records.map((record) => ({ source, subject: subjectOf(record) }));
  return inTransaction(database.pool, (transaction) => store.wantUnlock(transaction, lanes));
}

function unlocks(changes: Partial<ConstructorParameters<typeof Unlocks>[0]> = {}): Unlocks {
  return new Unlocks({ store, log, inbox: bench.inbox(), ...changes });
}

async function open(): Promise<unknown[]> {
  return (await store.openUnlocks()).map(({ subject, wanted }) => [subject, wanted]);
}

describe('events whose keys come after them', () => {
  it('take effect in the order of their numbers, once, and are shown opened', async () => {
    const records = bench.intake.publish(FOREIGN, {}, FOREIGN, {});
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(records[0], records[2]); // of one subject
    expect(await unlocks().run()).toBe(2);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(await bench.reacted()).toEqual([2, 4, 1, 3].map((number) => `cr-border-intake/${number}`));
    expect(bench.sets).toEqual([
      { opened: [2, 4], sealed: [1, 3] },
      { opened: [1, 3], sealed: [] },
    ]);
    expect(await bench.counts(bench.intake)).toMatchObject({
      applied: 4,
      sealed: 0,
      outOfOrder: 0,
      duplicatesInEffect: 0,
    });
    expect(await open()).toEqual([]);
    await want(records[0]);
    expect(await unlocks().run()).toBe(0);
    expect(bench.effects).toBe(2);
  });

  it('are opened a page after the other, wherever they stand on the topic', async () => {
    const [first] = bench.intake.publish({});
    const head = bench.intake.head();
    const records = bench.intake.publish(...Array.from({ length: 210 }, () => FOREIGN));
    await hear(bench.intake, [first, head, ...records]);
    bench.sealing.giveKey();
    await want(records[0] as SimulatedRecord);
    expect(await unlocks().run()).toBe(210);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 211, sealed: 0, outOfOrder: 0 });
  });

  it('are looked for together on the log, whatever their subjects', async () => {
    const subjects = Array.from({ length: 40 }, (_, index) => ({
      ...FOREIGN,
      ownSubject: true,
      caseId: `1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f${10 + index}`,
    }));
    const records = bench.intake.publish(...subjects);
    expect(new Set(records.map(subjectOf)).size).toBe(40);
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(...records);
    let reads = 0;
    const counted = {
      read: (topic: string, from: bigint) => {
        reads += 1;
        return log.read(topic, from);
      },
    };
    expect(await unlocks({ log: counted }).run()).toBe(40);
    expect(reads).toBe(2);
    expect(await open()).toEqual([]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 40, sealed: 0, unlocking: 0 });
  });

  it('hold back what comes next on their case where they are found to be broken, and not what took effect', async () => {
    const of = { ...FOREIGN, ownSubject: true, caseId: CASE_B };
    bench.sealing.viaOf = () => ({ under: 'group', caseId: CASE_B, audience: 'coded', epoch: 1 });
    const [broken, next] = bench.intake.publish({ ...of, brokenSeal: true }, { ...of, foreignKey: false });
    await hear(bench.intake, [broken, next]);
    expect(await bench.states(bench.intake)).toEqual(['sealed', 'applied']);
    bench.sealing.giveKey();
    await want(broken);
    expect(await unlocks().run()).toBe(1);
    await hear(bench.intake, bench.intake.publish(of));
    expect(await bench.states(bench.intake)).toEqual(['quarantined', 'applied', 'held']);
    expect(bench.alarms).toMatchObject([{ kind: 'quarantined', number: 1, reason: 'BROKEN_SEAL' }]);
  });

  it('stay sealed under other subjects, and where the key is for another audience', async () => {
    const records = bench.intake.publish(FOREIGN, { ...FOREIGN, caseId: CASE_B }, FOREIGN);
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    bench.sealing.hidden.add(records[2].id);
    await want(records[0]);
    expect(await unlocks().run()).toBe(1);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'sealed', 'sealed']);
    expect(await open()).toEqual([]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 1, sealed: 2 });
  });

  it('wait for their cause, and hold back what comes after them in their lane, not what came before', async () => {
    const [cause] = bench.asylum.publish({});
    const causation = { source: 'cr-refugee-unit', id: cause.id };
    const records = bench.intake.publish(FOREIGN, { ...FOREIGN, causation }, FOREIGN);
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    bench.sealing.hidden.add(records[0].id);
    await want(records[0]);
    expect(await unlocks().run()).toBe(2);
    expect(await bench.states(bench.intake)).toEqual(['sealed', 'parked', 'held']);
    bench.sealing.hidden.clear();
    await want(records[0]);
    expect(await unlocks().run()).toBe(1);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'parked', 'held']);
    await hear(bench.asylum, [cause]);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied']);
    expect(await bench.counts(bench.intake)).toMatchObject({ outOfOrder: 0, sealed: 0, parked: 0, held: 0 });
  });

  it('are quarantined one by one where a policy refuses them for good', async () => {
    bench.onReact = async ({ number }) => {
      if (number === 2) throw new DomainError('SPEC.REFUSED', 'conflict', 'never');
    };
    const records = bench.intake.publish(FOREIGN, { ...FOREIGN, version: 2 }, FOREIGN);
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(records[0]);
    expect(await unlocks().run()).toBe(3);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'quarantined', 'held']);
    expect(bench.alarms).toMatchObject([{ kind: 'quarantined', number: 2, reason: 'EFFECT_FAILED' }]);
    bench.onReact = async () => {};
    expect(await bench.quarantine().retry()).toEqual({ released: 2, remaining: 0 });
  });

  it('of unknown type are kept for a newer release', async () => {
    const records = bench.intake.publish({ ...FOREIGN, type: 'UnknownThing' });
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(records[0]);
    expect(await unlocks().run()).toBe(1);
    expect(await bench.states(bench.intake)).toEqual(['unknown']);
    expect(bench.sets).toEqual([{ opened: [], sealed: [1] }]);
    bench.reader = { read: (payload) => ({ status: 'ok', payload }) };
    expect(await bench.quarantine().retry({ source: 'cr-border-intake', number: 1 })).toMatchObject({ released: 1 });
    bench.reader = readerOfVersionOne;
  });

  it('are flagged where they break the chain of their stream', async () => {
    const records = bench.intake.publish(FOREIGN, { ...FOREIGN, version: 1 });
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(records[0]);
    await unlocks().run();
    expect(bench.alarms).toMatchObject([{ kind: 'out-of-order', number: 2 }]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 2, outOfOrder: 1 });
  });
});

describe('reading sealed events again', () => {
  it('is begun again after a failure, from what was not done', async () => {
    const records = bench.intake.publish(FOREIGN);
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(records[0]);
    const failing = { read: () => failingPages() };
    await expect(unlocks({ log: failing }).run()).rejects.toThrow('the log is away');
    expect(await bench.states(bench.intake)).toEqual(['sealed']);
    expect(await bench.counts(bench.intake)).toMatchObject({ sealed: 1, unlocking: 1 });
    const errors: unknown[] = [];
    let isAway = true;
    const healing = {
      read: (topic: string, from: bigint) => {
        const pages = isAway ? failingPages() : log.read(topic, from);
        isAway = false;
        return pages;
      },
    };
    const worker = unlocks({ log: healing, onError: (error) => errors.push(error), retryDelayMs: 1 });
    worker.wake();
    await eventually(async () => expect(await bench.states(bench.intake)).toEqual(['applied']));
    expect(errors).toHaveLength(1);
    await worker.stop();
  });

  it('does nothing more once it is stopped', async () => {
    const records = bench.intake.publish(FOREIGN);
    await hear(bench.intake, records);
    bench.sealing.giveKey();
    await want(records[0]);
    const worker = unlocks();
    await worker.stop();
    worker.wake();
    await worker.stop();
    expect(await bench.states(bench.intake)).toEqual(['sealed']);
  });

  it('finds what was received from elsewhere than the topic, by its number', async () => {
    const records = bench.intake.publish({}, FOREIGN);
    await bench.receive(bench.intake, records);
    await log.publish(topicOf(bench.intake.agencyId), records);
    bench.sealing.giveKey();
    await want(records[1]);
    expect(await unlocks().run()).toBe(1);
  });

  it('says what the log lacks, and does the rest', async () => {
    const [lost, there] = bench.intake.publish(FOREIGN, { ...FOREIGN, caseId: CASE_B });
    await bench.receive(bench.intake, [lost]);
    await hear(bench.intake, [there]);
    bench.sealing.giveKey();
    await want(lost, there);
    await expect(unlocks().run()).rejects.toThrow(LogShortError);
    expect(await bench.states(bench.intake)).toEqual(['sealed', 'applied']);
    expect(await open()).toEqual([[subjectOf(lost), 1]]);
  });

  it('takes nothing of an agency that is stopped, and goes on once it is heard again', async () => {
    const records = bench.intake.publish(FOREIGN);
    await hear(bench.intake, records);
    await expect(hear(bench.intake, [bench.intake.contradict(1)])).rejects.toThrow('is stopped here');
    bench.sealing.giveKey();
    await want(records[0]);
    expect(await unlocks().run()).toBe(0);
    expect(await bench.states(bench.intake)).toEqual(['sealed']);
    const source = bench.intake.agencyId;
    await resumeAgency(
      { pool: database.pool, clock: bench.clock },
      { source, actor: 'officer', reason: 'EVIDENCE_REVIEWED' },
    );
    expect(await unlocks().run()).toBe(1);
  });
});

describe('keys that come before what they open', () => {
  it('cost one transaction of their agency, however many there are, and leave alone what waits for others', async () => {
    const [waiting, other] = bench.intake.publish(FOREIGN, { ...FOREIGN, caseId: CASE_B });
    await hear(bench.intake, [waiting, other]);
    const source = bench.intake.agencyId;
    const early = Array.from({ length: 100 }, (_, index) => ({ source, subject: `early-${index}` }));
    await inTransaction(database.pool, (transaction) => store.wantUnlock(transaction, early));
    const locked: string[] = [];
    const withSourceLocked: typeof store.withSourceLocked = (name, work, ask) => {
      locked.push(name);
      return store.withSourceLocked(name, work, ask);
    };
    const openUnlocks = (): ReturnType<typeof store.openUnlocks> => store.openUnlocks();
    const counting = Object.assign(Object.create(store) as PostgresInboxStore, { withSourceLocked, openUnlocks });
    expect(await unlocks({ store: counting, log: { read: () => failingPages() } }).run()).toBe(0);
    expect(locked).toEqual([source]);
    expect(await open()).toEqual([]);
    bench.sealing.giveKey();
    await want(waiting);
    expect(await unlocks().run()).toBe(1);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'sealed']);
  });

  it('do not wait for who wants more at the same time, whose run does it then', async () => {
    const source = bench.intake.agencyId;
    const lane = { source, subject: 'early' };
    await inTransaction(database.pool, (transaction) => store.wantUnlock(transaction, [lane]));
    await inTransaction(database.pool, async (transaction) => {
      await store.wantUnlock(transaction, [lane]);
      expect(await store.withSourceLocked(source, (locked) => locked.closeVainUnlocks())).toEqual(new Set());
    });
    expect(await open()).toEqual([['early', 2]]);
    expect(await store.withSourceLocked(source, (locked) => locked.closeVainUnlocks())).toEqual(new Set(['early']));
    expect(await open()).toEqual([]);
  });
});

describe('keys that come while a batch is received', () => {
  it('open it, though it was read before and is committed after', async () => {
    const [first, second] = bench.intake.publish(FOREIGN, FOREIGN);
    await hear(bench.intake, [first]);
    let isReopened = false;
    const inbox = bench.inbox({ onReopened: () => (isReopened = true) });
    // Done with before the batch, which was read without the keys, has its transaction.
    await want(first);
    expect(await unlocks().run()).toBe(0);
    await hear(bench.intake, [second], inbox);
    expect(isReopened).toBe(true);
    bench.sealing.giveKey();
    expect(await unlocks().run()).toBe(2);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied']);
  });

  it('are waited for by who reads again: the batch holds its agency', async () => {
    let done: Promise<number> | undefined;
    bench.onReact = async () => {
      if (done !== undefined) return;
      bench.sealing.giveKey();
      await want(records[0]);
      done = unlocks().run();
    };
    const records = bench.intake.publish(FOREIGN, {});
    await hear(bench.intake, records);
    expect(await done).toBe(1);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied']);
  });
});

function failingPages(): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the log is away')) }) };
}
