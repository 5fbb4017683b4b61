import type { ReferralColumns } from './referral-columns.ts';

/** Columns of what a request told of the person, and why it was sent. */
const FORGOTTEN = [
  ...['reason', 'sex', 'age_status', 'age_from_years', 'age_to_years', 'nationalities', 'nationality_status'],
  ...['consent_basis', 'consent_form', 'consent_given_by', 'consent_language', 'consent_granted_on'],
  ...['attachments', 'information_attachments', 'separation_reason'],
];

/**
 * Nothing of the person is kept in plain at a receiver where nothing came of the referral (architecture.md §5, Format). The same
 * as `cameToNothing` of @acogida/referral says of a referral, of a row.
 */
export const FORGET_FACTS = {
  name: 'referral-forget-facts',
  text: `
    UPDATE referral SET ${FORGOTTEN.map((column) => `${column} = NULL`).join(', ')}
    WHERE referral_id = ANY ($1::uuid[]) AND direction = 'received'
      AND (sex IS NOT NULL OR information_attachments IS NOT NULL)
      AND (fulfilment_status = 'REJECTED'
        OR fulfilment_status IN ('NONE', 'ACKNOWLEDGED', 'ON_HOLD')
          AND request_status IN ('CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR', 'LOOP_CLOSED')
        OR fulfilment_status = 'FAILED' AND custody_term IS NULL AND (request_status = 'ENTERED_IN_ERROR'
          OR started_at IS NULL
            AND (request_status = 'CANCELLED' OR failure_reason IN ('CANCELLED_BY_SENDER', 'CONSENT_WITHDRAWN')
              AND NOT (transfer AND request_status IN ('REQUESTED', 'EXPIRED')))))`,
};

/** Whether what was said of a referral may have ended it, or told more of the person after its end. */
export function mayForgetFacts(said: ReferralColumns): boolean {
  const { request_status: request, fulfilment_status: fulfilment, information_attachments: told } = said;
  if (fulfilment === 'REJECTED' || fulfilment === 'FAILED' || told != null) return true;
  return request !== undefined && request !== 'DRAFT' && request !== 'REQUESTED';
}
