import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { erasureStatus } from './erasure.ts';
import type { ErasureCommand } from './erasure-commands.ts';
import { erasureDeadlines } from './erasure-deadlines.ts';
import type { ErasureEvent } from './erasure-events.ts';
import { erasureDecider } from './erasure-procedure.ts';
import { publishErasure } from './publish.ts';
import {
  AT,
  CASE,
  COMAR,
  CONATT,
  DIGEST,
  erased,
  LATER,
  NEXT_DAY,
  noted,
  ORDERED_ELSEWHERE,
  OTHER_ORDER,
} from './testing/erasure-examples.ts';

const { given } = decides(erasureDecider);
const unknown: ErasureEvent = {
  type: 'UnknownOrderNoted',
  data: { ...ORDERED_ELSEWHERE, from: CONATT, notedAt: AT },
};
const stated: ErasureEvent = {
  type: 'NothingHeldStated',
  data: { erasureId: OTHER_ORDER, caseId: CASE, to: COMAR, heardAt: AT, statedAt: LATER },
};
const noteIt: ErasureCommand = { type: 'NoteUnknownOrder', order: ORDERED_ELSEWHERE, from: CONATT, now: AT };
const stateIt: ErasureCommand = { type: 'StateNothingHeld', caseId: CASE, erasureId: OTHER_ORDER, now: LATER };
const stateOf = (...events: ErasureEvent[]) => fold(erasureDecider, events);

describe('INV-22 an order of a case that nothing is kept of', () => {
  it('is noted once, and not beside the same order that counts, nor of an erased case', () => {
    given().when(noteIt).then(unknown);
    given(unknown).when(noteIt).thenNothing();
    given(noted).when(noteIt).thenNothing();
    given(noted, erased).when(noteIt).thenRefused('ERASURE.DONE');
  });

  it('erases nothing, and owes the word that nothing was kept, once', () => {
    const state = stateOf(unknown);
    expect([state.orders, state.attemptAt, erasureStatus(state)]).toEqual([[], null, 'NONE']);
    expect(erasureDeadlines(state)).toEqual([{ kind: 'GIVE_RECEIPT', dueAt: AT }]);
    given(unknown).when(stateIt).then(stated);
    given(unknown, stated).when(stateIt).thenNothing();
    given().when(stateIt).thenNothing();
    expect(erasureDeadlines(stateOf(unknown, stated))).toEqual([]);
  });

  it('is answered later where nothing can be sealed', () => {
    const postpone: ErasureCommand = { type: 'PostponeReceipt', caseId: CASE, erasureId: OTHER_ORDER, until: NEXT_DAY };
    const later: ErasureEvent = {
      type: 'ReceiptPostponed',
      data: { caseId: CASE, erasureId: OTHER_ORDER, until: NEXT_DAY },
    };
    given(unknown).when(postpone).then(later);
    expect(erasureDeadlines(stateOf(unknown, later))).toEqual([{ kind: 'GIVE_RECEIPT', dueAt: NEXT_DAY }]);
    given(unknown, stated).when(postpone).thenNothing();
  });

  it('is answered by a receipt of nothing, sealed to whoever ordered it', () => {
    const [word, ...others] = publishErasure(stated) ?? [];
    expect(word).toEqual({
      ...{ class: 'erasure', type: 'CaseErased', schemaVersion: 1, caseId: null, occurredAt: LATER },
      data: {
        ...{ erasureId: OTHER_ORDER, keysDigest: DIGEST, destroyed: { keys: 0, rows: 0, texts: 0 } },
        ...{ passedOnTo: [], erasedAt: AT },
      },
      audience: { to: COMAR, under: 'offer-key' },
    });
    expect(contractDataFault('CaseErased', 1, word?.data ?? {})).toBeUndefined();
    expect([others, publishErasure(unknown)]).toEqual([[], null]);
  });

  it('counts from when it turns out to come from who speaks for the case', () => {
    const state = stateOf(unknown, stated, noted);
    expect(state.unknownOrders).toEqual([]);
    expect([state.orders.map(({ erasureId }) => erasureId), state.attemptAt]).toEqual([[OTHER_ORDER], AT]);
  });
});
