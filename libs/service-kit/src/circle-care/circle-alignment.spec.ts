import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import { StreamMovedError, type Transaction } from '@acogida/event-store';
import { sealingMigrations } from '@acogida/sealing';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { CircleAlignment } from './circle-alignment.ts';
import { CreateCircleAlignmentTable1795543000000 } from './create-circle-alignment-table.migration.ts';
import { KeepLeftOutCases1795551000000 } from './keep-left-out-cases.migration.ts';
import { PostgresAlignmentPlaces } from './postgres-alignment-places.ts';

const OWN = 'cr-border-intake';
const caseOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const CASES = Array.from({ length: 120 }, (_, n) => caseOf(n));

describe('keeping all circles in line', () => {
  let database: TestDatabase;
  let fingerprint: string;
  let seen: string[];
  let changing: Set<string>;
  let failure: ((caseId: string) => Error | undefined) | undefined;
  let failures: unknown[];
  let leftOut: unknown[];
  let commits: number;
  let writing: ((transaction: Transaction, caseId: string) => Promise<void>) | undefined;
  let alignment: CircleAlignment;

  const keyed = (source: string, cases: readonly string[]) =>
    database.pool.query(
      `INSERT INTO keys.case_key (key_id, source, subject, case_id, audience, epoch, received_at, generation, wrapped)
       SELECT $2::text || case_id, $2, case_id, case_id, 'own', 1, '', 1, '' FROM unnest($1::uuid[]) AS case_id`,
      [cases, source],
    );
  const begun = (cases: readonly string[]) =>
    database.pool.query(
      `INSERT INTO keys.own_epoch
         (case_id, epoch, subject, begun_at, own_key_id, coded_key_id, care_key_id, restricted_key_id, generation, wrapped)
       SELECT case_id, 1, case_id, '', 'own' || case_id, '', '', '', 1, '' FROM unnest($1::uuid[]) AS case_id`,
      [cases],
    );

  beforeAll(async () => {
    const migrations = [CreateCircleAlignmentTable1795543000000, KeepLeftOutCases1795551000000];
    database = await createTestDatabase([...sealingMigrations, ...migrations]);
    await database.pool.query(`INSERT INTO keys.kek VALUES (1, 1, '', '')`);
    await keyed(
      OWN,
      CASES.filter((_, index) => index % 2 === 0),
    );
    await begun(CASES.filter((_, index) => index % 2 === 1));
    await keyed('cr-conatt', [caseOf(500)]);
  });
  afterAll(() => database.drop());

  const make = async (): Promise<CircleAlignment> => {
    const made = new CircleAlignment({
      standings: {
        get fingerprint() {
          return fingerprint;
        },
      },
      places: new PostgresAlignmentPlaces(database.pool, OWN),
      turnIn: (transaction) => ({ transaction }) as KeyTurn,
      align: async ({ transaction }, caseId) => {
        await writing?.(transaction, caseId);
        const error = failure?.(caseId);
        if (error !== undefined) throw error;
        seen.push(caseId);
        return changing.has(caseId);
      },
      onChanged: () => void (commits += 1),
      onError: (error) => void failures.push(error),
      onLeftOut: (left) => void leftOut.push(left),
    });
    await made.load();
    return made;
  };

  const through = async (): Promise<void> => {
    alignment.wake();
    await eventually(async () => expect(alignment.isPending(caseOf(0))).toBe(false), 20_000);
  };

  beforeEach(async () => {
    await database.pool.query(
      `UPDATE circle_alignment SET goal = '', after_case = NULL, reached = '', left_out = '{}'`,
    );
    [fingerprint, seen, failures, commits, failure] = ['first', [], [], 0, undefined];
    [leftOut, writing] = [[], undefined];
    changing = new Set();
    alignment = await make();
  });

  it('looks at every case that this agency has keys of, once', async () => {
    changing = new Set([caseOf(3), caseOf(77)]);
    expect(alignment.isPending(caseOf(0))).toBe(true);
    await through();
    expect(seen).toEqual(CASES);
    expect(commits).toBe(2);
    alignment.wake();
    await alignment.stop();
    expect(seen).toHaveLength(CASES.length);
    expect((await make()).isPending(caseOf(0))).toBe(false);
  });

  it('goes on where a crash left it: what was committed is not done again', async () => {
    changing = new Set([caseOf(60)]);
    const lost = Object.assign(new Error('the connection ends'), { code: '57P01' });
    failure = (caseId) => (caseId === caseOf(90) ? lost : undefined);
    alignment.wake();
    await eventually(async () => expect(failures).toHaveLength(1), 20_000);
    await alignment.stop();
    [seen, failure] = [[], undefined];
    alignment = await make();
    await through();
    expect(seen).toEqual(CASES.slice(61));
  });

  it('tries a step again at once where another command moved a stream', async () => {
    let attempts = 0;
    failure = (caseId) => (caseId === caseOf(2) && (attempts += 1) < 3 ? new StreamMovedError('s', null) : undefined);
    await through();
    expect([attempts, failures]).toEqual([3, []]);
  });

  describe('where a case cannot be aligned', () => {
    const refusal = new DomainError('RECOVERY.STREAM_INCOMPLETE', 'conflict', 'it waits for an officer');
    const kept = async () => (await database.pool.query('SELECT reached, left_out FROM circle_alignment')).rows;

    beforeEach(() => {
      failure = (caseId) => ([caseOf(5), caseOf(70)].includes(caseId) ? refusal : undefined);
    });

    it('goes on with the others, and says how many are left out, and why', async () => {
      changing = new Set([caseOf(6)]);
      await through();
      expect(CASES.filter((caseId) => !seen.includes(caseId))).toEqual([caseOf(5), caseOf(70)]);
      await eventually(async () => expect(leftOut).toEqual([{ count: 2, codes: ['RECOVERY.STREAM_INCOMPLETE'] }]));
      expect([5, 6, 70].map((n) => alignment.isPending(caseOf(n)))).toEqual([true, false, true]);
      expect(await kept()).toEqual([{ reached: '', left_out: [caseOf(5), caseOf(70)] }]);
      expect([failures, commits]).toEqual([[], 1]);
      await alignment.stop();
    });

    it('undoes what that case has written, and nothing else', async () => {
      await database.pool.query('CREATE TABLE IF NOT EXISTS written (case_id uuid)');
      writing = async (transaction, caseId) => {
        await transaction.query('INSERT INTO written VALUES ($1)', [caseId]);
        if (caseId === caseOf(5)) await transaction.query('SELECT 1 / 0');
      };
      await through();
      const { rows } = await database.pool.query('SELECT DISTINCT case_id FROM written ORDER BY case_id');
      expect(rows.map((row) => (row as { case_id: string }).case_id)).toEqual(
        CASES.filter((caseId) => ![caseOf(5), caseOf(70)].includes(caseId)),
      );
      await alignment.stop();
    });

    it('tries those alone again, also after a restart', async () => {
      await through();
      await alignment.stop();
      [seen, failure] = [[], undefined];
      alignment = await make();
      await through();
      expect(seen).toEqual([caseOf(5), caseOf(70)]);
      expect(await kept()).toEqual([{ reached: 'first', left_out: [] }]);
      expect(alignment.isPending(caseOf(5))).toBe(false);
    });

    it('puts right at once all that can be by now', async () => {
      await through();
      await alignment.stop();
      [seen, failure, changing] = [[], undefined, new Set([caseOf(5), caseOf(70)])];
      alignment = await make();
      await through();
      await eventually(async () => expect(await kept()).toEqual([{ reached: 'first', left_out: [] }]));
      expect(seen).toEqual([caseOf(5), caseOf(70)]);
    });

    it('leaves out one whose stream others keep moving', async () => {
      failure = (caseId) => (caseId === caseOf(5) ? new StreamMovedError('s', null) : undefined);
      await through();
      await eventually(async () => expect(leftOut).toEqual([{ count: 1, codes: ['StreamMovedError'] }]));
      await alignment.stop();
    });
  });

  it('begins anew when something else is said meanwhile', async () => {
    failure = (caseId) => {
      if (caseId === caseOf(80)) [fingerprint, failure] = ['second', undefined];
      return undefined;
    };
    await through();
    expect(seen.filter((caseId) => caseId === caseOf(0))).toHaveLength(2);
  });

  it('goes all the way back to what it had reached before', async () => {
    await through();
    fingerprint = 'second';
    expect(alignment.isPending(caseOf(0))).toBe(true);
    fingerprint = 'first';
    expect(alignment.isPending(caseOf(0))).toBe(true);
    seen = [];
    await through();
    expect(seen).toEqual(CASES);
    const { rows } = await database.pool.query('SELECT goal, after_case, reached FROM circle_alignment');
    expect(rows).toEqual([{ goal: 'first', after_case: null, reached: 'first' }]);
  });

  it('holds a case that was aligned out of turn for done, until something else is said', () => {
    alignment.noteAligned(caseOf(7), 'first');
    expect([alignment.isPending(caseOf(7)), alignment.isPending(caseOf(8))]).toEqual([false, true]);
    fingerprint = 'second';
    expect(alignment.isPending(caseOf(7))).toBe(true);
  });

  it('does not align once more what aligning appends, and does when the connection is used again', async () => {
    const transaction = {} as Transaction;
    const turn = { transaction } as KeyTurn;
    changing = new Set([caseOf(1)]);
    let within: Promise<boolean> | undefined;
    failure = (caseId) => {
      failure = undefined;
      within = alignment.align(turn, caseId);
      return undefined;
    };
    expect(await alignment.align(turn, caseOf(1))).toBe(true);
    expect(await within).toBe(false);
    expect(seen).toEqual([caseOf(1)]);
    expect(await alignment.align(turn, caseOf(1))).toBe(true);
  });
});
