import { type Decider, DomainError, type Instant } from '@acogida/core';
import { isCountry } from '@acogida/reference';
import { isGraver, isUnaccompanied } from './children.ts';
import { assertVoluntary, childNotCleared, spanOf } from './consent-rules.ts';
import type {
  ConfirmDeparture,
  DeclineReturn,
  NoteChild,
  ProvideCounselling,
  ReturnCaseCommand,
  SignConsent,
  SubmitApplication,
  TakeBackDeparture,
  WithdrawConsent,
} from './return-case-commands.ts';
import type { CounsellingSession, ReturnApplication, ReturnCaseEvent, ReturnConsent } from './return-case-events.ts';
import { evolveReturnCase, RETURN_NOT_SUBMITTED, type ReturnCase } from './return-case-state.ts';

type Events = readonly ReturnCaseEvent[];
type Submitted = ReturnCase & { readonly application: ReturnApplication };

function conflict(code: string, message: string): DomainError {
  return new DomainError(`RETURN.${code}`, 'conflict', message);
}

function assertNotAhead(told: Instant, at: Instant): void {
  if (told > at)
    throw new DomainError('RETURN.TIME_IN_FUTURE', 'invalid', 'nothing can be recorded before it happened');
}

/** What has ended is not gone on with: who wants to return after all applies anew. */
function assertOpen({ stage }: ReturnCase): void {
  if (stage === 'DEPARTED') throw conflict('DEPARTED', 'the person has left');
  if (stage === 'DECLINED') throw conflict('DECLINED', 'the return was declined');
}

function isSameSet<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}

function submit({ type: _, at, ...facts }: SubmitApplication, { application }: ReturnCase): Events {
  if (!isCountry(facts.destination))
    throw new DomainError('RETURN.DESTINATION_UNKNOWN', 'invalid', 'the destination is no country');
  if (application === null) return [{ type: 'ReturnApplicationSubmitted', data: { ...facts, submittedAt: at } }];
  const keys = Object.keys(facts) as (keyof typeof facts)[];
  if (keys.every((key) => application[key] === facts[key])) return [];
  throw conflict('ALREADY_SUBMITTED', 'the application was submitted with other facts');
}

function isSameSession(left: CounsellingSession, right: CounsellingSession): boolean {
  const { language, interpretation, isDetained } = left;
  const isSame = language === right.language && interpretation === right.interpretation;
  return isSame && isDetained === right.isDetained && isSameSet(left.options, right.options);
}

function counsel({ type: _, at, ...session }: ProvideCounselling, state: ReturnCase): Events {
  assertOpen(state);
  assertNotAhead(session.heldAt, at);
  const known = state.sessions.find(({ heldAt }) => heldAt === session.heldAt);
  if (known === undefined) return [{ type: 'ReturnCounsellingProvided', data: session }];
  if (isSameSession(known, session)) return [];
  throw conflict('SESSION_RECORDED', 'the session at that time was recorded with other facts');
}

function isSameConsent(consent: ReturnConsent, { signedAt, language, form, givenBy }: SignConsent): boolean {
  return (
    consent.signedAt === signedAt &&
    consent.language === language &&
    consent.form === form &&
    consent.givenBy === givenBy
  );
}

function sign(command: SignConsent, state: Submitted): Events {
  assertOpen(state);
  const { type: _, at, ties: __, ...given } = command;
  const { consent, application, signed } = state;
  if (consent !== null) {
    if (isSameConsent(consent, command)) return [];
    throw conflict('CONSENT_STANDS', 'a consent stands already');
  }
  assertNotAhead(given.signedAt, at);
  assertVoluntary(command, state);
  const data: ReturnConsent = { ...given, version: signed + 1, ...spanOf(given, application.country, at) };
  return [{ type: 'VoluntaryConsentSigned', data }];
}

/** The consent that counts at a moment. */
function currentConsent({ consent }: ReturnCase, at: Instant): ReturnConsent {
  if (consent === null) throw conflict('NO_CONSENT', 'nobody has consented');
  if (at >= consent.validUntil) throw conflict('CONSENT_OVER', 'the consent is too old');
  return consent;
}

function endCoolingOff({ stage, consent }: ReturnCase, at: Instant): Events {
  if (stage !== 'COOLING_OFF' || consent === null || at < consent.coolingUntil) return [];
  return [{ type: 'CoolingOffEnded', data: { version: consent.version, endedAt: at } }];
}

function confirmVoluntariness(state: ReturnCase, at: Instant): Events {
  assertOpen(state);
  const { version, coolingUntil } = currentConsent(state, at);
  if (isUnaccompanied(state.careStatus)) throw childNotCleared();
  if (at < coolingUntil) throw conflict('COOLING_OFF', 'the cooling-off is not over');
  if (state.isConfirmed) return [];
  return [{ type: 'VoluntarinessConfirmed', data: { version, confirmedAt: at } }];
}

