import type { JsonObject, Upcaster } from '@acogida/core';

const HOUR_MS = 60 * 60 * 1000;

/** Hours that each urgency gave for an acknowledgement when version 1 was written. Never changed: it is what was meant then. */
const ACKNOWLEDGE_WITHIN_HOURS: Readonly<Record<string, number>> = {
  LIFE_SAVING: 1,
  URGENT: 24,
  PRIORITY: 72,
  ROUTINE: 7 * 24,
};

/**
 * What version 1 of a request left unsaid: it is no transfer, stands alone, points to no document, and its time limits are
 * those of its urgency.
 */
export function withReferralProtocol(data: JsonObject): JsonObject {
  const withinMs = (ACKNOWLEDGE_WITHIN_HOURS[data['urgency'] as string] ?? 24) * HOUR_MS;
  const deadlines = {
    acknowledgeWithinMs: withinMs,
    escalateForMs: withinMs / 2,
    decideWithinMs: withinMs,
    startWithinMs: withinMs,
    reportWithinMs: 30 * 24 * HOUR_MS,
    closeLoopWithinMs: 7 * 24 * HOUR_MS,
  };
  return { ...data, transfer: false, groupId: null, attachments: [], deadlines };
}

/** Version 1 named no custody, was no going on of another, and nobody asked whether it separates a family. */
function requestedBeforeProtocol(data: JsonObject): JsonObject {
  return { ...withReferralProtocol(data), custodyTerm: null, causedBy: null, separationReason: null };
}

/** Until version 2 only receivers answered: nobody answered by a link. */
function withoutProxy(data: JsonObject): JsonObject {
  return { ...data, proxied: null };
}

/** Lifts what was published of referrals. */
export const referralUpcasters: readonly Upcaster[] = [
  { type: 'ReferralAcknowledged', fromVersion: 1, upcast: withoutProxy },
  { type: 'ReferralAccepted', fromVersion: 1, upcast: withoutProxy },
  { type: 'ReferralRejected', fromVersion: 1, upcast: withoutProxy },
  { type: 'ReferralCompleted', fromVersion: 1, upcast: withoutProxy },
  { type: 'ReferralRequested', fromVersion: 1, upcast: requestedBeforeProtocol },
];
