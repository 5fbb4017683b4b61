import { DomainError, type DomainErrorKind } from '@acogida/core';
import { type ConsentFacts, type ConsentRecord, type ConsentRegister, consentOf, consentStatusAt } from './consent.ts';
import type { ConsentCommand, ConsentCommandOf, Explanation } from './consent-commands.ts';
import type { ConsentEvent } from './consent-events.ts';
import { expiring } from './consent-deadlines.ts';
import { expiryFor, inOrder, requireGiving, requireLanguage, requireScope, requireWithin } from './consent-rules.ts';
import { confirmContact, overrideSharing, recordContactAttempt } from './decide-contact.ts';
import { acknowledgeWithdrawal, noteAcknowledgement, noteWithdrawal, withdrawConsent } from './decide-withdrawal.ts';
import { isSameValue } from './same-value.ts';

function refusal(code: string, message: string, kind: DomainErrorKind = 'conflict'): DomainError {
  return new DomainError(`CONSENT.${code}`, kind, message);
}

function request(command: ConsentCommandOf<'RequestConsent'>, register: ConsentRegister): readonly ConsentEvent[] {
  const { consentId, caseId, by, now, language, interpretation } = command;
  requireScope(command.scope);
  requireLanguage(command);
  const scope = inOrder(command.scope);
  const record = consentOf(register, consentId);
  if (record !== undefined) {
    if (record.status === 'REQUESTED' && isSameValue(record.asked, scope)) return [];
    throw refusal('ID_TAKEN', 'another consent has this id');
  }
  const data = { consentId, caseId, scope, language, interpretation, recordedAt: by, requestedAt: now };
  return [{ type: 'ConsentRequested', data }];
}

function requireExplanation({ explained, understandingChecked, withoutPenalty }: Explanation): void {
  if (!explained) throw refusal('NOT_EXPLAINED', 'explain first what is shared, with whom and why', 'invalid');
  if (!understandingChecked) throw refusal('UNDERSTANDING_UNCHECKED', 'check that it was understood', 'invalid');
  if (!withoutPenalty) throw refusal('NOT_FREE', 'what is given under a penalty is no consent', 'invalid');
}

function factsOf(command: ConsentCommandOf<'GrantConsent'>): ConsentFacts {
  const { consentId, caseId, language, interpretation, form, givenBy, childAssent, basis } = command;
  const expiresAt = expiryFor(command.expiresAt, command.country, command.now);
  const scope = inOrder(command.scope);
  return { consentId, caseId, scope, language, interpretation, form, givenBy, childAssent, basis, expiresAt };
}

/** Same consent, whatever the end that was given to it when it was recorded. */
function isSameConsent(record: ConsentRecord, facts: ConsentFacts, isOpenEnded: boolean): boolean {
  const expiresAt = isOpenEnded && record.facts !== null ? record.facts.expiresAt : facts.expiresAt;
  return isSameValue(record.facts, { ...facts, expiresAt });
}

function grant(command: ConsentCommandOf<'GrantConsent'>, register: ConsentRegister): readonly ConsentEvent[] {
  const { by, now, ageStatus, takenOver } = command;
  requireScope(command.scope);
  const facts = factsOf(command);
  if (facts.basis === 'CONSENT' && !takenOver) requireExplanation(command);
  requireGiving(facts, ageStatus, takenOver);
  const record = consentOf(register, facts.consentId);
  const granted: ConsentEvent = { type: 'ConsentGranted', data: { ...facts, recordedAt: by, grantedAt: now } };
  if (record === undefined) return [granted];
  switch (record.status) {
    case 'REQUESTED':
      if (record.asked !== null) requireWithin(facts.scope, record.asked);
      return [granted];
    case 'GRANTED':
      if (isSameConsent(record, facts, command.expiresAt === null)) return [];
      throw refusal('ID_TAKEN', 'another consent has this id');
    case 'REFUSED':
    case 'WITHDRAWN':
    case 'EXPIRED':
      throw refusal('SETTLED', 'ask anew: this one has its answer');
  }
}

function refuse(command: ConsentCommandOf<'RefuseConsent'>, register: ConsentRegister): readonly ConsentEvent[] {
  const { consentId, caseId, by, now, language, interpretation } = command;
  requireLanguage(command);
  const status = consentOf(register, consentId)?.status ?? 'REQUESTED';
  switch (status) {
    case 'REFUSED':
      return [];
    case 'REQUESTED': {
      const data = { consentId, caseId, language, interpretation, recordedAt: by, refusedAt: now };
      return [{ type: 'ConsentRefused', data }];
    }
    case 'GRANTED':
    case 'WITHDRAWN':
    case 'EXPIRED':
      throw refusal('SETTLED', 'it was given: it can be withdrawn');
  }
}

/** What another agency recorded it tells itself. */
function tell(
  { consentId, caseId, to, now }: ConsentCommandOf<'TellConsent'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const record = consentOf(register, consentId);
  if (record?.isOwn !== true || consentStatusAt(record, now) !== 'GRANTED') return [];
  if (record.toldTo?.includes(to) === true) return [];
  return [{ type: 'ConsentTold', data: { consentId, caseId, to, toldAt: now } }];
}

/** Only who recorded a consent records its end; everybody else knows it by the clock. */
function expire(
  { caseId, now }: ConsentCommandOf<'ExpireConsents'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  return expiring(register)
    .filter(({ expiresAt }) => expiresAt <= now)
    .map(({ consentId, expiresAt }) => ({
      type: 'ConsentExpired',
      data: { consentId, caseId, expiredAt: expiresAt },
    }));
}

/** What another agency recorded. Its end or withdrawal may have been heard of before: that stands. */
function note(command: ConsentCommandOf<'NoteConsent'>, register: ConsentRegister): readonly ConsentEvent[] {
  const { facts, by, at } = command;
  const record = consentOf(register, facts.consentId);
  const isKnown = record !== undefined && (record.recordedAt !== null || record.facts !== null);
  if (!isKnown) return [{ type: 'ConsentNoted', data: { ...facts, recordedAt: by, grantedAt: at } }];
  if (record.recordedAt === by && isSameValue(record.facts, facts)) return [];
  throw refusal('CONTRADICTION', 'this consent is known otherwise');
}

/** Decides a command on the consents of a case. @throws DomainError with a code of README.md */
export function decideConsent(command: ConsentCommand, register: ConsentRegister): readonly ConsentEvent[] {
  switch (command.type) {
    case 'RequestConsent':
      return request(command, register);
    case 'GrantConsent':
      return grant(command, register);
    case 'RefuseConsent':
      return refuse(command, register);
    case 'TellConsent':
      return tell(command, register);
    case 'ExpireConsents':
      return expire(command, register);
    case 'NoteConsent':
      return note(command, register);
    case 'WithdrawConsent':
      return withdrawConsent(command, register);
    case 'NoteWithdrawal':
      return noteWithdrawal(command, register);
    case 'AcknowledgeWithdrawal':
      return acknowledgeWithdrawal(command, register);
    case 'NoteWithdrawalAcknowledgement':
      return noteAcknowledgement(command, register);
    case 'ConfirmContact':
      return confirmContact(command, register);
    case 'RecordContactAttempt':
      return recordContactAttempt(command, register);
    case 'OverrideSharing':
      return overrideSharing(command, register);
  }
}
