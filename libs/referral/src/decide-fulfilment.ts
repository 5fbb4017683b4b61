import { type AnswerHeard, type CommandOf, FULFILMENT_STEP_OF, type FulfilmentCommand } from './commands.ts';
import type { Referral, ReferralState, ReferralStep } from './referral.ts';
import { existing, isSameValue, isTakenBack, isTakenOn, mergeOf, notNow, refusal, requireActor } from './refusals.ts';
import { requireOtherAgency } from './request-rules.ts';
import { FULFILMENT_TABLE, NOTING_TABLE } from './step-tables.ts';

/** What the receiver may do (FULFILMENT_TABLE), unless the request has ended: then what the merge table leaves to it. */
export function fulfil(command: FulfilmentCommand, state: ReferralState): readonly ReferralStep[] {
  const referral = existing(state);
  requireActor(referral, command.by, 'RECEIVER', 'RECEIVER');
  return answered(command, referral);
}

/** The same by whoever may speak for the receiver. */
export function answered(command: FulfilmentCommand, referral: Referral): readonly ReferralStep[] {
  requireContent(command, referral);
  const step = FULFILMENT_STEP_OF[command.type];
  const outcome = FULFILMENT_TABLE[referral.fulfilment][step];
  if (outcome === 'nothing') return [];
  if (outcome === 'same' && isKnown(command, referral)) return [];
  if (outcome === 'same') throw refusal(`REFERRAL.ALREADY_${referral.fulfilment}`, 'it was answered otherwise before');
  if (outcome !== 'advance' && outcome !== 'renew') throw notNow(outcome);
  if (outcome === 'renew' && isKnown(command, referral)) return [];
  if (!mergeOf(referral).next.RECEIVER.includes(step)) throw notNow(`REFERRAL.ALREADY_${referral.requestStatus}`);
  return [fulfilmentEvent(command, referral)];
}

function requireContent(command: FulfilmentCommand, referral: Referral): void {
  if (command.type === 'RejectReferral') requireAlternative(command, referral);
  if (command.type === 'PutReferralOnHold') requireHold(command);
  const compensates =
    command.type === 'CompensateCancellation' ||
    (command.type === 'FailReferral' && command.reason === 'CANCELLED_BY_SENDER');
  if (compensates && isTakenOn(referral) && !isTakenBack(referral)) {
    throw refusal('REFERRAL.NOT_CANCELLED', 'the sender has not taken it back');
  }
}

function requireAlternative({ by, alternativeAgency }: CommandOf<'RejectReferral'>, { request }: Referral): void {
  if (alternativeAgency === null) return;
  requireOtherAgency(by, alternativeAgency);
  if (alternativeAgency === request.sender) {
    throw refusal('REFERRAL.ALTERNATIVE_IS_SENDER', 'the sender is no alternative to the receiver', 'invalid');
  }
}

function requireHold({ reason, information, expectedBy, now }: CommandOf<'PutReferralOnHold'>): void {
  if ((reason === 'INFORMATION_REQUESTED') !== information.length > 0) {
    throw refusal(
      'REFERRAL.INFORMATION_UNCLEAR',
      'information asked for says which, a waiting list asks none',
      'invalid',
    );
  }
  if (expectedBy !== null && expectedBy <= now) {
    throw refusal('REFERRAL.EXPECTED_IN_THE_PAST', 'a place is expected later than now', 'invalid');
  }
}

function fulfilmentEvent(command: FulfilmentCommand, { holds }: Referral): ReferralStep {
  const { now } = command;
  switch (command.type) {
    case 'AcknowledgeReferral':
      return { type: 'ReferralAcknowledged', data: { acknowledgedAt: now } };
    case 'PutReferralOnHold': {
      const { reason, information, expectedBy } = command;
      return { type: 'ReferralPutOnHold', data: { hold: holds + 1, reason, information, expectedBy, heldAt: now } };
    }
    case 'ResumeReferral':
      return { type: 'ReferralResumed', data: { hold: holds, resumedAt: now } };
    case 'AcceptReferral':
      return { type: 'ReferralAccepted', data: { acceptedAt: now } };
    case 'RejectReferral': {
      const { reason, alternativeAgency } = command;
      return { type: 'ReferralRejected', data: { reason, alternativeAgency, rejectedAt: now } };
    }
    case 'StartService':
      return { type: 'ReferralServiceStarted', data: { startedAt: now } };
    case 'CompleteReferral':
      return { type: 'ReferralCompleted', data: { result: command.result, completedAt: now } };
    case 'FailReferral':
      return { type: 'ReferralFailed', data: { reason: command.reason, failedAt: now } };
    case 'CompensateCancellation':
      return { type: 'ReferralFailed', data: { reason: 'CANCELLED_BY_SENDER', failedAt: now } };
  }
}

