import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import type { CommandOf } from './commands.ts';
import { withDue } from './deadlines.ts';
import type { ReferralEvent, ReferralEventData, ReferralRequest, ReferralStep } from './referral.ts';

/** Named examples for specs. */
export const REQUEST: ReferralRequest = {
  referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
  caseId: '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11',
  sender: 'cr-border-intake',
  receiver: 'cr-conatt',
  service: 'TRAFFICKING_SCREENING',
  urgency: 'URGENT',
  reason: 'TRAFFICKING_SUSPECTED',
  requestedAt: '2026-11-22T09:00:00.000Z',
  acknowledgeBy: '2026-11-23T09:00:00.000Z',
  consent: { basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' },
  facts: {
    sex: 'FEMALE',
    ageStatus: 'ADULT',
    ageBand: { fromYears: 30, toYears: 38 },
    nationalities: ['HT'],
    nationalityStatus: 'DECLARED',
  },
  transfer: false,
  groupId: null,
  attachments: [
    { attachmentId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8', kind: 'REFERRAL_LETTER', sha256: '0f'.repeat(32) },
  ],
  deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
};

/** The command that asks for `REQUEST`. */
export const ASK: CommandOf<'RequestReferral'> = {
  type: 'RequestReferral',
  by: REQUEST.sender,
  now: REQUEST.requestedAt,
  referralId: REQUEST.referralId,
  caseId: REQUEST.caseId,
  receiver: REQUEST.receiver,
  service: REQUEST.service,
  urgency: REQUEST.urgency,
  reason: REQUEST.reason,
  consent: REQUEST.consent,
  facts: REQUEST.facts,
  transfer: REQUEST.transfer,
  groupId: REQUEST.groupId,
  attachments: REQUEST.attachments,
  deadlines: REQUEST.deadlines,
  takenOver: false,
};

/** When the receiver answers. */
export const ANSWERED_AT = '2026-11-22T10:00:00.000Z';
/** When the sender says something after it asked. */
export const SAID_AT = '2026-11-22T11:00:00.000Z';

/** Why it waits. */
export const HOLD = { hold: 1, reason: 'INFORMATION_REQUESTED', information: ['HEALTH'], expectedBy: null } as const;
/** What the sender tells of it. */
export const ANSWER = { hold: 1, information: ['HEALTH'], attachments: REQUEST.attachments } as const;

const REJECTION = { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit', rejectedAt: ANSWERED_AT } as const;
const MISSED = { missed: 'ACKNOWLEDGE', missedAt: REQUEST.acknowledgeBy } as const;

/** One of each event. */
export const DATA: ReferralEventData = {
  ReferralDrafted: REQUEST,
  ReferralRequested: REQUEST,
  ReferralReceived: REQUEST,
  ReferralAcknowledged: { acknowledgedAt: ANSWERED_AT },
  AcknowledgementNoted: { acknowledgedAt: ANSWERED_AT },
  ReferralPutOnHold: { ...HOLD, heldAt: ANSWERED_AT },
  HoldNoted: { ...HOLD, heldAt: ANSWERED_AT },
  ReferralResumed: { hold: 1, resumedAt: ANSWERED_AT },
  ResumptionNoted: { hold: 1, resumedAt: ANSWERED_AT },
  ReferralAccepted: { acceptedAt: ANSWERED_AT },
  AcceptanceNoted: { acceptedAt: ANSWERED_AT },
  ReferralRejected: REJECTION,
  RejectionNoted: REJECTION,
  ReferralServiceStarted: { startedAt: ANSWERED_AT },
  ServiceStartNoted: { startedAt: ANSWERED_AT },
  ReferralCompleted: { result: 'SERVICE_PROVIDED', completedAt: ANSWERED_AT },
  CompletionNoted: { result: 'SERVICE_PROVIDED', completedAt: ANSWERED_AT },
  ReferralFailed: { reason: 'NO_SHOW', failedAt: ANSWERED_AT },
  FailureNoted: { reason: 'NO_SHOW', failedAt: ANSWERED_AT },
  ReferralCancelled: { reason: 'NO_LONGER_NEEDED', cancelledAt: SAID_AT },
  CancellationNoted: { reason: 'NO_LONGER_NEEDED', cancelledAt: SAID_AT },
  ReferralExpired: { expiredAt: SAID_AT },
  ExpiryNoted: { expiredAt: SAID_AT },
  ReferralMarkedInError: { reason: 'WRONG_PERSON', markedAt: SAID_AT },
  EntryErrorNoted: { reason: 'WRONG_PERSON', markedAt: SAID_AT },
  ReferralEscalated: { ...MISSED, answerBy: '2026-11-23T21:00:00.000Z', escalatedAt: '2026-11-23T09:00:00.000Z' },
  EscalationNoted: { ...MISSED, answerBy: '2026-11-23T21:00:00.000Z', escalatedAt: '2026-11-23T09:00:00.000Z' },
  ReferralInformationProvided: { ...ANSWER, providedAt: SAID_AT },
  InformationNoted: { ...ANSWER, providedAt: SAID_AT },
  ReferralLoopClosed: { outcome: 'NEED_MET', nextReferralId: null, closedAt: SAID_AT },
  LoopClosureNoted: { outcome: 'NEED_MET', nextReferralId: null, closedAt: SAID_AT },
  CustodyReleased: { term: 2, releasedAt: SAID_AT },
  CustodyReleaseNoted: { term: 2, releasedAt: SAID_AT },
  ProxiedAnswerRecorded: {
    linkId: '7d3c0a52-5b1e-4c0f-9a77-2f4e6d8b9c01',
    answer: { type: 'ReferralAcknowledged', data: { acknowledgedAt: ANSWERED_AT } },
  },
};

/** The example of a type, before it is known what is due after it. */
export function step<T extends keyof ReferralEventData>(
  type: T,
  data: Partial<ReferralEventData[T]> = {},
): ReferralStep {
  return { type, data: { ...DATA[type], ...data } } as unknown as ReferralStep;
}

/** A step, or the example of its type. */
export type ExampleStep = ReferralStep | keyof ReferralEventData;

/** A history of steps, each with what is due after it. */
export function history(...steps: readonly ExampleStep[]): readonly ReferralEvent[] {
  return withDue(
    steps.map((one) => (typeof one === 'string' ? step(one) : one)),
    null,
  );
}
