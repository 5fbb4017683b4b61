import { inTransaction, type Transaction } from '@acogida/event-store';
import type pg from 'pg';
import type { AlignmentPlaces, AlignmentStep, AlignmentWork } from './circle-alignment.ts';

/** Most cases that are looked at in one transaction. */
const CASES_PER_STEP = 50;
/** Most cases that are left out: where more cannot be aligned, something else is wrong, and the round breaks off. */
const MAX_LEFT_OUT = 1000;

interface Row {
  readonly goal: string;
  readonly after_case: string | null;
  readonly reached: string;
  readonly left_out: readonly string[];
}

/** How far a round came. */
interface Place {
  readonly goal: string;
  readonly after: string | null;
  readonly reached: string;
  readonly leftOut: readonly string[];
}

/** What became of the cases of one step. */
interface Looked {
  readonly last: string | null;
  readonly isChanged: boolean;
  /** Those that could not be aligned. */
  readonly failed: readonly string[];
}

/** In the table `circle_alignment`; the cases are those that the agency has keys of its own of, by id. */
export class PostgresAlignmentPlaces implements AlignmentPlaces {
  readonly #pool: pg.Pool;
  readonly #agencyId: string;

  /** @param agencyId whose keys say which cases there are */
  constructor(pool: pg.Pool, agencyId: string) {
    this.#pool = pool;
    this.#agencyId = agencyId;
  }

  async reached(): Promise<string> {
    const { rows } = await this.#pool.query<Row>('SELECT reached FROM circle_alignment');
    return rows[0]?.reached ?? '';
  }

  async step(goal: string, work: AlignmentWork): Promise<AlignmentStep> {
    try {
      return await this.#step(goal, work, all);
    } catch (error) {
      if (!work.isOfCase(error)) throw error;
      return this.#step(goal, work, oneByOne);
    }
  }

  #step(goal: string, work: AlignmentWork, lookAt: LookAt): Promise<AlignmentStep> {
    return inTransaction(this.#pool, async (transaction) => {
      const { rows } = await transaction.query<Row>('SELECT * FROM circle_alignment FOR UPDATE');
      const row = rows[0];
      // From the beginning also where it was reached once: whoever asks goes all the way again.
      const isUnderWay = row?.goal === goal && row.reached === '';
      const after = isUnderWay ? row.after_case : null;
      const leftOut = isUnderWay ? row.left_out : [];
      const cases = await this.#casesAfter(transaction, after);
      if (cases.length === 0) {
        const looked = await lookAt(transaction, leftOut, work, MAX_LEFT_OUT);
        return this.#end(transaction, { goal, after, leftOut }, looked);
      }
      const { last, isChanged, failed } = await lookAt(transaction, cases, work, MAX_LEFT_OUT - leftOut.length);
      await this.#keep(transaction, { goal, after: last, reached: '', leftOut: [...leftOut, ...failed] });
      return isChanged ? 'changed' : 'looked';
    });
  }

  /** All were looked at, and those that had been left out once more. */
  async #end(
    transaction: Transaction,
    { goal, after, leftOut }: Omit<Place, 'reached'>,
    { last, isChanged, failed }: Looked,
  ): Promise<AlignmentStep> {
    const remaining = isChanged ? [...leftOut.slice(leftOut.indexOf(last ?? '') + 1), ...failed] : failed;
    const isDone = remaining.length === 0;
    const place = isDone ? { after: null, reached: goal } : { after, reached: '' };
    await this.#keep(transaction, { goal, ...place, leftOut: remaining });
    return { leftOut: remaining, isChanged };
  }

  async #keep(transaction: Transaction, { goal, after, reached, leftOut }: Place): Promise<void> {
    await transaction.query(
      'UPDATE circle_alignment SET goal = $1, after_case = $2, reached = $3, left_out = $4::uuid[]',
      [goal, after, reached, leftOut],
    );
  }

  async #casesAfter(transaction: Transaction, after: string | null): Promise<readonly string[]> {
    const { rows } = await transaction.query<{ case_id: string }>(
      `(SELECT DISTINCT case_id FROM keys.own_epoch WHERE $2::uuid IS NULL OR case_id > $2
         ORDER BY case_id LIMIT ${CASES_PER_STEP})
       UNION
       (SELECT DISTINCT case_id FROM keys.case_key WHERE audience = 'own' AND source = $1 AND ($2::uuid IS NULL OR case_id > $2)
         ORDER BY case_id LIMIT ${CASES_PER_STEP})
       ORDER BY case_id LIMIT ${CASES_PER_STEP}`,
      [this.#agencyId, after],
    );
    return rows.map(({ case_id: caseId }) => caseId);
  }
}

/** Looks at cases until one is changed. */
type LookAt = (
  transaction: Transaction,
  cases: readonly string[],
  work: AlignmentWork,
  room: number,
) => Promise<Looked>;

const all: LookAt = async (transaction, cases, { align }) => {
  for (const caseId of cases) {
    if (await align(transaction, caseId)) return { last: caseId, isChanged: true, failed: [] };
  }
  return { last: cases.at(-1) ?? null, isChanged: false, failed: [] };
};

/** What a case that cannot be aligned has written is undone, and nothing else. */
const oneByOne: LookAt = async (transaction, cases, { align, isOfCase }, room) => {
  const failed: string[] = [];
  for (const caseId of cases) {
    await transaction.query('SAVEPOINT aligning');
    try {
      if (await align(transaction, caseId)) return { last: caseId, isChanged: true, failed };
    } catch (error) {
      if (failed.length >= room || !isOfCase(error)) throw error;
      await transaction.query('ROLLBACK TO SAVEPOINT aligning');
      failed.push(caseId);
    }
    await transaction.query('RELEASE SAVEPOINT aligning');
  }
  return { last: cases.at(-1) ?? null, isChanged: false, failed };
};
