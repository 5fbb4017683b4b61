import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { leafHash } from '@acogida/ledger';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { CatchUp } from './inbox-catch-up.ts';
import { AgencyStoppedError, GapError, type TrustedKey } from './inbox-port.ts';
import { rebuildContractProjections } from './inbox-rebuild.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import type { SimulatedAgency, SimulatedRecord } from './inbox-testing/simulated-agency.ts';
import { MemoryEventLog } from './memory-log.ts';
import { topicOf } from './port.ts';
import { PostgresInboxStore } from './postgres-inbox-store.ts';

const LAST_GOOD = 2;
const NOWHERE = { source: 'cr-refugee-unit', id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4' };

let database: TestDatabase;
let bench: InboxBench;
let log: MemoryEventLog;
let topic: string;
let ended: TrustedKey;
/** Under the key that ended: two that count, two that do not. */
let before: readonly SimulatedRecord[];
/** Under the key that the roots let the agency in again with. */
let after: readonly SimulatedRecord[];
let next: TrustedKey;
/** Has the key that ended. */
let thief: SimulatedAgency;
/** Said by the thief under the last number before the agency was let in again. */
let forged: readonly SimulatedRecord[];

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});
afterAll(() => database.drop());

beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
  topic = topicOf(bench.intake.agencyId);
  log = new MemoryEventLog();
  for (const { agencyId } of [bench.intake, bench.asylum]) await log.ensureTopic(topicOf(agencyId));
  ended = { ...bench.intake.trusted, throughNumber: LAST_GOOD };
  before = bench.intake.publish({}, {}, {}, {});
  thief = bench.intake.restored(before.map(({ value }) => leafHash(value)));
  forged = bench.intake.restored(before.slice(0, 3).map(({ value }) => leafHash(value))).publish({});
  next = bench.intake.changeKeys();
  after = bench.intake.publish({}, {});
  await log.publish(topic, [...before, ...after]);
});

const trust = (...keys: readonly TrustedKey[]): void => void bench.trust.set(bench.intake.agencyId, keys);
const catchUp = (): CatchUp => new CatchUp({ store: new PostgresInboxStore(database.pool), log, inbox: bench.inbox() });

