import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Step, StepDetail } from '@acogida/core';
import { canonicalText } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import { SimulatedAgency } from './inbox-testing/simulated-agency.ts';
import { AgencyStoppedError, GapError } from './inbox-port.ts';
import { greatestObservedClock } from './inbox-storage.ts';
import { type LogRecord, topicOf, VoidReactionError } from './port.ts';

const CASE_A = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
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

describe('receiving', () => {
  it('applies a batch once: policies in order, projections as a set, every number accounted for', async () => {
    const records = bench.intake.publish(
      { caseId: CASE_A },
      { caseId: CASE_B },
      { caseId: CASE_A, type: 'PersonRegistered' },
    );
    await bench.receive(bench.intake, records);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2']);
    expect(bench.sets).toEqual([{ opened: [1, 2, 3], sealed: [] }]);
    expect(bench.effects).toBe(1);
    expect(bench.alarms).toEqual([]);
    expect(await bench.counts(bench.intake)).toEqual({
      source: 'cr-border-intake',
      received: 3,
      applied: 3,
      unknown: 0,
      sealed: 0,
      parked: 0,
      quarantined: 0,
      held: 0,
      lastNumber: 3,
      contiguous: true,
      duplicatesInEffect: 0,
      outOfOrder: 0,
      unverifiable: 0,
      status: 'flowing',
      reason: null,
      passedBy: 0,
      unknownHolds: 0,
      unlocking: 0,
      incarnation: 1,
      lastHeardAt: '2026-11-22T09:00:00.000Z',
      stale: false,
      witnessedHead: null,
    });
  });

  it('is observed as one step, with the correlation ids of what was opened', async () => {
    const seen: unknown[] = [];
    const observer = {
      around: async <T>(step: Step, detail: StepDetail, work: () => Promise<T>): Promise<T> => {
        const result = await work();
        seen.push([step, detail, await bench.reacted()]);
        return result;
      },
    };
    const records = bench.intake.publish({}, { foreignKey: true, caseId: CASE_B });
    await bench.inbox({ observer }).receive(topicOf('cr-border-intake'), [...records, bench.intake.head()]);
    expect(seen).toEqual([
      ['inbox', { count: 3, source: 'cr-border-intake', correlationIds: ['correlation'] }, ['cr-border-intake/1']],
    ]);
  });

  it('takes a byte-identical duplicate as a no-op, in one batch, in a later one and after a restart', async () => {
    const [first, second] = bench.intake.publish({}, {});
    await bench.receive(bench.intake, [first, first]);
    await bench.receive(bench.intake, [first, second]);
    await bench.receive(bench.intake, [first, second]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2']);
    expect(bench.sets.map(({ opened }) => opened)).toEqual([[1], [2]]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 2, applied: 2, duplicatesInEffect: 0 });
  });

  it('takes for a duplicate what another process of the node has received since this one last looked', async () => {
    const [here, elsewhere] = [bench.inbox(), bench.inbox()];
    const topic = topicOf('cr-border-intake');
    const [first, second, third] = bench.intake.publish({}, {}, {}) as [LogRecord, LogRecord, LogRecord];
    await here.receive(topic, [first]);
    await elsewhere.receive(topic, [second]);
    await here.receive(topic, [second, third]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 3, duplicatesInEffect: 0, status: 'flowing' });
  });

  it('undoes a reaction that comes to nothing, and nothing else of the batch', async () => {
    bench.onReact = async ({ number }) => {
      if (number === 2) throw new VoidReactionError('there is nobody any more');
    };
    await bench.receive(bench.intake, bench.intake.publish({}, { caseId: CASE_B }, {}));
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/3']);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied']);
    expect(bench.sets.flatMap(({ opened }) => opened)).toEqual([1, 2, 3]);
    expect(bench.alarms).toEqual([]);
  });

  it('takes records of a batch in the order of their numbers', async () => {
    const [first, second, third] = bench.intake.publish({}, {}, {});
    await bench.receive(bench.intake, [third, first, second]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2', 'cr-border-intake/3']);
  });

  it('stops at a gap, and goes on when it closes', async () => {
    const [first, second, third] = bench.intake.publish({}, {}, {});
    const gap = bench.receive(bench.intake, [first, third]);
    await expect(gap).rejects.toThrow(GapError);
    await expect(gap).rejects.toMatchObject({ source: 'cr-border-intake', expected: 2, found: 3 });
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'gap', reason: 'GAP expected 2, found 3' });

    await expect(bench.receive(bench.intake, [first, third])).rejects.toThrow(GapError);
    expect(bench.alarms).toEqual([{ kind: 'gap', source: 'cr-border-intake', number: 3, reason: 'GAP' }]);

    await bench.receive(bench.intake, [second, third]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2', 'cr-border-intake/3']);
    expect(await bench.counts(bench.intake)).toMatchObject({ status: 'flowing', reason: null, contiguous: true });
  });

  it('follows what each stream published and flags what breaks its chain', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}, { version: 3 }, { version: 4 }, { version: 4 }));
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 4, outOfOrder: 2 });
    expect(bench.alarms.map(({ kind, number }) => [kind, number])).toEqual([
      ['out-of-order', 2],
      ['out-of-order', 4],
    ]);
  });

  it('keeps the greatest trusted clock and flags a reading that is too far ahead', async () => {
    const ahead = '1999999999999-000000';
    const seen: boolean[] = [];
    bench.onReact = async ({ clockAhead }) => void seen.push(clockAhead);
    await bench.receive(bench.intake, bench.intake.publish({ clock: '1795338000000-000005' }, { clock: ahead }));
    expect(seen).toEqual([false, true]);
    expect(await greatestObservedClock(bench.pool)).toBe('1795338000000-000005');
    expect(bench.alarms).toEqual([
      { kind: 'clock-ahead', source: 'cr-border-intake', number: 2, reason: 'CLOCK_AHEAD' },
    ]);
  });
});