/** Never refused before boarding (INV-14). Where nothing stands any more, nothing is left to withdraw. */
function withdraw({ toldTo, reason, at }: WithdrawConsent, { stage, consent }: ReturnCase): Events {
  if (stage === 'DEPARTED') throw conflict('DEPARTED', 'the person has left');
  if (stage === 'WITHDRAWN' || stage === 'DECLINED') return [];
  const version = consent?.version ?? null;
  return [{ type: 'ReturnConsentWithdrawn', data: { version, toldTo, reason, withdrawnAt: at } }];
}

function expire({ stage, consent }: ReturnCase, at: Instant): Events {
  if (consent === null || stage === 'DEPARTED' || at < consent.validUntil) return [];
  return [{ type: 'ReturnConsentExpired', data: { version: consent.version, expiredAt: at } }];
}

/** What has ended is not changed by it. */
function noteChild({ careStatus }: NoteChild, state: ReturnCase): Events {
  const isOver = state.stage === 'DEPARTED' || state.stage === 'DECLINED';
  if (isOver || !isGraver(careStatus, state.careStatus)) return [];
  return [{ type: 'ChildNoted', data: { careStatus } }];
}

function approve(state: ReturnCase, at: Instant): Events {
  assertOpen(state);
  const { version } = currentConsent(state, at);
  if (isUnaccompanied(state.careStatus)) throw childNotCleared();
  if (!state.isConfirmed) throw conflict('NOT_CONFIRMED', 'nobody has confirmed that it is voluntary');
  if (state.stage === 'APPROVED') return [];
  return [{ type: 'ReturnApproved', data: { version, approvedAt: at } }];
}

function decline({ reason, at }: DeclineReturn, state: ReturnCase): Events {
  if (state.stage === 'DECLINED') return [];
  assertOpen(state);
  return [{ type: 'ReturnDeclined', data: { reason, declinedAt: at } }];
}

/**
 * What the case itself says before the gate is asked, and again at the door: approved, on a consent that counts now.
 *
 * @throws DomainError RETURN.UNKNOWN, DEPARTED, DECLINED, NO_CONSENT, CONSENT_OVER, CHILD_NOT_CLEARED, NOT_APPROVED
 */
export function assertMayDepart(state: ReturnCase, at: Instant): ReturnConsent {
  if (state.application === null) throw unknown();
  assertOpen(state);
  const consent = currentConsent(state, at);
  if (isUnaccompanied(state.careStatus)) throw childNotCleared();
  if (state.stage !== 'APPROVED') throw conflict('NOT_APPROVED', 'the return was not approved');
  return consent;
}

function confirmDeparture({ departureId, at }: ConfirmDeparture, state: ReturnCase): Events {
  if (state.departure?.departureId === departureId) return [];
  const { version } = assertMayDepart(state, at);
  return [{ type: 'DepartureConfirmed', data: { departureId, version, departedAt: at } }];
}

function takeBackDeparture({ departureId, at }: TakeBackDeparture, { departure }: ReturnCase): Events {
  if (departure?.departureId !== departureId) return [];
  return [{ type: 'DepartureTakenBack', data: { departureId, takenBackAt: at } }];
}

function unknown(): DomainError {
  return new DomainError('RETURN.UNKNOWN', 'not-found', 'no such return case at this agency');
}

function isSubmitted(state: ReturnCase): state is Submitted {
  return state.application !== null;
}

function decide(command: ReturnCaseCommand, state: ReturnCase): Events {
  if (command.type === 'SubmitApplication') return submit(command, state);
  if (!isSubmitted(state)) throw unknown();
  switch (command.type) {
    case 'ProvideCounselling':
      return counsel(command, state);
    case 'SignConsent':
      return sign(command, state);
    case 'EndCoolingOff':
      return endCoolingOff(state, command.at);
    case 'ConfirmVoluntariness':
      return confirmVoluntariness(state, command.at);
    case 'WithdrawConsent':
      return withdraw(command, state);
    case 'ExpireConsent':
      return expire(state, command.at);
    case 'NoteChild':
      return noteChild(command, state);
    case 'ApproveReturn':
      return approve(state, command.at);
    case 'DeclineReturn':
      return decline(command, state);
    case 'ConfirmDeparture':
      return confirmDeparture(command, state);
    case 'TakeBackDeparture':
      return takeBackDeparture(command, state);
  }
}

/**
 * One voluntary return (domain.md §2.6), from the application to boarding. H-17 follows it (`holdsOfReturn`): it stands from the
 * application on, is lifted once a consent is current, cooled off and confirmed, and stands again when that consent ends.
 */
export const returnCaseDecider: Decider<ReturnCaseCommand, ReturnCase, ReturnCaseEvent> = {
  initialState: RETURN_NOT_SUBMITTED,
  decide,
  evolve: evolveReturnCase,
};
