import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { AgencyStoppedError } from './inbox-port.ts';
import { benchMigrations, InboxBench, readerOfVersionOne } from './inbox-testing/inbox-bench.ts';
import type { SimulatedEvent } from './inbox-testing/simulated-agency.ts';
import type { ReceivedEvent } from './port.ts';
import { Quarantine } from './quarantine.ts';

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

/** Makes the policy refuse one number until it is called off. */
function poison(number: number): () => void {
  bench.onReact = async (event: ReceivedEvent) => {
    if (event.number === number) throw new DomainError('REFERRAL.NOT_FOR_US', 'invalid', 'refused');
  };
  return () => (bench.onReact = async () => {});
}

describe('an event that cannot take effect', () => {
  it('is kept where it is read after a retry, wherever an earlier release had put it', async () => {
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_A, brokenSeal: true }));
    const lanes = async (): Promise<unknown> => {
      const { rows } = await bench.pool.query(
        'SELECT e.subject AS event, k.subject AS kept FROM inbox.event e JOIN inbox.kept k USING (source, number)',
      );
      return rows;
    };
    const before = await lanes();
    await bench.pool.query("UPDATE inbox.event SET subject = 'elsewhere'; UPDATE inbox.kept SET subject = 'elsewhere'");
    expect(await bench.quarantine().retry()).toMatchObject({ remaining: 1 });
    expect(await lanes()).toEqual(before);
  });

  it('is tried also where it is only about to be kept: its batch was judged before, and ends after', async () => {
    const [stands, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let times = 0;
    bench.onReact = async () => {
      times += 1;
      if (times === 2) {
        stands.resolve(); // by itself: together with others it was refused before
        await goesOn.promise;
      }
      throw new DomainError('REFERRAL.NOT_FOR_US', 'invalid', 'refused');
    };
    const receiving = bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_A }));
    await stands.promise;
    bench.onReact = async () => {};
    const retried = bench.quarantine().retry();
    const waits = eventually(async () => {
      const asked = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'inbox.source_cursor'::regclass";
      expect((await bench.pool.query(asked)).rowCount).toBe(1);
    });
    await Promise.race([retried, waits]);
    goesOn.resolve();
    await receiving;
    expect(await retried).toEqual({ released: 1, remaining: 0 });
    expect(await bench.states(bench.intake)).toEqual(['applied']);
  });

  it('is tried although a batch that is under way does not end: nothing of others waits behind it for long', async () => {
    const callOff = poison(1);
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_A }));
    callOff();
    const under = await bench.pool.connect();
    try {
      await under.query('BEGIN');
      await under.query('LOCK TABLE inbox.source_cursor IN ROW SHARE MODE');
      const impatient = new Quarantine(bench.pool, bench.inbox(), 50);
      expect(await impatient.retry()).toEqual({ released: 1, remaining: 0 });
    } finally {
      await under.query('ROLLBACK');
      under.release();
    }
    expect(await bench.states(bench.intake)).toEqual(['applied']);
  });

  it('is quarantined alone: it holds back its lane and nothing else, and a retry heals the lane in order', async () => {
    const callOff = poison(2);
    await bench.receive(
      bench.intake,
      bench.intake.publish({ caseId: CASE_A }, { caseId: CASE_A }, { caseId: CASE_B }, { caseId: CASE_A }),
    );
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_A }, { caseId: CASE_B }));
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/3', 'cr-border-intake/6']);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'quarantined', 'applied', 'held', 'held', 'applied']);
    expect(bench.alarms).toEqual([
      { kind: 'quarantined', source: 'cr-border-intake', number: 2, reason: 'EFFECT_FAILED' },
    ]);
    const entry = await bench.quarantine().show('cr-border-intake', 2);
    expect(entry).toEqual({
      keptId: expect.stringMatching(/^\d+$/),
      source: 'cr-border-intake',
      number: 2,
      kind: 'quarantined',
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      class: 'case',
      subject: expect.stringMatching(/^[0-9a-f]{32}$/),
      reason: 'EFFECT_FAILED',
      detail: 'when-something-then-react: REFERRAL.NOT_FOR_US',
      cause: null,
      attempts: 1,
      keptAt: '2026-11-22T09:00:00.000Z',
      lastTriedAt: '2026-11-22T09:00:00.000Z',
      sizeBytes: expect.any(Number),
    });

    expect(await bench.quarantine().retry()).toEqual({ released: 0, remaining: 3 });
    expect(await bench.quarantine().show('cr-border-intake', 2)).toMatchObject({ attempts: 2 });

    callOff();
    expect(await bench.quarantine().retry({ source: 'cr-border-intake', number: 5 })).toEqual({
      released: 3,
      remaining: 0,
    });
    expect((await bench.reacted()).slice(3)).toEqual([
      'cr-border-intake/2',
      'cr-border-intake/4',
      'cr-border-intake/5',
    ]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 6, held: 0, quarantined: 0, outOfOrder: 0 });
    expect(await bench.quarantine().list()).toEqual([]);
  });

  it('loses nothing of the others when its database error was swallowed', async () => {
    bench.onReact = async (event, transaction) => {
      if (event.number === 2) await transaction.query('SELECT 1 / 0').catch(() => {});
    };
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_A }, { caseId: CASE_B }, { caseId: CASE_A }));
    expect(await bench.states(bench.intake)).toEqual(['applied', 'quarantined', 'applied']);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/3']);
  });

  it.each([
    ['a broken seal', { brokenSeal: true }, 'BROKEN_SEAL', null],
    ['data that breaks its schema', { type: 'Malformed' }, 'INVALID_CONTRACT', '/data: required'],
    ['a newer version', { schemaVersion: 2 }, 'UNKNOWN_VERSION', null],
  ])('is quarantined for %s', async (_, event, reason, detail) => {
    await bench.receive(bench.intake, bench.intake.publish(event, {}));
    expect(await bench.states(bench.intake)).toEqual(['quarantined', 'held']);
    expect(await bench.quarantine().show('cr-border-intake', 1)).toMatchObject({ reason, detail });
    expect(await bench.quarantine().show('cr-border-intake', 2)).toMatchObject({
      kind: 'held',
      reason: 'LANE_BLOCKED',
    });
    expect(await bench.reacted()).toEqual([]);
  });

  it.each<[string, SimulatedEvent]>([
    ['a stream name that no table takes', { stream: 'case-intake-\u0000' }],
    ['a version that no table takes', { version: 2_147_483_648 }],
    ['half a character in its stream', { respell: (text) => text.replace('"case-intake-', '"\\ud800') }],
  ])('because of %s is quarantined, and the rest of the batch goes on', async (_, poisoned) => {
    const records = bench.intake.publish({}, { caseId: CASE_B, ...poisoned }, {});
    await bench.receive(bench.intake, records);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'quarantined', 'applied']);
    expect(await bench.quarantine().show('cr-border-intake', 2)).toMatchObject({ reason: 'MALFORMED_PAYLOAD' });
  });

  it('of an unknown version is healed by a newer reader', async () => {
    await bench.receive(bench.intake, bench.intake.publish({ schemaVersion: 2 }, {}));
    bench.reader = { read: (payload) => ({ status: 'ok', payload: { ...payload, schemaVersion: 2 } }) };
    expect(await bench.quarantine().retry()).toEqual({ released: 2, remaining: 0 });
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2']);
  });
});