describe('equivocation', () => {
  const stoppedAt = (number: number): object => ({ status: 'stopped', reason: `EQUIVOCATION at number ${number}` });

  it('stops an agency that gives one number to two events, keeps the evidence, and takes nothing of it any more', async () => {
    const [first] = bench.intake.publish({});
    await bench.receive(bench.intake, [first]);
    const batch = [...bench.intake.publish({ caseId: CASE_B }), bench.intake.contradict(1)];
    await expect(bench.receive(bench.intake, batch)).rejects.toThrow(AgencyStoppedError);
    await expect(bench.receive(bench.intake, batch.slice(0, 1))).rejects.toThrow(AgencyStoppedError);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 1, ...stoppedAt(1) });
    expect(bench.alarms).toEqual([
      { kind: 'equivocation', source: 'cr-border-intake', number: 1, reason: 'EQUIVOCATION' },
    ]);
    expect(await bench.quarantine().show('cr-border-intake', 1)).toMatchObject({ kind: 'equivocation' });

    await bench.receive(bench.asylum, bench.asylum.publish({}));
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-refugee-unit/1']);
  });

  it('stops an agency whose signed tree is not the tree that was received', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}));
    const other = bench.intake.publishOnAnotherTree({}, {});
    await expect(bench.receive(bench.intake, other)).rejects.toThrow(AgencyStoppedError);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 1, ...stoppedAt(3) });
  });
});

