import type { Decider } from '@acogida/core';
import { isAgencyId, isCountry, type RemovalHold } from '@acogida/reference';
import { refusal } from './refusal.ts';

/** An agency and the holds that it answers for at a departure (architecture.md §7). */
export type ClearanceAuthority = { readonly agencyId: string; readonly holds: readonly RemovalHold[] };

/** Events of `clearance-authorities-<jurisdiction>`. */
export type ClearanceEvent =
  | {
      readonly type: 'ClearanceAuthorityDesignated';
      readonly data: ClearanceAuthority & { readonly jurisdiction: string };
    }
  | { readonly type: 'ClearanceAuthorityWithdrawn'; readonly data: { readonly agencyId: string } };

/** What is asked of a jurisdiction's authorities. */
export type ClearanceCommand =
  | ({ readonly type: 'DesignateClearanceAuthority'; readonly jurisdiction: string } & ClearanceAuthority)
  | { readonly type: 'WithdrawClearanceAuthority'; readonly agencyId: string };

/** The authorities of a jurisdiction; null before the first. */
export type ClearanceState = {
  /** ISO 3166-1 alpha-2. */
  readonly jurisdiction: string;
  /** In the order of their ids. */
  readonly authorities: readonly ClearanceAuthority[];
} | null;

/** A hold for which somebody answers stays answered for: else a departure would no longer wait for it (INV-02). */
function requireAnswered(before: ClearanceState, after: readonly ClearanceAuthority[]): void {
  const answered = new Set(after.flatMap(({ holds }) => holds));
  const were = before?.authorities.flatMap(({ holds }) => holds) ?? [];
  if (were.some((hold) => !answered.has(hold))) {
    throw refusal('DIRECTORY.HOLD_UNANSWERED', 'designate who answers for the hold before', 'conflict');
  }
}

const without = (state: ClearanceState, agencyId: string): readonly ClearanceAuthority[] =>
  state?.authorities.filter((authority) => authority.agencyId !== agencyId) ?? [];

function decide(command: ClearanceCommand, state: ClearanceState): readonly ClearanceEvent[] {
  const { agencyId } = command;
  const before = state?.authorities.find((authority) => authority.agencyId === agencyId);
  switch (command.type) {
    case 'DesignateClearanceAuthority': {
      const { jurisdiction, holds } = command;
      if (!isCountry(jurisdiction)) throw refusal('DIRECTORY.COUNTRY_UNKNOWN', 'not an ISO 3166-1 code');
      if (!isAgencyId(agencyId)) throw refusal('DIRECTORY.AGENCY_ID_MALFORMED', 'an agency id is kebab case');
      if (holds.length === 0) throw refusal('DIRECTORY.HOLDS_MISSING', 'an authority answers for a hold');
      const sorted = [...new Set(holds)].sort();
      requireAnswered(state, [...without(state, agencyId), { agencyId, holds: sorted }]);
      if (JSON.stringify(before?.holds) === JSON.stringify(sorted)) return [];
      return [{ type: 'ClearanceAuthorityDesignated', data: { jurisdiction, agencyId, holds: sorted } }];
    }
    case 'WithdrawClearanceAuthority':
      requireAnswered(state, without(state, agencyId));
      return before === undefined ? [] : [{ type: 'ClearanceAuthorityWithdrawn', data: { agencyId } }];
  }
}

function evolve(state: ClearanceState, event: ClearanceEvent): ClearanceState {
  const others = without(state, event.data.agencyId);
  switch (event.type) {
    case 'ClearanceAuthorityDesignated': {
      const { jurisdiction, ...authority } = event.data;
      const authorities = [...others, authority].sort((one, other) => (one.agencyId < other.agencyId ? -1 : 1));
      return { jurisdiction, authorities };
    }
    case 'ClearanceAuthorityWithdrawn':
      return state && { ...state, authorities: others };
  }
}

/** The agencies of a jurisdiction that must clear a departure. */
export const clearanceAuthoritiesDecider: Decider<ClearanceCommand, ClearanceState, ClearanceEvent> = {
  initialState: null,
  decide,
  evolve,
};
