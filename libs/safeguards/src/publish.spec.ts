import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import { at, caseId, CLEARANCE, GRANTED, HALTED, holdId, NOTED, placed, PROTECTED, REFUGE } from './ledger-examples.ts';
import { type HoldWord, publishHoldLedger } from './publish.ts';

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

  it('is nothing of leases, proposals, halts and answers', () => {
    const reason = 'FINAL_DECISION';
    const rest: readonly HoldLedgerEvent[] = [
      ...[PROTECTED, GRANTED, HALTED, NOTED],
      { type: 'HoldExposed', data: { holdId, awaits: [], exposedAt: at } },
      { type: 'HoldLiftProposed', data: { holdId, reason, proposedBy: 'one', proposedAt: at } },
      { type: 'HoldLiftDeclined', data: { holdId, declinedBy: 'two', declinedAt: at } },
      { type: 'LedgerLinked', data: { linkedCaseId: nextId, clearances: [CLEARANCE], linkedAt: at } },
    ];
    for (const event of rest) expect(published(placed(), event)).toEqual([]);
  });
});
