import { withReferralProtocol } from '@acogida/contracts';
import type { JsonObject, Upcaster } from '@acogida/core';
import type { Deadline, ReferralEventType } from './referral.ts';

/** Until version 2 a request did not say what its contract says since version 2, nor what was due after it. */
function withProtocol(data: JsonObject): JsonObject {
  const dueAt = data['acknowledgeBy'] ?? null;
  return { ...withReferralProtocol(data), due: { kind: 'ACKNOWLEDGE', dueAt, of: 'RECEIVER' } };
}

/**
 * Until version 2 events did not say what was due after them. What follows from the event; when follows from the urgency of the
 * request, which the event does not say: readers of single events reckon it, `deadlinesOf` knows it from the state.
 */
function withUndated(due: Pick<Deadline, 'kind' | 'of'>): Upcaster['upcast'] {
  return (data) => ({ ...data, due: { ...due, dueAt: null } });
}

const DUE_AFTER: Partial<Readonly<Record<ReferralEventType, Pick<Deadline, 'kind' | 'of'>>>> = {
  ReferralAcknowledged: { kind: 'DECIDE', of: 'RECEIVER' },
  AcknowledgementNoted: { kind: 'DECIDE', of: 'RECEIVER' },
  ReferralAccepted: { kind: 'START', of: 'RECEIVER' },
  AcceptanceNoted: { kind: 'START', of: 'RECEIVER' },
  ReferralRejected: { kind: 'CLOSE_LOOP', of: 'SENDER' },
  RejectionNoted: { kind: 'CLOSE_LOOP', of: 'SENDER' },
  ReferralCompleted: { kind: 'CLOSE_LOOP', of: 'SENDER' },
  CompletionNoted: { kind: 'CLOSE_LOOP', of: 'SENDER' },
};

/** Readers of old versions. */
export const referralUpcasters: readonly Upcaster[] = [
  { type: 'ReferralRequested', fromVersion: 1, upcast: withProtocol },
  { type: 'ReferralReceived', fromVersion: 1, upcast: withProtocol },
  ...Object.entries(DUE_AFTER).map(([type, due]) => ({ type, fromVersion: 1, upcast: withUndated(due) })),
];
