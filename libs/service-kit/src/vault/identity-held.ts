import type { RetentionBasis } from '@acogida/reference';
import type { Holding } from '../consent-desk/holdings.ts';
import { legalHoldStandsOn } from '../erasure/legal-hold-standing.ts';

/** What `vaultForgettingProjection` removes. */
const CAME_UNDER = `case_id = $1 AND consent_id IS NOT NULL
  AND (consent_id = $2::uuid OR $2::uuid IS NULL AND coalesce(consent_given_at, updated_at) <= $3::timestamptz)`;

const IS_HELD = legalHoldStandsOn('cell.case_id');

/**
 * Identity that this agency took down itself and goes on keeping after a withdrawal; what came under the withdrawn consent is
 * gone with it, unless a legal hold keeps it. For `consentDesk([…])` of a node with a vault.
 */
export function identityHeld(legalBasis: RetentionBasis): Holding {
  return {
    ...{ category: 'IDENTITY', legalBasis },
    isHeld: async (lookup, caseId) => {
      const statement = 'SELECT FROM vault.cell WHERE case_id = $1 AND consent_id IS NULL LIMIT 1';
      return (await lookup.query(statement, [caseId])).rowCount === 1;
    },
    isDestroyedBy: async (lookup, { consentId, caseId, withdrawnAt }) => {
      const { rowCount } = await lookup.query(`SELECT FROM vault.cell WHERE ${CAME_UNDER} AND NOT ${IS_HELD} LIMIT 1`, [
        ...[caseId, consentId, withdrawnAt],
      ]);
      return rowCount === 1;
    },
    isKeptByLegalHold: async (lookup, { consentId, caseId, withdrawnAt }) => {
      const { rowCount } = await lookup.query(`SELECT FROM vault.cell WHERE ${CAME_UNDER} AND ${IS_HELD} LIMIT 1`, [
        ...[caseId, consentId, withdrawnAt],
      ]);
      return rowCount === 1;
    },
  };
}
