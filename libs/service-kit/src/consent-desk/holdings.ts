import type { Instant } from '@acogida/core';
import type { RetentionBasis, RetentionCategory } from '@acogida/reference';
import { concernedBy, type ConsentRegister, type Holdings, isParty } from '@acogida/referral';

/** Injection token of the `Holding`s of the node. */
export const HOLDINGS = Symbol('acogida.holdings');

/** Where it is looked up: the transaction of a policy, or the node's pool. */
export interface Lookup {
  query(text: string, values: unknown[]): Promise<{ readonly rowCount: number | null }>;
}

/** Something that a node may hold of a case, and the basis on which it keeps it after a withdrawal. */
export interface Holding {
  readonly category: RetentionCategory;
  readonly legalBasis: RetentionBasis;
  isHeld(lookup: Lookup, caseId: string): Promise<boolean>;
  /** Whether something of it came under what is withdrawn, and goes with it; left out where nothing is kept under a consent. */
  isDestroyedBy?(lookup: Lookup, withdrawal: WithdrawalOf): Promise<boolean>;
  /** Whether something of it would go with what is withdrawn, and stays because a legal hold stands on the case. */
  isKeptByLegalHold?(lookup: Lookup, withdrawal: WithdrawalOf): Promise<boolean>;
}

/** What is withdrawn: one consent, or with null every consent of the case. */
export interface WithdrawalOf {
  readonly consentId: string | null;
  readonly caseId: string;
  readonly withdrawnAt: Instant;
}

const TABLE = /^[a-z][a-z0-9_]*$/;

/**
 * A holding that is there when the table has a row with the case in `case_id`.
 *
 * @throws RangeError the name is none of a table of ours
 */
export function heldInTable(table: string, category: RetentionCategory, legalBasis: RetentionBasis): Holding {
  if (!TABLE.test(table)) throw new RangeError('not the name of a table');
  return {
    category,
    legalBasis,
    isHeld: async (lookup, caseId) => {
      const { rowCount } = await lookup.query(`SELECT FROM ${table} WHERE case_id = $1 LIMIT 1`, [caseId]);
      return rowCount === 1;
    },
  };
}

/** What every referral desk holds: the coded record of what was asked of whom, which the person may need against us. */
export const REFERRAL_RECORD = heldInTable('referral', 'REFERRAL_RECORD', 'LEGAL_CLAIMS');

/** What goes with a withdrawal here. Asked before that is recorded: then it is gone. */
export async function destroyedBy(
  withdrawal: WithdrawalOf,
  holdings: readonly Holding[],
  lookup: Lookup,
): Promise<readonly RetentionCategory[]> {
  const destroyed: RetentionCategory[] = [];
  for (const holding of holdings)
    if ((await holding.isDestroyedBy?.(lookup, withdrawal)) === true) destroyed.push(holding.category);
  return destroyed;
}

/**
 * What this agency says to a withdrawal: what it destroyed, and what it keeps and on which basis. Null when the consent was none
 * of its business: it neither recorded it, nor is named in it, nor holds or held anything of the case. Of what is kept in part
 * it says that it is kept, and of what only a legal hold keeps that this does. Coded facts go with the keys of the case.
 *
 * @param consentId null: every consent of the case
 * @param destroyed by the withdrawal: `destroyedBy`
 */
export async function holdingsUnder(
  register: ConsentRegister,
  withdrawal: WithdrawalOf & { readonly agencyId: string; readonly destroyed: readonly RetentionCategory[] },
  holdings: readonly Holding[],
  lookup: Lookup,
): Promise<Holdings | null> {
  const { consentId, caseId, agencyId } = withdrawal;
  const records = concernedBy(register, consentId).filter(({ facts }) => facts !== null);
  const held: Pick<Holding, 'category' | 'legalBasis'>[] = [];
  for (const { category, legalBasis, ...holding } of holdings) {
    if ((await holding.isKeptByLegalHold?.(lookup, withdrawal)) === true) {
      held.push({ category, legalBasis: 'LEGAL_HOLD' });
    } else if (await holding.isHeld(lookup, caseId)) held.push({ category, legalBasis });
  }
  const destroyed = withdrawal.destroyed.filter((gone) => !held.some(({ category }) => category === gone));
  if ([...held, ...destroyed].length === 0 && !records.some((record) => isParty(record, agencyId))) return null;
  const retained = held.map(({ category, legalBasis }) => ({ category, legalBasis, until: null }));
  const proof = { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null } as const;
  return { destroyed, retained: records.length === 0 ? retained : [proof, ...retained] };
}
