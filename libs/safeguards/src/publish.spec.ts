import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { type HoldWord, publishHoldLedger } from './publish.ts';

const { at, BORDER, caseId, CLEARANCE, clearanceId, GRANTED, HALTED, holdId } = examples;
const { NOTED, placed, PROTECTED, REFUGE, RETURNS } = examples;

const groundId = '22222222-3c41-4a58-9b75-6b1f4e0b9c77';
const nextId = '11111111-3c41-4a58-9b75-6b1f4e0b9c77';
const LIFTED: HoldLedgerEvent = {
  type: 'HoldLifted',
  data: {
    ...{ holdId, reason: 'APPLICATION_LODGED', liftedBy: 'cr-refugee-unit.officer', proposedBy: null },
    ...{ replacedBy: nextId, liftedAt: at },
  },
};

/** What goes out with the last of the events. */
function published(...events: readonly [HoldLedgerEvent, ...HoldLedgerEvent[]]): readonly HoldWord[] {
  const words = publishHoldLedger(events.at(-1) as HoldLedgerEvent, fold(holdLedgerDecider, events));
  for (const { type, data } of words) expect(contractDataFault(type, 1, data)).toBeUndefined();
  return words;
}

describe('what others learn of a hold', () => {
  it('INV-17 is that it stands and since when; which it is, only those who may read what is restricted', () => {
    const frame = { class: 'hold', type: 'HoldPlaced', schemaVersion: 1, caseId, occurredAt: at };
    const seen = { holdId, takenOverFrom: null, since: at };
    expect(published(placed({ groundId }))).toEqual([
      { ...frame, audience: 'coded', data: { ...seen, kind: null, groundId: null } },
      { ...frame, audience: 'restricted', data: { ...seen, kind: 'ASYLUM_INTENT', groundId } },
    ]);
  });

  it('is no more than that where its own authority does not know which it is', () => {
    const words = published(placed({ kind: null, takenOverFrom: REFUGE }));
    expect(words.map(({ audience, data }) => [audience, data])).toEqual([
      ['coded', { holdId, kind: null, groundId: null, takenOverFrom: REFUGE, since: at }],
    ]);
  });

  it('INV-17 is that it was lifted; the reason tells which it was', () => {
    const frame = { class: 'hold', type: 'HoldLifted', schemaVersion: 1, caseId, occurredAt: at };
    expect(published(placed(), PROTECTED, LIFTED)).toEqual([
      { ...frame, audience: 'coded', data: { holdId, reason: null, replacedBy: null, liftedAt: at } },
      {
        ...{ ...frame, audience: 'restricted' },
        data: { holdId, reason: 'APPLICATION_LODGED', replacedBy: nextId, liftedAt: at },
      },
    ]);
  });

  it('INV-17 is told to gates that had a clearance, which are in no circle, without which it is', () => {
    const audience = { to: RETURNS, under: 'offer-key' };
    const seen = { holdId, takenOverFrom: null, since: at, kind: null, groundId: null };
    expect(published(GRANTED, placed({ groundId })).map((word) => [word.audience, word.data])).toEqual([
      ['coded', seen],
      ['restricted', { ...seen, kind: 'ASYLUM_INTENT', groundId }],
      [audience, seen],
    ]);
    const gone = { holdId, reason: null, replacedBy: null, liftedAt: at };
    expect(published(placed(), HALTED, LIFTED).map((word) => [word.audience, word.data])).toEqual([
      ['coded', gone],
      ['restricted', { ...gone, reason: 'APPLICATION_LODGED', replacedBy: nextId }],
      [audience, gone],
    ]);
  });

  it('INV-19 is told to every gate that is halted for a hold that was taken over: it stands in the place of the one before', () => {
    const awaits = [
      { gate: RETURNS, clearanceId: null, count: CLEARANCE.count },
      { gate: null, clearanceId: null, count: CLEARANCE.count },
    ];
    const seen = { holdId, takenOverFrom: BORDER, since: at, kind: null, groundId: null };
    const told = published(placed({ takenOverFrom: BORDER, awaits }));
    expect(told.at(-1)).toMatchObject({ audience: { to: RETURNS, under: 'offer-key' }, data: seen });
    expect(published(placed({ awaits })).map(({ audience }) => audience)).toEqual(['coded', 'restricted']);
  });

  it('is told once more, if it was lifted, to a gate that asks after it was halted, and to no other', () => {
    const other: HoldLedgerEvent = { type: 'ClearanceGranted', data: { ...GRANTED.data, gate: BORDER } };
    const words = published(placed(), HALTED, LIFTED, GRANTED);
    expect(words.map(({ type, audience, data }) => [type, audience, data])).toEqual([
      ['HoldLifted', { to: RETURNS, under: 'offer-key' }, { holdId, reason: null, replacedBy: null, liftedAt: at }],
    ]);
    expect(published(placed(), HALTED, LIFTED, other)).toEqual([]);
    expect(published(placed(), HALTED, GRANTED)).toEqual([]);
  });

  it('is an order to halt for the gate, which the circle reads as well', () => {
    const frame = { class: 'clearance', type: 'HaltOrdered', schemaVersion: 1, caseId, occurredAt: at };
    const data = { holdId, gate: RETURNS, clearanceIds: [clearanceId], since: at };
    expect(published(GRANTED, placed(), HALTED)).toEqual([
      { ...frame, data, audience: 'coded' },
      { ...frame, data, audience: { to: RETURNS, under: 'offer-key' } },
    ]);
  });

  it('is said to the gate alone where a link caused it: no two pseudonyms speak at one moment', () => {
    const alone: HoldLedgerEvent = { type: 'HaltOrdered', data: { ...HALTED.data, isToGateAlone: true } };
    expect(published(GRANTED, placed(), alone).map(({ type, audience }) => [type, audience])).toEqual([
      ['HaltOrdered', { to: RETURNS, under: 'offer-key' }],
    ]);
  });

  it('is nothing for the agency’s own gate, which reads no log of its own', () => {
    const own: HoldLedgerEvent = { type: 'ClearanceGranted', data: { ...GRANTED.data, gate: REFUGE } };
    const halt: HoldLedgerEvent = { type: 'HaltOrdered', data: { ...HALTED.data, gate: REFUGE } };
    expect(published(own, placed(), halt)).toEqual([]);
    expect(published(own, placed()).map(({ audience }) => audience)).toEqual(['coded', 'restricted']);
  });

  it('is nothing of leases, proposals and answers', () => {
    const reason = 'FINAL_DECISION';
    const rest: readonly HoldLedgerEvent[] = [
      ...[PROTECTED, GRANTED, NOTED],
      { type: 'HoldExposed', data: { holdId, awaits: [], exposedAt: at } },
      { type: 'HoldLiftProposed', data: { holdId, reason, proposedBy: 'one', proposedAt: at } },
      { type: 'HoldLiftDeclined', data: { holdId, declinedBy: 'two', declinedAt: at } },
      { type: 'LedgerLinked', data: { linkedCaseId: nextId, link: null, clearances: [CLEARANCE], linkedAt: at } },
    ];
    for (const event of rest) expect(published(placed(), event)).toEqual([]);
  });
});
