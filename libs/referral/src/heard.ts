import type { ContractDataByType } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { AnswerHeard, RequestHeard } from './commands.ts';
import type { Side } from './referral.ts';
import { refusal } from './refusals.ts';

/** What one agency of a referral says that the other notes, by who it is that notes it. */
export const HEARD_BY = {
  ReferralAcknowledged: 'SENDER',
  ReferralPutOnHold: 'SENDER',
  ReferralResumed: 'SENDER',
  ReferralAccepted: 'SENDER',
  ReferralRejected: 'SENDER',
  ReferralServiceStarted: 'SENDER',
  ReferralCompleted: 'SENDER',
  ReferralFailed: 'SENDER',
  ReferralCancelled: 'RECEIVER',
  ReferralExpired: 'RECEIVER',
  ReferralMarkedInError: 'RECEIVER',
  ReferralEscalated: 'RECEIVER',
  ReferralInformationProvided: 'RECEIVER',
  ReferralLoopClosed: 'RECEIVER',
  CustodyReleased: 'RECEIVER',
} as const satisfies Partial<Record<keyof ContractDataByType, Side>>;
/** A contract event that the other side notes. */
export type HeardType = keyof typeof HEARD_BY;

/** Such an event as it was received. */
export type HeardEvent = {
  readonly [T in HeardType]: { readonly type: T; readonly occurredAt: Instant; readonly data: ContractDataByType[T] };
}[HeardType];

/** As we write instants, so that texts compare as times do. A contract lets others write fractions and zones as they like. */
function asWritten(instant: Instant): Instant {
  return new Date(instant).toISOString();
}

/**
 * The command that notes what was heard.
 *
 * @param by agency that published it
 * @throws RangeError a time of it is none that can be reckoned with (a leap second)
 * @throws DomainError REFERRAL.CONTRADICTION: it is said for another, which only this agency itself does, for what it sent
 */
export function commandHeard(event: HeardEvent, by: string): AnswerHeard | RequestHeard {
  if ('proxied' in event.data && event.data.proxied !== null) {
    throw refusal('REFERRAL.CONTRADICTION', 'an answer that is heard is the receiver’s own');
  }
  const heard = { by, at: asWritten(event.occurredAt) };
  switch (event.type) {
    case 'ReferralAcknowledged':
      return { type: 'NoteAcknowledgement', ...heard };
    case 'ReferralPutOnHold': {
      const { hold, reason, information } = event.data;
      const expectedBy = event.data.expectedBy === null ? null : asWritten(event.data.expectedBy);
      return { type: 'NoteHold', ...heard, hold, reason, information, expectedBy };
    }
    case 'ReferralResumed':
      return { type: 'NoteResumption', ...heard, hold: event.data.hold };
    case 'ReferralAccepted':
      return { type: 'NoteAcceptance', ...heard };
    case 'ReferralRejected': {
      const { reason, alternativeAgency } = event.data;
      return { type: 'NoteRejection', ...heard, reason, alternativeAgency };
    }
    case 'ReferralServiceStarted':
      return { type: 'NoteServiceStart', ...heard };
    case 'ReferralCompleted':
      return { type: 'NoteCompletion', ...heard, result: event.data.result };
    case 'ReferralFailed':
      return { type: 'NoteFailure', ...heard, reason: event.data.reason };
    case 'ReferralCancelled':
      return { type: 'NoteCancellation', ...heard, reason: event.data.reason };
    case 'ReferralExpired':
      return { type: 'NoteExpiry', ...heard };
    case 'ReferralMarkedInError':
      return { type: 'NoteEntryError', ...heard, reason: event.data.reason };
    case 'ReferralEscalated': {
      const { missed, missedAt, answerBy } = event.data;
      const times = { missedAt: asWritten(missedAt), answerBy: asWritten(answerBy) };
      return { type: 'NoteEscalation', ...heard, missed, ...times };
    }
    case 'ReferralInformationProvided': {
      const { hold, information, attachments } = event.data;
      return { type: 'NoteInformation', ...heard, hold, information, attachments };
    }
    case 'ReferralLoopClosed': {
      const { outcome, nextReferralId } = event.data;
      return { type: 'NoteLoopClosure', ...heard, outcome, nextReferralId };
    }
    case 'CustodyReleased': {
      const { term, to } = event.data;
      return { type: 'NoteCustodyRelease', ...heard, term, to };
    }
  }
}