describe('an event of an unknown type', () => {
  it('is kept, shown by its class, and holds nothing back', async () => {
    await bench.receive(bench.intake, bench.intake.publish({}, { type: 'UnknownThing' }, {}));
    expect(await bench.states(bench.intake)).toEqual(['applied', 'unknown', 'applied']);
    expect(bench.sets).toEqual([{ opened: [1, 3], sealed: [2] }]);
    expect(bench.alarms).toEqual([]);
    expect(await bench.quarantine().retry()).toEqual({ released: 0, remaining: 0 });

    expect(await bench.quarantine().retry({ source: 'cr-border-intake', number: 2 })).toMatchObject({ released: 0 });
    expect(bench.sets).toHaveLength(1);
    bench.reader = { read: (payload) => ({ status: 'ok', payload }) };
    expect(await bench.quarantine().retry({ source: 'cr-border-intake', number: 2 })).toMatchObject({ released: 1 });
    expect(bench.sets.at(-1)).toEqual({ opened: [2], sealed: [] });
  });

  it('holds up nothing when its payload has no canonical text: only its chain is flagged', async () => {
    const respell = (text: string): string => text.replace('"correlation"', String.raw`"\ud800"`);
    await bench.receive(bench.intake, bench.intake.publish({}, { type: 'UnknownThing', respell }));
    expect(await bench.states(bench.intake)).toEqual(['applied', 'unknown']);
    expect(bench.alarms).toEqual([
      { kind: 'out-of-order', source: 'cr-border-intake', number: 2, reason: 'OUT_OF_ORDER' },
    ]);
  });
});

