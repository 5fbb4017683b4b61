import type { Decider } from '@acogida/core';
import type { SuccessionOrder } from './custody-terms.ts';
import { isSameValue, refusal } from './refusals.ts';

/**
 * Who succeeds an agency that is gone, as the roots ordered it: custody that is heard of later is judged by it too. Streams
 * `succession-<agency that is gone>`.
 */
export type SuccessionState = SuccessionOrder | null;

/** Private; the order itself is published by the directory. */
export type SuccessionEvent = { readonly type: 'SuccessionNoted'; readonly data: SuccessionOrder };

/** What was heard from the directory. */
export type SuccessionCommand = { readonly type: 'NoteSuccession' } & SuccessionOrder;

function isSameOrder(one: SuccessionOrder, { from, successor, lastGoodNumber }: SuccessionOrder): boolean {
  return isSameValue({ ...one, at: null }, { from, successor, lastGoodNumber, at: null });
}

/** An agency is succeeded once. Refuses with CUSTODY.SUCCESSOR_UNCLEAR. */
export const successionDecider: Decider<SuccessionCommand, SuccessionState, SuccessionEvent> = {
  initialState: null,
  decide: ({ type: _, ...order }, state) => {
    if (order.from === order.successor)
      throw refusal('CUSTODY.SUCCESSOR_UNCLEAR', 'an agency does not succeed itself', 'invalid');
    if (state === null) return [{ type: 'SuccessionNoted', data: order }];
    if (isSameOrder(state, order)) return [];
    throw refusal('CUSTODY.SUCCESSOR_UNCLEAR', 'another succession of the agency was ordered before');
  },
  evolve: (_, { data }) => data,
};

/** The procedure as the edge runs it. */
export const successionProcedure = {
  name: 'succession',
  decider: successionDecider,
  versions: { SuccessionNoted: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: () => null,
} as const;