describe('what was said under a key after the roots had ended it', () => {
  it('is refused as long as the agency was not let in again', async () => {
    trust(ended);
    await bench.receive(bench.intake, before);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied']);
    expect(bench.alarms.map(({ reason }) => reason)).toEqual(['SIGNING_KEY_OVER', 'SIGNING_KEY_OVER']);
  });

  it('has its place and no effect once it was, and what follows goes on after it', async () => {
    trust(ended, next);
    await bench.receive(bench.intake, [...before, ...after]);
    expect(await bench.states(bench.intake)).toEqual([
      ...['applied', 'applied', 'revoked', 'revoked', 'applied', 'applied'],
    ]);
    expect(await bench.reacted()).toEqual([1, 2, 5, 6].map((number) => `cr-border-intake/${number}`));
    expect(bench.sets).toEqual([{ opened: [1, 2, 5, 6], sealed: [] }]);
    expect(bench.alarms).toEqual([]);
    expect(await bench.counts(bench.intake)).toMatchObject({
      ...{ received: 6, applied: 4, sealed: 2, contiguous: true, outOfOrder: 0, status: 'flowing' },
    });
  });

  it('is fetched by whoever had refused it, and stood at the gap before what follows', async () => {
    trust(ended);
    await catchUp().receive(topic, before);
    await expect(bench.receive(bench.intake, after)).resolves.toBeUndefined(); // by a key that nobody knows yet
    trust(ended, next);
    await expect(bench.receive(bench.intake, after)).rejects.toThrow(GapError);
    await catchUp().receive(topic, after);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 6, sealed: 2, status: 'flowing' });
  });

  it('is a cause that is here for whoever reacted to it', async () => {
    trust(ended, next);
    await bench.receive(bench.intake, [...before, ...after]);
    const causation = { source: bench.intake.agencyId, id: before[2]?.id ?? '' };
    await bench.receive(bench.asylum, bench.asylum.publish({ causation }));
    expect(await bench.states(bench.asylum)).toEqual(['applied']);
  });

  it('holds back nothing, and is not held back', async () => {
    bench = await InboxBench.onEmpty(database.pool);
    ended = { ...bench.intake.trusted, throughNumber: LAST_GOOD };
    const said = bench.intake.publish({}, { causation: NOWHERE }, {}, {});
    trust(ended, bench.intake.changeKeys());
    await bench.receive(bench.intake, [...said, ...bench.intake.publish({}, {})]);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'parked', 'revoked', 'revoked', 'held', 'held']);
  });

  it('is not shown when projections are built anew, although its key is here', async () => {
    trust(ended, next);
    await bench.receive(bench.intake, [...before, ...after]);
    bench.sets.splice(0);
    const { pool, sealing, reader, seen } = bench;
    await rebuildContractProjections({ pool, log, sealing, reader, projections: [seen] });
    expect(bench.sets).toEqual([{ opened: [1, 2, 5, 6], sealed: [] }]);
  });

  it('says nothing of the life that the agency is in', async () => {
    bench = await InboxBench.onEmpty(database.pool);
    const good = bench.intake.publish({}, {});
    ended = { ...bench.intake.trusted, throughNumber: LAST_GOOD };
    bench.intake.incarnation = 9; // whoever has the key may state what it likes
    const stated = bench.intake.publish({}, {});
    bench.intake.incarnation = 1;
    next = bench.intake.changeKeys();
    trust(ended, next);
    await bench.receive(bench.intake, [...good, ...stated, ...bench.intake.publish({}, {})]);
    expect(await bench.states(bench.intake)).toEqual([
      ...['applied', 'applied', 'revoked', 'revoked', 'applied', 'applied'],
    ]);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'flowing' });
    expect(bench.alarms.map(({ reason }) => reason)).toEqual(['INCARNATION_UNANNOUNCED', 'INCARNATION_UNANNOUNCED']);
  });

  it('is refused where it is not what the agency had said under the number, and stops nobody', async () => {
    trust(ended, next);
    await bench.receive(bench.intake, [...before, thief.contradict(3)]);
    await bench.receive(bench.intake, [thief.contradict(3), ...after]);
    expect(await bench.states(bench.intake)).toEqual([
      ...['applied', 'applied', 'revoked', 'revoked', 'applied', 'applied'],
    ]);
    expect(bench.alarms.map(({ kind, reason }) => [kind, reason])).toEqual(
      Array.from({ length: 2 }, () => ['unverifiable', 'SIGNING_KEY_OVER']),
    );
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'flowing' });
  });

  it('stops nobody either where it was refused at first, and is tried again when the agency was let in again', async () => {
    trust(ended);
    await bench.receive(bench.intake, [...before, thief.contradict(3)]);
    trust(ended, next);
    await catchUp().receive(topic, after);
    expect(await bench.quarantine().retry()).toMatchObject({ remaining: 1 });
    expect(await bench.states(bench.intake)).toHaveLength(6);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'flowing' });
  });

  it('has no place where it does not fit what the agency has signed of itself', async () => {
    trust({ ...ended, throughNumber: 3 }, next);
    const witness = bench.intake.head({ number: 4, treeSize: 4, treeHead: bench.intake.rootAt(4) });
    await bench.receive(bench.intake, [...before.slice(0, 3), witness]);
    await expect(bench.receive(bench.intake, [...forged, ...after])).rejects.toThrow(GapError);
    await bench.receive(bench.intake, [...before, ...after]);
    expect(await bench.states(bench.intake)).toEqual([
      ...['applied', 'applied', 'applied', 'revoked', 'applied', 'applied'],
    ]);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'flowing' });
  });

  it('gives way to what the agency had said where that fits the tree that it signs behind it', async () => {
    trust({ ...ended, throughNumber: 3 }, next);
    await bench.receive(bench.intake, [...before.slice(0, 3), ...forged, ...before.slice(3), ...after]);
    expect(await bench.states(bench.intake)).toEqual([
      ...['applied', 'applied', 'applied', 'revoked', 'applied', 'applied'],
    ]);
    expect(bench.alarms.map(({ kind, reason }) => [kind, reason])).toEqual([['unverifiable', 'SIGNING_KEY_OVER']]);
  });

  it('is missing where only somebody else said something under the number, and is fetched', async () => {
    trust({ ...ended, throughNumber: 3 }, next);
    await bench.receive(bench.intake, before.slice(0, 3));
    await expect(bench.receive(bench.intake, [...forged, ...after])).rejects.toThrow(GapError);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 3, status: 'gap' });
    await catchUp().receive(topic, [...forged, ...after]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 6, status: 'flowing' });
  });

  it('takes nothing from the evidence of a tree that the agency signs otherwise', async () => {
    trust(ended, next);
    await bench.receive(bench.intake, [...before, ...after]);
    await expect(bench.receive(bench.intake, bench.intake.publishOnAnotherTree({}))).rejects.toThrow(
      AgencyStoppedError,
    );
  });

  it('is evidence against the agency where it is under a key that stands', async () => {
    trust(ended, next);
    await bench.receive(bench.intake, [...before, ...after]);
    await expect(bench.receive(bench.intake, [bench.intake.contradict(5)])).rejects.toThrow(AgencyStoppedError);
  });

  it('is refused under a key that the agency had rotated itself: another one stands for its number', async () => {
    trust({ ...ended, throughNumber: 3 }, { ...next, fromNumber: 4 });
    await bench.receive(bench.intake, before);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied']);
    expect(bench.alarms.map(({ reason }) => reason)).toEqual(['SIGNING_KEY_OVER']);
  });
});
