import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import { waitingOfCases, type WaitingOfCase } from './inbox-waiting.ts';

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
afterAll(() => database.drop());

const waiting = (...caseIds: string[]): Promise<readonly WaitingOfCase[]> =>
  waitingOfCases(bench.pool, bench.sealing, caseIds);
const of = (...reasons: WaitingOfCase['because'][]): readonly WaitingOfCase[] =>
  reasons.map((because) => ({ source: 'cr-border-intake', because }));

describe('what waits of a case', () => {
  it('is what is parked and held back, of that case alone, until it takes effect', async () => {
    expect(await waiting(CASE_A)).toEqual([]);
    await bench.receive(bench.intake, bench.intake.publish({ causation: MISSING }, {}, {}, { caseId: CASE_B }));
    expect(await bench.states(bench.intake)).toEqual(['parked', 'held', 'held', 'applied']);
    expect(await waiting(CASE_A)).toEqual(of('held', 'parked'));
    expect(await waiting(CASE_B, CASE_A)).toEqual(of('held', 'parked'));
    expect(await waiting(CASE_B)).toEqual([]);
    bench.trust.delete('cr-refugee-unit'); // nobody waits for a cause of an agency that is not listened to
    await bench.quarantine().retry();
    expect(await waiting(CASE_A)).toEqual([]);
  });

  it('is opened by one question, and not by each', async () => {
    await bench.receive(bench.intake, bench.intake.publish({ causation: MISSING }, {}, {}, { caseId: CASE_B }));
    await waiting();
    await waiting(); // two are held
    const read = jest.spyOn(bench.sealing, 'read');
    expect(await waiting(CASE_A)).toEqual(of('held', 'parked'));
    expect(read).not.toHaveBeenCalled();
    await bench.receive(bench.intake, bench.intake.publish({ caseId: CASE_B, type: 'UnknownHold', class: 'hold' }));
    expect(await waiting(CASE_B)).toEqual(of('unknown-hold'));
    expect(read).toHaveBeenCalledTimes(2); // as it was received, and for the question
  });

  it('is what is in quarantine, whether or not it was understood', async () => {
    bench.reader = { read: () => ({ status: 'invalid', reason: '/type' }) };
    await bench.receive(bench.intake, bench.intake.publish({}));
    expect(await waiting(CASE_A)).toEqual(of('quarantined'));
    expect(await waiting(CASE_B)).toEqual([]);
  });

  it('INV-02 is what this release does not know of class hold, and of no other class', async () => {
    await bench.receive(bench.intake, bench.intake.publish({ type: 'UnknownHold', class: 'hold' }));
    await bench.receive(bench.intake, bench.intake.publish({ type: 'UnknownThing', caseId: CASE_B }));
    expect(await waiting(CASE_A, CASE_B)).toEqual(of('unknown-hold'));
    expect(await waiting(CASE_B)).toEqual([]);
  });
});