describe('records that nobody stands for', () => {
  const refusals: [string, string, (bench: InboxBench, record: LogRecord) => LogRecord][] = [
    ['re-serialised bytes', 'ENVELOPE_REFUSED', (_, record) => ({ ...record, value: ` ${record.value}` })],
    [
      'characters that no database text takes',
      'ENVELOPE_REFUSED',
      (_, record) => ({ ...record, value: '\u0000\ud800' }),
    ],
    [
      'changed bytes',
      'PATH_REFUSED',
      (_, record) => ({ ...record, value: record.value.replace('09:00:00.000Z', '09:00:01.000Z') }),
    ],
    [
      'another class',
      'PATH_REFUSED',
      (_, record) => ({
        ...record,
        value: canonicalText({ ...(JSON.parse(record.value) as object), type: 'referral' }),
      }),
    ],
    [
      "another event's path",
      'PATH_REFUSED',
      (_, record) => ({ ...record, headers: { ...record.headers, [PATH_HEADER]: 'A'.repeat(43) } }),
    ],
    ['no statement', 'STATEMENT_MISSING', (_, record) => ({ ...record, headers: {} })],
    [
      'a statement that is none',
      'STATEMENT_REFUSED',
      (_, record) => ({ ...record, headers: { ...record.headers, [STATEMENT_HEADER]: '{}' } }),
    ],
    [
      'a statement with half a character',
      'STATEMENT_REFUSED',
      (_, record) => ({
        ...record,
        headers: {
          ...record.headers,
          [STATEMENT_HEADER]: (record.headers[STATEMENT_HEADER] ?? '').replace(
            '"agency":"',
            String.raw`"agency":"\ud800`,
          ),
        },
      }),
    ],
    ['a forged signature', 'STATEMENT_REFUSED', () => new SimulatedAgency('cr-border-intake').publish({})[0]],
    [
      'the statement of another batch',
      'NUMBER_OUTSIDE_STATEMENT',
      ({ intake }, record) => {
        const [later] = intake.publish({});
        return { ...record, headers: later.headers };
      },
    ],
    ["another agency's event with its own valid statement", 'FOREIGN_SOURCE', ({ asylum }) => asylum.publish({})[0]],
    [
      "another agency's statement",
      'FOREIGN_SOURCE',
      ({ asylum }, record) => ({ ...record, headers: asylum.publish({})[0].headers }),
    ],
  ];

  it.each(refusals)('have no effect: %s', async (_, reason, forge) => {
    const [genuine] = bench.intake.publish({});
    const forged = forge(bench, genuine);
    if (reason === 'FOREIGN_SOURCE') bench.trust.set('cr-border-intake', [bench.intake.trusted, bench.asylum.trusted]);
    await bench.receive(bench.intake, [forged]);
    await bench.receive(bench.intake, [forged]);
    expect(await bench.reacted()).toEqual([]);
    expect(bench.sets).toEqual([]);
    expect(bench.alarms).toEqual([{ kind: 'unverifiable', source: 'cr-border-intake', number: null, reason }]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 0, lastNumber: 0, unverifiable: 1 });

    await bench.receive(bench.intake, [genuine]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
  });

  it('an agency without a trusted key, or with a key that ended before, is not believed', async () => {
    bench.trust.set('cr-border-intake', []);
    const [first, second] = bench.intake.publish({}, {});
    await bench.receive(bench.intake, [first]);
    bench.trust.set('cr-border-intake', [{ ...bench.intake.trusted, throughNumber: 1 }]);
    await bench.receive(bench.intake, [second]);
    expect(bench.alarms.map(({ reason }) => reason)).toEqual(['UNKNOWN_SIGNING_KEY', 'SIGNING_KEY_OVER']);
    expect(await bench.reacted()).toEqual([]);
  });

  it('are received again by a retry once their key is listed', async () => {
    bench.trust.set('cr-border-intake', []);
    await bench.receive(bench.intake, [...bench.intake.publish({}, {}), bench.intake.head()]);
    bench.trust.set('cr-border-intake', [bench.intake.trusted]);
    expect(await bench.quarantine().retry()).toEqual({ released: 2, remaining: 0 });
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2']);
  });

  it('stay what they were when their key ended after they came', async () => {
    const [broken] = bench.intake.publish({ brokenSeal: true });
    await bench.receive(bench.intake, [broken]);
    bench.trust.set('cr-border-intake', []);
    await bench.receive(bench.intake, [broken]);
    expect(await bench.quarantine().show('cr-border-intake', 1)).toMatchObject({
      kind: 'quarantined',
      reason: 'BROKEN_SEAL',
    });
  });

  it('come from no agency when the topic is none', async () => {
    await expect(bench.inbox().receive('elsewhere', [])).rejects.toThrow(RangeError);
  });
});
