import type { OwnCases, OwnRecord } from '../referral-desk/own-cases.ts';

/** After everything that is ever recorded. */
const LAST = { position: '9223372036854775807', recordedAt: '9999-12-31T23:59:59.999Z' } as const;

const FIRST_SENT = `
  SELECT said.position, said.recorded_at AS "recordedAt"
    FROM referral JOIN es.event AS said ON said.stream = 'referral-' || referral.referral_id AND said.version = 1
   WHERE referral.case_id = $1 AND referral.direction = 'sent'
   ORDER BY said.position
   LIMIT 1`;

/** For specs without a procedure: the agency knows every case, and has opened it with the first that it sends. */
export const openedBySending: OwnCases = async (lookup, caseId) => {
  const { rows } = await lookup.query<Pick<OwnRecord, 'position' | 'recordedAt'>>(FIRST_SENT, [caseId]);
  return { ...(rows[0] ?? LAST), isOwnAct: true };
};
