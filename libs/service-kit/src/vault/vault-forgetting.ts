import type { InlineProjection, ReadModelWriter, RecordedEvent } from '@acogida/event-store';
import { type ConsentEvent, consentProcedure, type WithdrawnConsent } from '@acogida/referral';

const STREAM_PREFIX = `${consentProcedure.name}-`;

function withdrawalOf({ stream, type, data }: RecordedEvent): WithdrawnConsent | null {
  if (!stream.startsWith(STREAM_PREFIX)) return null;
  const event = { type, data } as unknown as ConsentEvent;
  return event.type === 'ConsentWithdrawn' || event.type === 'WithdrawalNoted' ? event.data : null;
}

const FORGET = `
  WITH withdrawn AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (case_id uuid, consent_id uuid, withdrawn_at timestamptz)
  ), gone AS (
    DELETE FROM vault.cell USING withdrawn
    WHERE cell.case_id = withdrawn.case_id AND cell.consent_id IS NOT NULL
      AND (cell.consent_id = withdrawn.consent_id
        OR withdrawn.consent_id IS NULL AND coalesce(cell.consent_given_at, cell.updated_at) <= withdrawn.withdrawn_at)
    RETURNING cell.case_id, cell.field, cell.consent_id, withdrawn.withdrawn_at
  )
  INSERT INTO audit.entry (at, actor, kind, case_id, details, consent_id)
  SELECT withdrawn_at, $2, 'ERASURE', case_id, array_agg('removed:' || field ORDER BY field), consent_id
  FROM gone GROUP BY case_id, consent_id, withdrawn_at`;

const FORGET_CASE = `
  WITH gone AS (DELETE FROM vault.cell WHERE case_id = $1 RETURNING field),
  tokens AS (DELETE FROM vault.identity_token WHERE case_id = $1),
  unindexed AS (DELETE FROM vault.unindexed_case WHERE case_id = $1),
  matches AS (DELETE FROM vault.possible_match WHERE case_id = $1 OR asked_case_id = $1), noted AS (
    INSERT INTO audit.entry (at, actor, kind, case_id, details)
    SELECT now(), $2, 'ERASURE', $1, array_agg('removed:' || field ORDER BY field) FROM gone HAVING count(*) > 0)
  SELECT count(*)::int AS cells FROM gone`;

/**
 * What came under a consent is gone in the transaction that records its withdrawal, wherever it was lodged (domain.md §1.3),
 * also what was written after that was said: a withdrawn consent never comes back. A rebuild finds nothing more to forget: what
 * came under a consent that was given after a withdrawal of all stays.
 */
export const vaultForgettingProjection: InlineProjection = {
  name: 'vault-forgetting',
  async apply(events: readonly RecordedEvent[], transaction: ReadModelWriter) {
    const rows = events.flatMap((event) => {
      const withdrawal = withdrawalOf(event);
      if (withdrawal === null) return [];
      const { caseId, consentId, withdrawnAt } = withdrawal;
      return [{ case_id: caseId, consent_id: consentId, withdrawn_at: withdrawnAt }];
    });
    if (rows.length > 0) await transaction.query(FORGET, [JSON.stringify(rows), 'when-consent-withdrawn-then-forget']);
  },
  async reset() {},
  async forget(transaction, caseId) {
    const values = [caseId, 'when-case-erased-then-forget'];
    const { rows } = await transaction.query<{ cells: number }>(FORGET_CASE, values);
    return rows[0]?.cells ?? 0;
  },
};
