import { DomainError, type DomainErrorKind, type Instant } from '@acogida/core';
import { ACKNOWLEDGE_WITHIN_MS, type CompletionResult } from '@acogida/reference';
import { FULFILMENT_TABLE, type FulfilmentStep, NOTING_TABLE } from './merge-table.ts';
import {
  PENDING_STATUSES,
  type Referral,
  type ReferralEvent,
  type ReferralRequest,
  type ReferralState,
  type Rejection,
} from './referral.ts';
import { requireConsent, requireFacts, requireOtherAgency } from './request-rules.ts';

type Step<T extends string> = { readonly type: T; readonly by: string; readonly now: Instant };
type Heard<T extends string> = { readonly type: T; readonly by: string; readonly at: Instant };

/**
 * Commands. `by` is the agency that acts: this node's agency for requests, receipt and fulfilment; for `Note…` the agency
 * that published what was heard. `at` is when the receiver did it.
 */
export type ReferralCommand =
  | (Step<'RequestReferral'> &
      Omit<ReferralRequest, 'sender' | 'requestedAt' | 'acknowledgeBy'> & {
        /** The case is taken over from an earlier register: what was not recorded then is allowed to be missing. */
        readonly takenOver: boolean;
      })
  | {
      readonly type: 'ReceiveReferral';
      readonly by: string;
      /** Agency that published the request: it must be the sender. */
      readonly publishedBy: string;
      readonly request: ReferralRequest;
    }
  | Step<'AcknowledgeReferral'>
  | Step<'AcceptReferral'>
  | (Step<'RejectReferral'> & Rejection)
  | (Step<'CompleteReferral'> & { readonly result: CompletionResult })
  | Heard<'NoteAcknowledgement'>
  | Heard<'NoteAcceptance'>
  | (Heard<'NoteRejection'> & Rejection)
  | (Heard<'NoteCompletion'> & { readonly result: CompletionResult });

type Of<T extends ReferralCommand['type']> = Extract<ReferralCommand, { readonly type: T }>;

function refusal(code: string, message: string, kind: DomainErrorKind = 'conflict'): DomainError {
  return new DomainError(code, kind, message);
}

const REQUEST_KEYS = ['caseId', 'sender', 'receiver', 'service', 'urgency', 'reason'] as const;

/** Same referral, whatever the time of asking. Consent and facts are compared too: they are what was shared. */
function isSameRequest(one: ReferralRequest, other: ReferralRequest): boolean {
  return (
    REQUEST_KEYS.every((key) => one[key] === other[key]) &&
    isSameValue(one.consent, other.consent) &&
    isSameValue(one.facts, other.facts)
  );
}

function isPending({ status }: Referral): boolean {
  return (PENDING_STATUSES as readonly string[]).includes(status);
}

function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSameValue((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  );
}

function request(command: Of<'RequestReferral'>, state: ReferralState): readonly ReferralEvent[] {
  const { type: _, by, now, takenOver, ...asked } = command;
  const acknowledgeBy = new Date(Date.parse(now) + ACKNOWLEDGE_WITHIN_MS[command.urgency]).toISOString();
  const wanted: ReferralRequest = { ...asked, sender: by, requestedAt: now, acknowledgeBy };
  if (state !== null) {
    if (state.side === 'RECEIVER' || !isPending(state)) throw refusal('REFERRAL.ID_TAKEN', 'it was answered meanwhile');
    if (isSameRequest(state.request, wanted)) return [];
    throw refusal('REFERRAL.ALREADY_PENDING', 'the receiver has not answered the same question yet');
  }
  requireOtherAgency(by, command.receiver);
  requireFacts(command.facts);
  requireConsent(command.consent, command.facts, takenOver);
  return [{ type: 'ReferralRequested', data: wanted }];
}

function receive(command: Of<'ReceiveReferral'>, state: ReferralState): readonly ReferralEvent[] {
  const { request: asked, by, publishedBy } = command;
  if (asked.receiver !== by)
    throw refusal('REFERRAL.NOT_THE_RECEIVER', 'it is addressed to another agency', 'forbidden');
  if (asked.sender !== publishedBy) {
    throw refusal('REFERRAL.NOT_THE_SENDER', 'only the sender itself asks', 'forbidden');
  }
  if (asked.sender === asked.receiver)
    throw refusal('REFERRAL.TO_SELF', 'an agency does not refer to itself', 'invalid');
  if (state !== null) {
    if (state.side === 'RECEIVER' && isSameRequest(state.request, asked)) return [];
    throw refusal('REFERRAL.ID_TAKEN', 'another referral has this id');
  }
  return [{ type: 'ReferralReceived', data: asked }];
}

