import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { leafHash } from '@acogida/ledger';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { AgencyStoppedError, GapError } from './inbox-port.ts';
import { resumeAgency } from './inbox-resumption.ts';
import { StalenessWatch } from './inbox-staleness.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';

const CASE_B = '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12';

let database: TestDatabase;
let bench: InboxBench;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});

beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
});

afterAll(async () => {
  await database.drop();
});

const alarms = (): unknown[] => bench.alarms.map(({ kind, number, reason }) => [kind, number, reason]);

describe('incarnations', () => {
  it('go on with number and tree, announced by the first event of the new life', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}));
    bench.intake.incarnation = 2;
    await bench.receive(bench.intake, bench.intake.publish({ type: 'IncarnationStarted', caseId: CASE_B }, {}));
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 3, incarnation: 2, status: 'flowing' });
    expect(bench.alarms).toEqual([]);
  });

  it('raise an alarm when nobody announced them', async () => {
    bench.intake.incarnation = 2;
    await bench.receive(bench.intake, bench.intake.publish({}, {}));
    expect(alarms()).toEqual([['incarnation', 1, 'INCARNATION_UNANNOUNCED']]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 2, incarnation: 2 });
  });

  it('that are over are not believed any more, though what they said before stays a no-op', async () => {
    const [first] = bench.intake.publish({});
    const late = [bench.intake.head(), ...bench.intake.publish({}, {})];
    const [, , third] = late;
    const restored = await restoredAfter(first.value);
    await bench.receive(bench.intake, [first]);
    await bench.receive(bench.intake, restored.publish({ type: 'IncarnationStarted', caseId: CASE_B }));
    await bench.receive(bench.intake, [first]);
    expect(bench.alarms).toEqual([]);

    await bench.receive(bench.intake, [third as never, bench.intake.head()]);
    expect(alarms()).toEqual([
      ['unverifiable', null, 'INCARNATION_OVER'],
      ['unverifiable', null, 'INCARNATION_OVER'],
    ]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 2, status: 'flowing', unverifiable: 2 });
    await bench.receive(bench.intake, restored.publish({}));
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 3, incarnation: 2 });

    await bench.receive(bench.intake, [third as never]);
    expect(await bench.quarantine().retry()).toEqual({ released: 0, remaining: 2 });
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 3, status: 'flowing', unverifiable: 2 });
  });

  it('do not excuse another event under a used number', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}));
    bench.intake.incarnation = 2;
    await expect(bench.receive(bench.intake, [bench.intake.contradict(1)])).rejects.toThrow(AgencyStoppedError);
  });

  it('must not leave out a number', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}));
    bench.intake.publish({});
    bench.intake.incarnation = 2;
    await expect(bench.receive(bench.intake, bench.intake.publish({}))).rejects.toThrow(GapError);
  });

  /** The same agency on a store that only knows of the first event. */
  async function restoredAfter(value: string): Promise<typeof bench.intake> {
    const restored = bench.intake.restored([leafHash(value)]);
    restored.incarnation = 2;
    return restored;
  }
});

describe('heads', () => {
  const witnessed = async (): Promise<unknown> => (await bench.counts(bench.intake))?.witnessedHead;

  it('are kept when they fit the tree that was received, the newest one', async () => {
    const records = bench.intake.publish({}, {});
    await bench.receive(bench.intake, [...records, bench.intake.head()]);
    bench.now = '2026-11-22T09:00:05.000Z';
    const newest = bench.intake.head({ signedAt: '2026-11-22T09:00:04.000Z' });
    await bench.receive(bench.intake, [newest]);
    expect(await witnessed()).toEqual({
      number: 2,
      treeHead: expect.stringMatching(/^[0-9a-f]{64}$/),
      incarnation: 1,
      signedAt: '2026-11-22T09:00:04.000Z',
      seenAt: '2026-11-22T09:00:05.000Z',
    });
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 2, status: 'flowing', unverifiable: 0 });
    expect(bench.alarms).toEqual([]);
  });

  it('of an agency that never published anything are heard too', async () => {
    await bench.receive(bench.intake, [bench.intake.head()]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 0, stale: false, lastHeardAt: bench.now });
  });

  it('that come again change nothing', async () => {
    const [head, next] = [bench.intake.head(), bench.intake.head()];
    await bench.receive(bench.intake, [head, next]);
    const before = await bench.counts(bench.intake);
    bench.now = '2026-11-22T10:00:00.000Z';
    await bench.receive(bench.intake, [head, next]);
    expect(await bench.counts(bench.intake)).toEqual({ ...before, stale: true });
  });

  it('that go further than what came show that events are missing', async () => {
    const [first, second] = bench.intake.publish({}, {});
    await bench.receive(bench.intake, [first]);
    await bench.receive(bench.intake, [bench.intake.head()]);
    await bench.receive(bench.intake, [bench.intake.head()]);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'gap', reason: 'HEAD_AHEAD at 2, received 1' });
    expect(alarms()).toEqual([['gap', 2, 'HEAD_AHEAD']]);
    await bench.receive(bench.intake, [second]);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'flowing', reason: null });
  });

  it('that contradict the tree of their size stop the agency, also after a restart, with the evidence kept', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}));
    const lie = bench.intake.head({ treeHead: leafHash('another past') });
    await expect(bench.receive(bench.intake, [...bench.intake.publish({}), lie])).rejects.toThrow(AgencyStoppedError);
    await expect(bench.receive(bench.intake, bench.intake.publish({}))).rejects.toThrow(AgencyStoppedError);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 1, status: 'stopped' });
    expect(await bench.quarantine().list()).toEqual([
      expect.objectContaining({ kind: 'equivocation', number: 1, reason: 'EQUIVOCATION' }),
    ]);
    expect(alarms()).toEqual([['equivocation', 1, 'EQUIVOCATION']]);
  });

  it('that name another tree under a sequence that was used stop the agency too', async () => {
    await bench.receive(bench.intake, [...bench.intake.publish({}), bench.intake.head()]);
    const lie = bench.intake.head({ sequence: 1, treeHead: leafHash('another past') });
    await expect(bench.receive(bench.intake, [lie])).rejects.toThrow(AgencyStoppedError);
  });

  it('that came before their events are held against them', async () => {
    await bench.receive(bench.intake, [bench.intake.head({ number: 2, treeSize: 2, treeHead: leafHash('another') })]);
    const [first, second] = bench.intake.publish({}, {});
    await bench.receive(bench.intake, [first]);
    await expect(bench.receive(bench.intake, [second])).rejects.toThrow(AgencyStoppedError);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 1, status: 'stopped' });
  });

  it('of a new incarnation do not keep out what the one before it said', async () => {
    const missing = bench.intake.publish({});
    bench.intake.incarnation = 2;
    const started = bench.intake.publish({ type: 'IncarnationStarted', caseId: CASE_B });
    await bench.receive(bench.intake, [bench.intake.head()]);
    await bench.receive(bench.intake, [...missing, ...started]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 2, incarnation: 2, status: 'flowing' });
    expect(alarms()).toEqual([['gap', 2, 'HEAD_AHEAD']]);
  });

  it.each([
    ['signed by another key', 'STATEMENT_REFUSED', () => bench.intake.twin().head()],
    ['of another agency', 'FOREIGN_SOURCE', () => bench.asylum.head()],
    ['under a key that is not listed', 'UNKNOWN_SIGNING_KEY', () => bench.intake.head({ keyId: 'another' })],
    ['that are none', 'STATEMENT_REFUSED', () => ({ ...bench.intake.head(), value: '{}' })],
  ])('%s are refused', async (_, reason, make) => {
    await bench.receive(bench.intake, [make()]);
    expect(alarms()).toEqual([['unverifiable', null, reason]]);
    expect(await bench.counts(bench.intake)).toMatchObject({ witnessedHead: null, stale: true, lastHeardAt: null });
  });
});

