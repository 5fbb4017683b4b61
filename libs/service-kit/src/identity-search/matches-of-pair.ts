import type { Transaction } from '@acogida/event-store';
import type { MatchDecision } from '@acogida/reference';

/** A match that is kept of two identities. */
export interface MatchOfIdentities {
  readonly matchId: string;
  readonly askedCaseId: string;
  readonly decision: MatchDecision | null;
}

/** Any constant that nothing else in a node's database locks. */
const MATCHES_LOCK = 4_170_226_332;

/**
 * Until the transaction ends nobody else writes several matches at once: two searches that find the same persons would each wait for what the other
 * has written, or both keep one match.
 */
export async function lockMatches(transaction: Pick<Transaction, 'query'>): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1)', [MATCHES_LOCK]);
}

/** What is kept of a case and the identity of a fingerprint. */
export async function matchOfIdentities(
  transaction: Pick<Transaction, 'query'>,
  caseId: string,
  fingerprint: string,
): Promise<MatchOfIdentities | undefined> {
  const { rows } = await transaction.query<MatchOfIdentities>(
    `SELECT match_id::text AS "matchId", asked_case_id::text AS "askedCaseId", decision
     FROM vault.possible_match WHERE case_id = $1 AND fingerprint = $2`,
    [caseId, fingerprint],
  );
  return rows[0];
}

/** Whether any match of a case and an identity says that they are one person's, whichever case was asked about. */
export async function isSamePair(
  transaction: Pick<Transaction, 'query'>,
  caseId: string,
  pair: string,
): Promise<boolean> {
  const { rows } = await transaction.query(
    `SELECT FROM vault.possible_match WHERE case_id = $1 AND pair = $2 AND decision = 'SAME_PERSON' LIMIT 1`,
    [caseId, pair],
  );
  return rows.length > 0;
}

/** Whether another match of the same two cases says that they are one person's. */
export async function isSameByAnother(
  transaction: Pick<Transaction, 'query'>,
  { caseId, askedCaseId, matchId }: { readonly caseId: string; readonly askedCaseId: string; readonly matchId: string },
): Promise<boolean> {
  const { rows } = await transaction.query(
    `SELECT FROM vault.possible_match WHERE decision = 'SAME_PERSON' AND match_id <> $3
       AND (case_id = $1 AND asked_case_id = $2 OR case_id = $2 AND asked_case_id = $1) LIMIT 1`,
    [caseId, askedCaseId, matchId],
  );
  return rows.length > 0;
}
