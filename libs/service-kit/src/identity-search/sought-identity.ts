import { type Clock, type Instant, instantAfter } from '@acogida/core';
import type { IdentityElements } from '@acogida/safeguards';
import type { CellPlace } from '../vault/cell-sealer.ts';

/** How long the identity that another agency asked about is kept for an officer to decide, in milliseconds. */
const SOUGHT_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** SQL: who was asked about, and all that rests on seeing that, goes. */
export const FORGETTING = `sought = NULL, sought_token = NULL, sought_by = NULL, shown_to = '{}', proposed_by = NULL, proposed_reason = NULL, proposed_at = NULL`;

/** From when on who was asked about is kept. */
export function oldestSought(clock: Clock): Instant {
  return instantAfter(clock.now(), -SOUGHT_KEPT_MS);
}

/** Bound to the match: what another one's officer is to see opens nowhere else. */
export function placeOfSought({ caseId, matchId }: { readonly caseId: string; readonly matchId: string }): CellPlace {
  return { caseId, field: 'SOUGHT', version: Number.parseInt(matchId.slice(0, 8), 16) + 1 };
}

/** The elements that matches are compared by, in an order that says nothing. */
export function inOrder(elements: IdentityElements): unknown {
  return [
    ...[elements.names.toSorted(), elements.dateOfBirth?.date ?? null, elements.dateOfBirth?.precision ?? null],
    elements.documents.map(({ number }) => number).sort(),
  ];
}
