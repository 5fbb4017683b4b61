import type { Upcaster } from '@acogida/core';

/** Lifts what was published of requests for transfer. */
export const transferRequestUpcasters: readonly Upcaster[] = [
  // Until version 2 nothing said how soon it is to be answered: whoever is asked reckons from when it was asked.
  { type: 'TransferRequested', fromVersion: 1, upcast: (data) => ({ ...data, urgency: 'ROUTINE', answerBy: null }) },
  // Until version 2 nobody said who has the case instead.
  { type: 'TransferRequestAnswered', fromVersion: 1, upcast: (data) => ({ ...data, heldBy: null }) },
];
