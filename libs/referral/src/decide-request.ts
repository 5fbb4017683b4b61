import { type Instant, instantAfter } from '@acogida/core';
import { type CommandOf, REQUEST_STEP_OF, type RequestCommand } from './commands.ts';
import { automaticDeadlinesOf } from './deadlines.ts';
import type { Deadline, MissedStep, Referral, ReferralState, ReferralStep } from './referral.ts';
import { existing, isSameValue, mergeOf, notNow, refusal, requireActor } from './refusals.ts';
import { requireAttachments } from './request-rules.ts';

/** What the sender does to a request that it made. What the merge table leaves to it happens; all else is covered or refused. */
export function pursue(command: RequestCommand, state: ReferralState): readonly ReferralStep[] {
  const referral = existing(state);
  requireActor(referral, command.by, 'SENDER', 'SENDER');
  if (command.type === 'EscalateReferral') return escalate(command.now, referral);
  if (command.type === 'ExpireReferral') return expire(command.now, referral);
  if (isKnown(command, referral)) return [];
  if (!mergeOf(referral).next.SENDER.includes(REQUEST_STEP_OF[command.type])) throw whyNot(command, referral);
  return [requestEvent(command, referral)];
}

type StaffCommand = Exclude<RequestCommand, CommandOf<'EscalateReferral' | 'ExpireReferral'>>;

function isKnown(command: StaffCommand, referral: Referral): boolean {
  switch (command.type) {
    case 'CancelReferral':
      return referral.requestStatus === 'CANCELLED' && referral.cancellation === command.reason;
    case 'MarkReferralInError':
      return referral.requestStatus === 'ENTERED_IN_ERROR' && referral.entryError === command.reason;
    case 'CloseLoop': {
      const { outcome, nextReferralId } = command;
      return isSameValue(referral.closure, { outcome, nextReferralId });
    }
    case 'ProvideInformation': {
      const { information, attachments } = command;
      return isSameValue(referral.information, { hold: referral.holds, information, attachments });
    }
    case 'ReleaseCustody':
      return referral.custodyTerm === command.term;
  }
}

function whyNot(command: StaffCommand, { requestStatus, fulfilment, request, custodyTerm }: Referral): Error {
  if (command.type === 'ReleaseCustody' && !request.transfer) return notNow('REFERRAL.NOT_A_TRANSFER');
  if (requestStatus === 'DRAFT') return notNow('REFERRAL.NOT_SENT');
  if (requestStatus !== 'REQUESTED' && requestStatus !== 'EXPIRED') return notNow(`REFERRAL.ALREADY_${requestStatus}`);
  switch (command.type) {
    case 'ProvideInformation':
      return notNow('REFERRAL.NOTHING_ASKED');
    case 'ReleaseCustody':
      return notNow(custodyTerm === null ? 'REFERRAL.NOT_ACCEPTED' : 'REFERRAL.CUSTODY_RELEASED');
    case 'CloseLoop':
      return notNow('REFERRAL.NOT_ANSWERED');
    case 'CancelReferral':
    case 'MarkReferralInError': {
      const answered = fulfilment === 'COMPLETED' || fulfilment === 'REJECTED' || fulfilment === 'FAILED';
      return notNow(`REFERRAL.ALREADY_${answered ? fulfilment : requestStatus}`);
    }
  }
}

function requestEvent(command: StaffCommand, referral: Referral): ReferralStep {
  const { now } = command;
  switch (command.type) {
    case 'CancelReferral':
      requireCustody(referral);
      return { type: 'ReferralCancelled', data: { reason: command.reason, cancelledAt: now } };
    case 'MarkReferralInError':
      requireCustody(referral);
      return { type: 'ReferralMarkedInError', data: { reason: command.reason, markedAt: now } };
    case 'ProvideInformation': {
      const { information, attachments } = command;
      requireAnswer(command, referral);
      return {
        type: 'ReferralInformationProvided',
        data: { hold: referral.holds, information, attachments, providedAt: now },
      };
    }
    case 'CloseLoop': {
      const { outcome, nextReferralId } = command;
      requireNextStep(command, referral);
      return { type: 'ReferralLoopClosed', data: { outcome, nextReferralId, closedAt: now } };
    }
    case 'ReleaseCustody':
      if (!referral.request.transfer) throw notNow('REFERRAL.NOT_A_TRANSFER');
      requireCustody(referral);
      return { type: 'CustodyReleased', data: { term: command.term, releasedAt: now } };
  }
}

/** A cancel decided first wins, and so does a release: after it the receiver is the custodian (architecture.md §6). */
function requireCustody({ custodyTerm }: Referral): void {
  if (custodyTerm !== null) throw notNow('REFERRAL.CUSTODY_RELEASED');
}

/** One answer to each hold: a receiver that needs more asks again. */
function requireAnswer(
  { information, attachments }: CommandOf<'ProvideInformation'>,
  { hold, information: known }: Referral,
): void {
  requireAttachments(attachments);
  if (hold?.reason !== 'INFORMATION_REQUESTED') throw notNow('REFERRAL.NOTHING_ASKED');
  if (known !== null) throw notNow('REFERRAL.ALREADY_INFORMED');
  if (information.length === 0 || !information.every((topic) => hold.information.includes(topic))) {
    throw refusal('REFERRAL.INFORMATION_UNCLEAR', 'it answers to something that was asked', 'invalid');
  }
}

/** INV-19: a task that came back ends with a next step, or with the refusal of the person. */
function requireNextStep({ outcome, nextReferralId }: CommandOf<'CloseLoop'>, referral: Referral): void {
  if ((outcome === 'REFERRED_ELSEWHERE') !== (nextReferralId !== null)) {
    throw refusal(
      'REFERRAL.NEXT_REFERRAL_UNCLEAR',
      'referred elsewhere, and only then, names the next referral',
      'invalid',
    );
  }
  if (nextReferralId === referral.request.referralId) {
    throw refusal('REFERRAL.NEXT_REFERRAL_UNCLEAR', 'a referral does not go on with itself', 'invalid');
  }
  const served = outcome === 'NEED_MET' || outcome === 'NEED_PARTLY_MET';
  if (served && referral.fulfilment !== 'COMPLETED') {
    throw refusal('REFERRAL.NEXT_STEP_MISSING', 'nothing was provided: say what comes next', 'invalid');
  }
}

/** What was missed at an instant that the sender's node acts on. */
function missedBy(now: Instant, referral: Referral): Deadline | undefined {
  return automaticDeadlinesOf(referral).find(({ dueAt }) => dueAt <= now);
}

function escalate(now: Instant, referral: Referral): readonly ReferralStep[] {
  const missed = missedBy(now, referral);
  if (missed === undefined || missed.kind === 'ANSWER_ESCALATION') return [];
  const answerBy = answerEscalationBy(now, referral);
  const data = { missed: missed.kind as MissedStep, missedAt: missed.dueAt, answerBy, escalatedAt: now };
  return [{ type: 'ReferralEscalated', data }];
}

/** Each escalation is to be answered later than the one before, also at one instant: by that the receiver tells their order. */
function answerEscalationBy(now: Instant, { request, escalation }: Referral): Instant {
  const answerBy = instantAfter(now, request.deadlines.escalateForMs);
  return escalation === null || escalation.answerBy < answerBy ? answerBy : instantAfter(escalation.answerBy, 1);
}

function expire(now: Instant, referral: Referral): readonly ReferralStep[] {
  const missed = missedBy(now, referral);
  if (missed?.kind !== 'ANSWER_ESCALATION') return [];
  return [{ type: 'ReferralExpired', data: { expiredAt: now } }];
}