/** What the sender hears of that (NOTING_TABLE), whatever it did to its request meanwhile. */
export function noteAnswer(command: AnswerHeard, state: ReferralState): readonly ReferralStep[] {
  const referral = existing(state);
  requireActor(referral, command.by, 'SENDER', 'RECEIVER');
  const contradiction = refusal('REFERRAL.CONTRADICTION', 'it cannot be what the receiver says');
  if (referral.requestStatus === 'DRAFT') throw contradiction;
  const outcome = NOTING_TABLE[referral.fulfilment][FULFILMENT_STEP_OF[command.type]];
  if (outcome === 'nothing') return [];
  if (outcome === 'same' && isKnown(command, referral)) return [];
  if (outcome === 'ordered') {
    const order = orderOf(command, referral);
    if (order === 'contradiction') throw contradiction;
    return order === 'known' ? [] : [answerNoted(command)];
  }
  if (outcome === 'advance') return [answerNoted(command)];
  throw contradiction;
}

/** Holds are counted, so that one that comes late, or again, does not undo the end of it. */
function orderOf(command: AnswerHeard, { holds, hold }: Referral): 'known' | 'new' | 'contradiction' {
  if (command.type === 'NoteResumption') {
    return command.hold > holds || (command.hold === holds && hold !== null) ? 'new' : 'known';
  }
  if (command.type !== 'NoteHold' || command.hold < holds) return 'known';
  if (command.hold > holds) return 'new';
  return hold === null || isSameValue(hold, termsOf(command)) ? 'known' : 'contradiction';
}

function termsOf({ hold, reason, information, expectedBy }: CommandOf<'NoteHold'>): object {
  return { hold, reason, information, expectedBy };
}

function answerNoted(command: AnswerHeard): ReferralStep {
  const { at } = command;
  switch (command.type) {
    case 'NoteAcknowledgement':
      return { type: 'AcknowledgementNoted', data: { acknowledgedAt: at } };
    case 'NoteHold': {
      const { hold, reason, information, expectedBy } = command;
      return { type: 'HoldNoted', data: { hold, reason, information, expectedBy, heldAt: at } };
    }
    case 'NoteResumption':
      return { type: 'ResumptionNoted', data: { hold: command.hold, resumedAt: at } };
    case 'NoteAcceptance':
      return { type: 'AcceptanceNoted', data: { acceptedAt: at } };
    case 'NoteRejection': {
      const { reason, alternativeAgency } = command;
      return { type: 'RejectionNoted', data: { reason, alternativeAgency, rejectedAt: at } };
    }
    case 'NoteServiceStart':
      return { type: 'ServiceStartNoted', data: { startedAt: at } };
    case 'NoteCompletion':
      return { type: 'CompletionNoted', data: { result: command.result, completedAt: at } };
    case 'NoteFailure':
      return { type: 'FailureNoted', data: { reason: command.reason, failedAt: at } };
  }
}

/** Whether the content of an answer, or of a hold, is what is known already. */
function isKnown(command: FulfilmentCommand | AnswerHeard, referral: Referral): boolean {
  switch (command.type) {
    case 'RejectReferral':
    case 'NoteRejection': {
      const { reason, alternativeAgency } = command;
      return isSameValue(referral.rejection, { reason, alternativeAgency });
    }
    case 'CompleteReferral':
    case 'NoteCompletion':
      return referral.result === command.result;
    case 'FailReferral':
    case 'NoteFailure':
      return referral.failure === command.reason;
    case 'CompensateCancellation':
      return referral.failure === 'CANCELLED_BY_SENDER';
    case 'PutReferralOnHold': {
      const { reason, information, expectedBy } = command;
      if (referral.information !== null) return false; // it was answered: who asks the same again wants more
      return isSameValue(referral.hold, { hold: referral.holds, reason, information, expectedBy });
    }
    case 'AcknowledgeReferral':
    case 'ResumeReferral':
    case 'AcceptReferral':
    case 'StartService':
    case 'NoteAcknowledgement':
    case 'NoteHold':
    case 'NoteResumption':
    case 'NoteAcceptance':
    case 'NoteServiceStart':
      return true;
  }
}
