import { DomainError } from '@acogida/core';
import { type ConsentRegister, consentOf, consentStatusAt, knownConsents, namesRecipient } from './consent.ts';
import { type ConsentCommandOf, OVERRIDE_PERMISSION } from './consent-commands.ts';
import type { ConsentEvent } from './consent-events.ts';
import { isDenyRule, isOfOrigin } from './deny-rules.ts';
import { judgeSharing } from './judge-sharing.ts';
import { judgeReferral } from './referral-sharing.ts';
import type { SharingVerdict } from './sharing.ts';

/** A second person says yes to one contact with the country of origin (INV-05); it stands for `CONFIRMATION_VALID_MS`. */
export function confirmContact(
  command: ConsentCommandOf<'ConfirmContact'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { consentId, recipient, confirmedBy, now } = command;
  const record = consentOf(register, consentId);
  if (record === undefined || record.facts === null)
    throw new DomainError('CONSENT.UNKNOWN', 'not-found', 'there is no such consent here');
  const { scope, basis } = record.facts;
  const isExpress =
    record.recordedAt !== recipient &&
    basis === 'CONSENT' &&
    scope.purposes.includes('CONSULAR_CONTACT') &&
    namesRecipient(scope, recipient);
  if (!isExpress || consentStatusAt(record, now) !== 'GRANTED')
    throw new DomainError('CONSENT.NOT_EXPRESS', 'conflict', 'no consent in force names this recipient for contact');
  return [{ type: 'ContactConfirmed', data: { consentId, recipient, confirmedBy, confirmedAt: now } }];
}

/** As whoever shares judges it: a referral by what it rests on, anything else by all that is known. */
function judge(
  { question, recipient, person, now, sent }: ConsentCommandOf<'RecordContactAttempt' | 'OverrideSharing'>,
  register: ConsentRegister,
): SharingVerdict {
  if (sent === undefined) return judgeSharing(question, knownConsents(register), recipient, person, now);
  const { askedBy } = question;
  return judgeReferral(sent.referral, { register, recipient, person, country: sent.country, askedBy, at: now });
}

/** Every try to reach the country of origin is put on record, allowed or not (INV-05); of other recipients nothing is. */
export function recordContactAttempt(
  command: ConsentCommandOf<'RecordContactAttempt'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { question, recipient, person, now } = command;
  if (!isOfOrigin(recipient, person)) return [];
  const { allowed, refusals } = judge(command, register);
  const { purpose, fields, askedBy } = question;
  const sharing = { recipient: recipient.agencyId, purpose, fields };
  return [
    { type: 'ContactAttempted', data: { ...sharing, allowed, refusals, attemptedBy: askedBy, attemptedAt: now } },
  ];
}

/**
 * Shares past a missing consent, on the named permission and for a coded reason, put on record. Never past a deny rule:
 * nobody has a permission for that.
 */
export function overrideSharing(
  command: ConsentCommandOf<'OverrideSharing'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { question, recipient, now, reason, permissions } = command;
  if (!permissions.includes(OVERRIDE_PERMISSION))
    throw new DomainError('CONSENT.OVERRIDE_NOT_PERMITTED', 'forbidden', 'overriding needs a permission of its own');
  const { refusals } = judge(command, register);
  if (refusals.some(isDenyRule))
    throw new DomainError('CONSENT.DENY_RULE', 'forbidden', 'no permission reaches past a deny rule');
  if (refusals.length === 0) return [];
  const { purpose, fields, askedBy } = question;
  const sharing = { recipient: recipient.agencyId, purpose, fields };
  const data = { ...sharing, refusals, reason, overriddenBy: askedBy, overriddenAt: now };
  return [{ type: 'SharingOverridden', data }];
}