describe('staleness', () => {
  it('begins when nothing new was heard for three heartbeats, is told once, and ends with the next word', async () => {
    const { pool, clock } = bench;
    const sources = ['cr-refugee-unit', 'cr-border-intake'];
    const watch = new StalenessWatch({
      pool,
      clock,
      sources: () => sources,
      onAlarm: (alarm) => bench.alarms.push(alarm),
    });
    const [event] = bench.intake.publish({});
    await bench.receive(bench.intake, [event]);
    const stale = async (): Promise<boolean[]> => (await watch.check()).map(({ isStale }) => isStale);
    expect(await watch.check()).toEqual([
      { source: 'cr-border-intake', lastHeardAt: '2026-11-22T09:00:00.000Z', isStale: false },
      { source: 'cr-refugee-unit', lastHeardAt: null, isStale: true },
    ]);
    expect(bench.alarms).toEqual([]);

    bench.now = '2026-11-22T09:00:30.000Z';
    expect(await stale()).toEqual([false, true]);
    bench.now = '2026-11-22T09:00:30.001Z';
    await bench.receive(bench.intake, [event]); // a replay says nothing new
    expect(await stale()).toEqual([true, true]);
    await watch.check();
    expect(bench.alarms.map(({ kind, source }) => [kind, source])).toEqual([
      ['stale', 'cr-border-intake'],
      ['stale', 'cr-refugee-unit'],
    ]);
    expect(await bench.counts(bench.intake)).toMatchObject({ stale: true });

    await bench.receive(bench.intake, [bench.intake.head()]);
    expect(await stale()).toEqual([false, true]);
    bench.now = '2026-11-22T09:02:00.000Z';
    await watch.check();
    expect(bench.alarms).toHaveLength(3);
  });
});

describe('an officer', () => {
  const officer = { actor: 'cr-conatt.operator', reason: 'EVIDENCE_REVIEWED' } as const;

  it('lets a stopped agency be heard again: its evidence stops it no more, any other does', async () => {
    const [first] = bench.intake.publish({});
    await bench.receive(bench.intake, [first]);
    const lies = [bench.intake.contradict(1), bench.intake.contradict(1)] as const;
    const next = bench.intake.publish({});
    await expect(bench.receive(bench.intake, [lies[0], ...next])).rejects.toThrow(AgencyStoppedError);

    expect(await resumeAgency(bench, { source: 'cr-border-intake', ...officer })).toEqual({
      source: 'cr-border-intake',
      lastNumber: 1,
      overruled: 1,
    });
    await bench.receive(bench.intake, [lies[0], ...next]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 2, status: 'flowing' });
    const { rows } = await bench.pool.query(
      'SELECT source, resumed_at, actor, reason, stopped_for FROM inbox.resumption',
    );
    expect(rows).toEqual([
      {
        source: 'cr-border-intake',
        resumed_at: new Date(bench.now),
        actor: 'cr-conatt.operator',
        reason: 'EVIDENCE_REVIEWED',
        stopped_for: 'EQUIVOCATION at number 1',
      },
    ]);
    await expect(bench.receive(bench.intake, [lies[1]])).rejects.toThrow(AgencyStoppedError);
  });

  it.each(['cr-border-intake', 'nobody'])('cannot resume an agency that is not stopped: %s', async (source) => {
    await bench.receive(bench.intake, bench.intake.publish({}));
    await expect(resumeAgency(bench, { source, ...officer })).rejects.toMatchObject({
      code: 'INBOX.AGENCY_NOT_STOPPED',
      kind: 'conflict',
    });
  });
});