describe('a parked event', () => {
  it('waits for its cause, with its lane, and both go on when the cause takes effect', async () => {
    const [cause] = bench.intake.publish({});
    const causation = { source: 'cr-border-intake', id: cause.id };
    await bench.receive(bench.asylum, bench.asylum.publish({ causation }, {}, { caseId: CASE_B }));
    expect(await bench.states(bench.asylum)).toEqual(['parked', 'held', 'applied']);
    expect(await bench.quarantine().show('cr-refugee-unit', 1)).toMatchObject({
      reason: 'MISSING_CAUSE',
      cause: causation,
    });

    await bench.receive(bench.intake, [cause]);
    expect(await bench.reacted()).toEqual([
      'cr-refugee-unit/3',
      'cr-border-intake/1',
      'cr-refugee-unit/1',
      'cr-refugee-unit/2',
    ]);
    expect(await bench.counts(bench.asylum)).toMatchObject({ applied: 3, parked: 0, held: 0 });
  });

  it('stays behind an earlier one of its lane that cannot take effect, though its cause is there', async () => {
    const [cause] = bench.intake.publish({});
    const causation = { source: 'cr-border-intake', id: cause.id };
    await bench.receive(bench.asylum, bench.asylum.publish({ type: 'UnknownThing' }, { causation }));
    bench.reader = { read: () => ({ status: 'invalid', reason: '/data: required' }) };
    await bench.quarantine().retry({ source: 'cr-refugee-unit', number: 1 });
    expect(await bench.states(bench.asylum)).toEqual(['quarantined', 'parked']);

    bench.reader = readerOfVersionOne;
    await bench.receive(bench.intake, [cause]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
    expect(await bench.states(bench.asylum)).toEqual(['quarantined', 'parked']);

    bench.reader = { read: (payload) => ({ status: 'ok', payload }) };
    expect(await bench.quarantine().retry()).toEqual({ released: 2, remaining: 0 });
  });

  it('of an agency that was stopped meanwhile takes no effect any more', async () => {
    const [cause] = bench.intake.publish({});
    await bench.receive(
      bench.asylum,
      bench.asylum.publish({ causation: { source: 'cr-border-intake', id: cause.id } }),
    );
    await expect(bench.receive(bench.asylum, [bench.asylum.contradict(1)])).rejects.toThrow(AgencyStoppedError);
    await bench.receive(bench.intake, [cause]);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
    expect(await bench.quarantine().retry()).toMatchObject({ released: 0 });
    expect(await bench.states(bench.asylum)).toEqual(['parked']);
  });

  it.each([
    ['this node itself', 'cr-conatt'],
    ['the same agency', 'cr-refugee-unit'],
    ['an agency that is not listened to', 'mx-comar'],
  ])('does not wait for a cause of %s', async (_, source) => {
    const causation = { source, id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4' };
    await bench.receive(bench.asylum, bench.asylum.publish({ causation }));
    expect(await bench.states(bench.asylum)).toEqual(['applied']);
  });
});

describe('a transient fault', () => {
  it('is left to the log to deliver again, and has effect exactly once in the end', async () => {
    const records = bench.intake.publish({}, {}, {});
    let failures = 2;
    bench.onReact = async ({ number }) => {
      if (number !== 2 || failures === 0) return;
      failures -= 1;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    };
    await expect(bench.receive(bench.intake, records)).rejects.toThrow('deadlock detected');
    await expect(bench.receive(bench.intake, records)).rejects.toThrow('deadlock detected');
    expect(await bench.reacted()).toEqual([]);
    await bench.receive(bench.intake, records);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1', 'cr-border-intake/2', 'cr-border-intake/3']);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 3, quarantined: 0 });
  });

  it('of the connection rolls back everything', async () => {
    const records = bench.intake.publish({});
    let cut = true;
    bench.onReact = async (_, transaction) => {
      if (cut) await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())');
    };
    await expect(bench.receive(bench.intake, records)).rejects.toThrow();
    expect(await bench.states(bench.intake)).toEqual([]);
    cut = false;
    await bench.receive(bench.intake, records);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
  });
});
