import { describe, expect, it } from '@jest/globals';
import type { Transaction } from '@acogida/event-store';
import { type EffectiveReading, Effects } from './inbox-effects.ts';
import type { Policy, ReceivedEvent } from './port.ts';

const TRANSACTION = {} as Transaction;

function reading(number: number, type: string): EffectiveReading {
  const event = { source: 'cr-conatt', number, payload: { type } } as unknown as ReceivedEvent;
  return { kind: 'event', lane: 'a', event, opened: { payload: event.payload, clockAhead: false } };
}

/** Numbers of the batch that a policy on holds was told with each of its events. */
function told(): { readonly policy: Policy; readonly batches: (readonly [number, readonly number[]])[] } {
  const batches: (readonly [number, readonly number[]])[] = [];
  const react: Policy['react'] = async ({ number }, _, batch = []) =>
    void batches.push([number, batch.map((one) => one.number)]);
  return { policy: { name: 'when-hold-placed-then-note', on: 'HoldPlaced', react }, batches };
}

describe('a policy', () => {
  const batch = [reading(1, 'HoldPlaced'), reading(2, 'HoldLifted')] as const;

  it('is told what is read in one go with its event', async () => {
    const { policy, batches } = told();
    await new Effects([policy], []).together(batch, TRANSACTION);
    expect(batches).toEqual([[1, [1, 2]]]);
  });

  it('is told so where events are tried one by one', async () => {
    const { policy, batches } = told();
    const savepoint = { release: async () => {}, rollBack: async () => {} };
    const locked = { savepoint: async () => savepoint, transaction: TRANSACTION };
    const revoked = { kind: 'revoked', lane: 'a' } as const;
    expect(await new Effects([policy], []).alone(batch[0], locked, [...batch, revoked])).toBeNull();
    expect(batches).toEqual([[1, [1, 2]]]);
  });
});
