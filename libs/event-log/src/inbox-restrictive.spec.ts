import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { heldSubjects } from './inbox-holds.ts';
import { RESTRICTIVE_TYPES } from './inbox-port.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';

const CASE_A = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const CASE_B = '1c6d9a7f-63a2-4c8b-9b67-8b3d8e7b0f12';
const MISSING = { source: 'cr-refugee-unit', id: '9b1d1f3c-9f0a-4f6e-8b0f-8f6de1f2a9b4' };

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

const shown = (): number[] => bench.sets.flatMap(({ opened }) => opened);

describe('a restrictive event', () => {
  it.each([...RESTRICTIVE_TYPES])(
    '%s passes by its blocked lane, and is not applied again when the lane goes on',
    async (type) => {
      const [cause] = bench.asylum.publish({});
      const causation = { source: 'cr-refugee-unit', id: cause.id };
      await bench.receive(bench.intake, bench.intake.publish({}, { causation }, {}, { type, class: 'hold' }, {}));
      expect(await bench.states(bench.intake)).toEqual(['applied', 'parked', 'held', 'applied', 'held']);
      expect(shown()).toEqual([1, 4]);
      expect(await bench.counts(bench.intake)).toMatchObject({ applied: 2, passedBy: 1, outOfOrder: 0 });

      await bench.receive(bench.asylum, [cause]);
      expect(await bench.states(bench.intake)).toEqual(Array(5).fill('applied'));
      expect(shown()).toEqual([1, 4, 1, 2, 3, 5]);
      expect(await bench.counts(bench.intake)).toMatchObject({ outOfOrder: 0, duplicatesInEffect: 0, held: 0 });
      expect(bench.alarms).toEqual([]);
      expect(await bench.quarantine().list()).toEqual([]);
    },
  );

  it('passes when it comes alone, in a later batch and after a restart', async () => {
    await bench.receive(bench.intake, bench.intake.publish({ causation: MISSING }));
    await bench.receive(bench.intake, bench.intake.publish({ type: 'HoldPlaced', class: 'hold' }));
    expect(await bench.states(bench.intake)).toEqual(['parked', 'applied']);
    await bench.receive(bench.intake, bench.intake.publish({}));
    expect(await bench.states(bench.intake)).toEqual(['parked', 'applied', 'held']);
  });

  it('does not wait for its cause, and holds nothing back', async () => {
    await bench.receive(
      bench.intake,
      bench.intake.publish({}, { type: 'ConsentWithdrawn', class: 'consent', causation: MISSING }, {}),
    );
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied']);
    expect(await bench.counts(bench.intake)).toMatchObject({ passedBy: 1, outOfOrder: 0 });
  });

  it('still shows a break of its published chain, once its place has come', async () => {
    const causation = MISSING;
    await bench.receive(
      bench.intake,
      bench.intake.publish({ causation }, { type: 'HoldPlaced', class: 'hold', version: 7 }, { caseId: CASE_B }),
    );
    expect(await bench.counts(bench.intake)).toMatchObject({ outOfOrder: 0 });
    bench.trust.delete('cr-refugee-unit'); // nobody waits for a cause of an agency that is not listened to
    await bench.quarantine().retry();
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied']);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 3, passedBy: 1, outOfOrder: 1 });
  });

  it('is quarantined like any other when its effect fails', async () => {
    const failing = new DomainError('HOLD.NOT_HERE', 'invalid', 'refused');
    const react = {
      name: 'when-hold-placed-then-fail',
      on: 'HoldPlaced',
      react: async () => {
        throw failing;
      },
    };
    const records = bench.intake.publish({ causation: MISSING }, { type: 'HoldPlaced', class: 'hold' });
    await bench.inbox({ policies: [react] }).receive('acogida.cr-border-intake.v1', records);
    expect(await bench.states(bench.intake)).toEqual(['parked', 'quarantined']);
    expect(await bench.counts(bench.intake)).toMatchObject({ passedBy: 0 });
  });

  it('is only what the inbox is told to be one: what makes a safeguard laxer waits its turn', async () => {
    await bench.receive(
      bench.intake,
      bench.intake.publish({ causation: MISSING }, { type: 'HoldLifted', class: 'hold' }),
    );
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held']);

    const inbox = bench.inbox({ restrictiveTypes: new Set(['CurfewOrdered']) });
    await inbox.receive(
      'acogida.cr-border-intake.v1',
      bench.intake.publish({ type: 'CurfewOrdered' }, { type: 'HoldPlaced' }),
    );
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held', 'applied', 'held']);
  });
});

describe('an unknown type of class hold', () => {
  it('counts as a hold: it is kept and shown at once, also on a blocked lane, and named to a gate', async () => {
    const [parked, hold] = bench.intake.publish({ causation: MISSING }, { type: 'UnknownHold', class: 'hold' });
    await bench.receive(bench.intake, [parked, hold]);
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_B, type: 'UnknownThing' }));
    expect(await bench.states(bench.intake)).toEqual(['parked', 'unknown', 'unknown']);
    expect(bench.sets.map(({ sealed }) => sealed)).toEqual([[2], [3]]);
    expect(await bench.counts(bench.intake)).toMatchObject({ unknown: 2, unknownHolds: 1, passedBy: 1 });
    const subject = JSON.parse(hold.value).subject as string;
    expect(await heldSubjects(bench.pool)).toEqual([
      { source: 'cr-border-intake', subject, number: 1, because: 'parked' },
      { source: 'cr-border-intake', subject, number: 2, because: 'unknown-hold' },
    ]);
    expect(await heldSubjects(bench.pool, 'cr-refugee-unit')).toEqual([]);

    bench.trust.delete('cr-refugee-unit');
    await bench.quarantine().retry();
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_A }));
    expect(await bench.states(bench.intake)).toEqual(['applied', 'unknown', 'unknown', 'applied']);
    expect(await bench.counts(bench.intake)).toMatchObject({ outOfOrder: 0 });

    bench.reader = { read: (payload) => ({ status: 'ok', payload }) };
    await bench.quarantine().retry({ source: 'cr-border-intake', number: 2 });
    expect(await heldSubjects(bench.pool)).toEqual([]);
    expect(await bench.counts(bench.intake)).toMatchObject({ applied: 3, unknown: 1, outOfOrder: 0 });
  });
});
