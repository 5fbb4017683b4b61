import { forgetRowsOf, type InlineProjection, type Transaction } from '@acogida/event-store';
import type { GroupAudience } from '@acogida/sealing';
import type { Introduction } from './key-policies.ts';

/** Whom other agencies have in their circles of a case: a consent that comes later may name one of them. */
export interface IntroductionBook {
  /** The last word of each agency on each other one counts. Nothing is kept of an erased case. */
  note(transaction: Transaction, introductions: readonly Introduction[]): Promise<void>;
  /** It is not in that circle any more. */
  forget(
    transaction: Transaction,
    introduction: Pick<Introduction, 'caseId' | 'agency' | 'introducedBy'>,
  ): Promise<void>;
  /** By agency, then by who said it. */
  of(transaction: Transaction, caseId: string): Promise<readonly Introduction[]>;
}

interface Row {
  readonly agency: string;
  readonly introduced_by: string;
  readonly member_key_x: string | null;
  readonly audiences: GroupAudience[];
}

/** In the table `circle_introduction` (`caseKeysMigrations`). */
export class PostgresIntroductions implements IntroductionBook {
  async note(transaction: Transaction, introductions: readonly Introduction[]): Promise<void> {
    for (const { caseId, agency, introducedBy, memberKeyX, audiences } of introductions) {
      await transaction.query(
        `INSERT INTO circle_introduction (case_id, agency, introduced_by, member_key_x, audiences)
         SELECT $1::uuid, $2, $3, $4, $5::text[] WHERE NOT EXISTS (SELECT FROM keys.hold_standing(ARRAY[$1::uuid]))
         ON CONFLICT (case_id, agency, introduced_by)
         DO UPDATE SET member_key_x = excluded.member_key_x, audiences = excluded.audiences`,
        [caseId, agency, introducedBy, memberKeyX, audiences],
      );
    }
  }

  async forget(
    transaction: Transaction,
    { caseId, agency, introducedBy }: Pick<Introduction, 'caseId' | 'agency' | 'introducedBy'>,
  ): Promise<void> {
    await transaction.query(
      'DELETE FROM circle_introduction WHERE case_id = $1 AND agency = $2 AND introduced_by = $3',
      [caseId, agency, introducedBy],
    );
  }

  async of(transaction: Transaction, caseId: string): Promise<readonly Introduction[]> {
    const { rows } = await transaction.query<Row>(
      'SELECT * FROM circle_introduction WHERE case_id = $1 ORDER BY agency, introduced_by',
      [caseId],
    );
    return rows.map(({ agency, introduced_by: introducedBy, member_key_x: memberKeyX, audiences }) => {
      return { caseId, agency, introducedBy, memberKeyX, audiences };
    });
  }
}

/** What is known of introductions goes with an erasure. */
export const introductionRows: Pick<InlineProjection, 'name' | 'forget'> = {
  name: 'circle-introductions',
  ...forgetRowsOf('circle_introduction'),
};