function existing(state: ReferralState): Referral {
  if (state === null) throw refusal('REFERRAL.UNKNOWN', 'there is no such referral here', 'not-found');
  return state;
}

/** What the receiver may do, or what the sender hears of it: only the receiver fulfils, each side in its own stream. */
function fulfil(
  step: FulfilmentStep,
  command: { readonly by: string },
  state: ReferralState,
  side: Referral['side'],
  isSame: (referral: Referral) => boolean,
  event: ReferralEvent,
): readonly ReferralEvent[] {
  const referral = existing(state);
  if (referral.request.receiver !== command.by || referral.side !== side) {
    throw refusal('REFERRAL.NOT_THE_RECEIVER', 'only the receiver answers a referral', 'forbidden');
  }
  const merge = (side === 'RECEIVER' ? FULFILMENT_TABLE : NOTING_TABLE)[referral.status][step];
  switch (merge) {
    case 'advance':
      return [event];
    case 'nothing':
      return [];
    case 'same':
      if (isSame(referral)) return [];
      throw refusal(
        side === 'SENDER' ? 'REFERRAL.CONTRADICTION' : `REFERRAL.ALREADY_${referral.status}`,
        'it was answered otherwise before',
      );
    default:
      throw refusal(merge, 'the state of the referral does not allow it');
  }
}

function requireAlternative(command: Of<'RejectReferral'>, state: ReferralState): void {
  const { alternativeAgency } = command;
  if (alternativeAgency === null) return;
  requireOtherAgency(command.by, alternativeAgency);
  if (alternativeAgency === state?.request.sender) {
    throw refusal('REFERRAL.ALTERNATIVE_IS_SENDER', 'the sender is no alternative to the receiver', 'invalid');
  }
}

const isSameRejection =
  (command: Rejection) =>
  ({ rejection }: Referral): boolean =>
    rejection?.reason === command.reason && rejection.alternativeAgency === command.alternativeAgency;

const never = (): boolean => false;

/** Decides a command on a referral. @throws DomainError with a code of README.md */
export function decide(command: ReferralCommand, state: ReferralState): readonly ReferralEvent[] {
  switch (command.type) {
    case 'RequestReferral':
      return request(command, state);
    case 'ReceiveReferral':
      return receive(command, state);
    case 'AcknowledgeReferral': {
      const data = { acknowledgedAt: command.now };
      return fulfil('ACKNOWLEDGE', command, state, 'RECEIVER', never, { type: 'ReferralAcknowledged', data });
    }
    case 'AcceptReferral': {
      const data = { acceptedAt: command.now };
      return fulfil('ACCEPT', command, state, 'RECEIVER', never, { type: 'ReferralAccepted', data });
    }
    case 'RejectReferral': {
      const { reason, alternativeAgency, now } = command;
      requireAlternative(command, state);
      const data = { reason, alternativeAgency, rejectedAt: now };
      return fulfil('REJECT', command, state, 'RECEIVER', isSameRejection(command), { type: 'ReferralRejected', data });
    }
    case 'CompleteReferral': {
      const { result, now } = command;
      const isSame = (referral: Referral): boolean => referral.result === result;
      const data = { result, completedAt: now };
      return fulfil('COMPLETE', command, state, 'RECEIVER', isSame, { type: 'ReferralCompleted', data });
    }
    case 'NoteAcknowledgement':
    case 'NoteAcceptance':
    case 'NoteRejection':
    case 'NoteCompletion':
      return note(command, state);
  }
}

function note(
  command: Of<'NoteAcknowledgement' | 'NoteAcceptance' | 'NoteRejection' | 'NoteCompletion'>,
  state: ReferralState,
): readonly ReferralEvent[] {
  switch (command.type) {
    case 'NoteAcknowledgement': {
      const data = { acknowledgedAt: command.at };
      return fulfil('ACKNOWLEDGE', command, state, 'SENDER', never, { type: 'AcknowledgementNoted', data });
    }
    case 'NoteAcceptance': {
      const data = { acceptedAt: command.at };
      return fulfil('ACCEPT', command, state, 'SENDER', never, { type: 'AcceptanceNoted', data });
    }
    case 'NoteRejection': {
      const { reason, alternativeAgency, at } = command;
      const data = { reason, alternativeAgency, rejectedAt: at };
      return fulfil('REJECT', command, state, 'SENDER', isSameRejection(command), { type: 'RejectionNoted', data });
    }
    case 'NoteCompletion': {
      const { result, at } = command;
      const isSame = (referral: Referral): boolean => referral.result === result;
      return fulfil('COMPLETE', command, state, 'SENDER', isSame, {
        type: 'CompletionNoted',
        data: { result, completedAt: at },
      });
    }
  }
}
