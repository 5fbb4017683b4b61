import { describe, expect, it } from '@jest/globals';
import { fold, instantAfter } from '@acogida/core';
import { firstLookAt, nextLookInMs } from './ended-leases.ts';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';

const { at, AWAITED, BORDER, GRANTED, HALTED, holdId, NOTED, placed, PROTECTED, reads, SPAN_MS } = examples;
const WAITING = placed({ awaits: [AWAITED] });
const OTHER = { gate: BORDER, clearanceId: 'other', count: { from: reads(2_000), spanMs: SPAN_MS } };
const ledgerOf = (...events: readonly HoldLedgerEvent[]) => fold(holdLedgerDecider, events);

describe('when it is looked whether leases are over', () => {
  it('is never where nothing waits for time', () => {
    for (const events of [[], [GRANTED], [placed(), PROTECTED], [GRANTED, WAITING, HALTED, NOTED]]) {
      const ledger = ledgerOf(...events);
      expect([firstLookAt(ledger), nextLookInMs(ledger, reads(1_000))]).toEqual([null, null]);
    }
  });

  it('is not while a gate has to answer as well: its answer is judged when it comes', () => {
    const ledger = ledgerOf(GRANTED, placed({ awaits: [AWAITED, { gate: BORDER, clearanceId: null, count: null }] }));
    expect([firstLookAt(ledger), nextLookInMs(ledger, reads(1_000))]).toEqual([null, null]);
  });

  it('is once the last lease of a hold is over, by the calendar first and by the clock that counts it then', () => {
    const ledger = ledgerOf(GRANTED, placed({ awaits: [AWAITED, OTHER] }));
    expect(firstLookAt(ledger)).toBe(instantAfter(at, SPAN_MS));
    expect(nextLookInMs(ledger, reads(1_500))).toBe(SPAN_MS + 500);
    expect(nextLookInMs(ledger, reads(5, 'boot-2'))).toBe(SPAN_MS - 5);
  });

  it('is at the first of several holds, and no more at one that is lifted', () => {
    const second = placed({ holdId: 'second', awaits: [OTHER], placedAt: instantAfter(at, 1_000) });
    const lift: HoldLedgerEvent = {
      type: 'HoldLifted',
      data: { holdId, reason: 'PLACED_IN_ERROR', liftedBy: 'b', proposedBy: 'a', replacedBy: null, liftedAt: at },
    };
    expect(firstLookAt(ledgerOf(WAITING, second))).toBe(instantAfter(at, SPAN_MS));
    expect(nextLookInMs(ledgerOf(WAITING, second), reads(1_000))).toBe(SPAN_MS);
    expect(firstLookAt(ledgerOf(WAITING, second, lift))).toBe(instantAfter(at, SPAN_MS + 1_000));
  });
});
