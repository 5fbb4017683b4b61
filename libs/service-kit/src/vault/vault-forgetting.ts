import type { InlineProjection, ReadModelWriter, RecordedEvent } from '@acogida/event-store';
import { type ConsentEvent, consentProcedure, type WithdrawnConsent } from '@acogida/referral';
import type { ErasureEvent } from '../erasure/erasure-events.ts';
import { legalHoldStandsOn } from '../erasure/legal-hold-standing.ts';

const CONSENT_PREFIX = `${consentProcedure.name}-`;
const ERASURE_PREFIX = 'erasure-';

function withdrawalOf({ stream, type, data }: RecordedEvent): WithdrawnConsent | null {
  if (!stream.startsWith(CONSENT_PREFIX)) return null;
  const event = { type, data } as unknown as ConsentEvent;
  return event.type === 'ConsentWithdrawn' || event.type === 'WithdrawalNoted' ? event.data : null;
}

interface EndedHold {
  readonly caseId: string;
  readonly endedAt: string;
}

function endedHoldOf({ stream, type, data }: RecordedEvent): EndedHold | null {
  if (!stream.startsWith(ERASURE_PREFIX)) return null;
  const event = { type, data } as unknown as ErasureEvent;
  if (event.type === 'LegalHoldLifted') return { caseId: event.data.caseId, endedAt: event.data.liftedAt };
  return event.type === 'LegalHoldLapsed' ? { caseId: event.data.caseId, endedAt: event.data.lapsedAt } : null;
}

/** One after the other: else a hold that ends meanwhile leaves behind what a withdrawal has just kept for it. */
const ONE_BY_ONE = `
  SELECT pg_advisory_xact_lock(hashtextextended('legal hold ' || case_id, 0))
  FROM (SELECT DISTINCT case_id FROM unnest($1::text[]) AS named (case_id) ORDER BY case_id) AS cases`;

const WITHDRAWN = `withdrawn AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (case_id uuid, consent_id uuid, withdrawn_at timestamptz))`;

const CAME_UNDER = `cell.case_id = withdrawn.case_id AND cell.consent_id IS NOT NULL
      AND (cell.consent_id = withdrawn.consent_id
        OR withdrawn.consent_id IS NULL AND coalesce(cell.consent_given_at, cell.updated_at) <= withdrawn.withdrawn_at)`;

const FORGET = `
  WITH ${WITHDRAWN}, gone AS (
    DELETE FROM vault.cell USING withdrawn
    WHERE ${CAME_UNDER} AND NOT ${legalHoldStandsOn('cell.case_id')}
    RETURNING cell.case_id, cell.field, cell.consent_id, withdrawn.withdrawn_at
  )
  INSERT INTO audit.entry (at, actor, kind, case_id, details, consent_id)
  SELECT withdrawn_at, $2, 'ERASURE', case_id, array_agg('removed:' || field ORDER BY field), consent_id
  FROM gone GROUP BY case_id, consent_id, withdrawn_at`;

/** What is left of it then. */
const KEEP_FOR_HOLD = `
  WITH ${WITHDRAWN}
  UPDATE vault.cell SET withdrawn_at = withdrawn.withdrawn_at FROM withdrawn WHERE ${CAME_UNDER} AND cell.withdrawn_at IS NULL`;

const FORGET_KEPT = `
  WITH ended AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS e (case_id uuid, ended_at timestamptz)
  ), gone AS (
    DELETE FROM vault.cell USING ended
    WHERE cell.case_id = ended.case_id AND cell.withdrawn_at IS NOT NULL AND NOT ${legalHoldStandsOn('cell.case_id')}
    RETURNING cell.case_id, cell.field, cell.consent_id, ended.ended_at
  )
  INSERT INTO audit.entry (at, actor, kind, case_id, details, consent_id)
  SELECT ended_at, $2, 'ERASURE', case_id, array_agg('removed:' || field ORDER BY field), consent_id
  FROM gone GROUP BY case_id, consent_id, ended_at`;

const FORGET_CASE = `
  WITH gone AS (DELETE FROM vault.cell WHERE case_id = $1 RETURNING field),
  tokens AS (DELETE FROM vault.identity_token WHERE case_id = $1),
  unindexed AS (DELETE FROM vault.unindexed_case WHERE case_id = $1),
  matches AS (DELETE FROM vault.possible_match WHERE case_id = $1 OR asked_case_id = $1), noted AS (
    INSERT INTO audit.entry (at, actor, kind, case_id, details)
    SELECT now(), $2, 'ERASURE', $1, array_agg('removed:' || field ORDER BY field) FROM gone HAVING count(*) > 0)
  SELECT count(*)::int AS cells FROM gone`;

async function forgetWithdrawn(withdrawals: readonly WithdrawnConsent[], writer: ReadModelWriter): Promise<void> {
  if (withdrawals.length === 0) return;
  const rows = JSON.stringify(
    withdrawals.map(({ caseId, consentId, withdrawnAt }) => {
      return { case_id: caseId, consent_id: consentId, withdrawn_at: withdrawnAt };
    }),
  );
  await writer.query(FORGET, [rows, 'when-consent-withdrawn-then-forget']);
  await writer.query(KEEP_FOR_HOLD, [rows]);
}

async function forgetKept(ended: readonly EndedHold[], writer: ReadModelWriter): Promise<void> {
  if (ended.length === 0) return;
  const rows = ended.map(({ caseId, endedAt }) => ({ case_id: caseId, ended_at: endedAt }));
  await writer.query(FORGET_KEPT, [JSON.stringify(rows), 'when-legal-hold-ended-then-forget']);
}

/**
 * What came under a consent is gone in the transaction that records its withdrawal, wherever it was lodged (domain.md §1.3),
 * also what was written after that was said: a withdrawn consent never comes back. While a legal hold stands on the case it is kept, and
 * shown to nobody; it is gone in the transaction that records the end of the hold. A rebuild finds nothing more to forget: what
 * came under a consent that was given after a withdrawal of all stays.
 */
export const vaultForgettingProjection: InlineProjection = {
  name: 'vault-forgetting',
  async apply(events: readonly RecordedEvent[], transaction: ReadModelWriter) {
    const withdrawals = events.flatMap((event) => withdrawalOf(event) ?? []);
    const ended = events.flatMap((event) => endedHoldOf(event) ?? []);
    const cases = [...withdrawals, ...ended].map(({ caseId }) => caseId);
    if (cases.length === 0) return;
    await transaction.query(ONE_BY_ONE, [cases]);
    await forgetWithdrawn(withdrawals, transaction);
    await forgetKept(ended, transaction);
  },
  async reset() {},
  async forget(transaction, caseId) {
    const values = [caseId, 'when-case-erased-then-forget'];
    const { rows } = await transaction.query<{ cells: number }>(FORGET_CASE, values);
    return rows[0]?.cells ?? 0;
  },
};
