import type { Upcaster } from '@acogida/core';

/** Lifts old events of erasures. Only ever added to. */
export const erasureUpcasters: readonly Upcaster[] = [
  // Who ordered it was not kept: nobody is known whom it would forbid to lift a legal hold.
  { type: 'ErasureOrdered', fromVersion: 1, upcast: (data) => ({ ...data, officer: null }) },
  {
    type: 'LegalHoldPlaced',
    fromVersion: 1,
    upcast: (data) => ({ ...data, reason: 'NOT_STATED', authority: null, officer: null }),
  },
  { type: 'LegalHoldLifted', fromVersion: 1, upcast: (data) => ({ ...data, officer: null }) },
  // Only the circle was told.
  {
    type: 'ErasurePostponed',
    fromVersion: 1,
    upcast: (data) => ({ ...data, to: [], lookAgainAt: data['reviewOn'] ?? null }),
  },
];
