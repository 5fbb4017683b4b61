import { consentOf, consentProcedure, type ConsentRegister, type Referral } from '@acogida/referral';
import type { KeyTurn } from '../case-keys/key-turn.ts';

/**
 * Whoever is asked to serve the person knows under which consent, and can answer when it is withdrawn, whatever of the past is
 * opened. Nothing where another agency recorded it, or none is named.
 *
 * @param register the consents of the case, as they were read in the transaction of the turn
 */
export async function tellConsent(
  { now, run }: Pick<KeyTurn, 'now' | 'run'>,
  { request: { caseId, consent } }: Pick<Referral, 'request'>,
  to: string,
  register: ConsentRegister,
): Promise<void> {
  const { consentId } = consent;
  if (consentId === undefined) return;
  const record = consentOf(register, consentId);
  if (record === undefined || !record.isOwn || record.toldTo?.includes(to) === true) return;
  const command = { type: 'TellConsent', consentId, caseId, to, now } as const;
  await run({ procedure: consentProcedure, id: caseId, command });
}
