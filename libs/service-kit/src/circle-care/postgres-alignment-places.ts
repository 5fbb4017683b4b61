import { inTransaction, type Transaction } from '@acogida/event-store';
import type pg from 'pg';
import type { AlignmentPlaces, AlignmentStep } from './circle-alignment.ts';

/** Most cases that are looked at in one transaction. */
const CASES_PER_STEP = 50;

interface Row {
  readonly goal: string;
  readonly after_case: string | null;
  readonly reached: string;
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

  step(goal: string, align: (transaction: Transaction, caseId: string) => Promise<boolean>): Promise<AlignmentStep> {
    return inTransaction(this.#pool, async (transaction) => {
      const { rows } = await transaction.query<Row>('SELECT * FROM circle_alignment FOR UPDATE');
      const row = rows[0] ?? { goal: '', after_case: null, reached: '' };
      let after = row.goal === goal ? row.after_case : null; // null where it was reached once: whoever asks goes all the way again
      const cases = await this.#casesAfter(transaction, after);
      if (cases.length === 0) {
        await transaction.query('UPDATE circle_alignment SET goal = $1, after_case = NULL, reached = $1', [goal]);
        return 'through';
      }
      let isChanged = false;
      for (const caseId of cases) {
        isChanged = await align(transaction, caseId);
        after = caseId;
        if (isChanged) break;
      }
      const place = `UPDATE circle_alignment SET goal = $1, after_case = $2, reached = ''`;
      await transaction.query(place, [goal, after]);
      return isChanged ? 'changed' : 'looked';
    });
  }

  async #casesAfter(transaction: Transaction, after: string | null): Promise<readonly string[]> {
    const { rows } = await transaction.query<{ case_id: string }>(
      `SELECT DISTINCT case_id FROM keys.case_key
        WHERE source = $1 AND ($2::uuid IS NULL OR case_id > $2) ORDER BY case_id LIMIT ${CASES_PER_STEP}`,
      [this.#agencyId, after],
    );
    return rows.map(({ case_id: caseId }) => caseId);
  }
}
