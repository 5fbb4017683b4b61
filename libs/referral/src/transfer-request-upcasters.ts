import { instantAfter, type JsonObject, type Upcaster } from '@acogida/core';

/** What a request had that named no urgency: seven days (domain.md §1.4). Never changed: it is what old requests are held to. */
const ANSWER_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

/** Until version 2 nothing said how soon a request was to be answered. */
function withAnswerBy(data: JsonObject): JsonObject {
  const answerBy = instantAfter(data['askedAt'] as string, ANSWER_WITHIN_MS);
  return { ...data, urgency: 'ROUTINE', answerBy };
}

/** Until version 2 nobody said who has the case instead. */
function withoutHolder(data: JsonObject): JsonObject {
  return { ...data, heldBy: null };
}

/** Readers of old versions. */
export const transferRequestUpcasters: readonly Upcaster[] = [
  { type: 'TransferRequested', fromVersion: 1, upcast: withAnswerBy },
  { type: 'TransferRequestReceived', fromVersion: 1, upcast: withAnswerBy },
  { type: 'TransferRequestAnswered', fromVersion: 1, upcast: withoutHolder },
  { type: 'TransferAnswerNoted', fromVersion: 1, upcast: withoutHolder },
];
