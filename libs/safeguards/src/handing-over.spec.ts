import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { publishHoldLedger } from './publish.ts';

const { at, BORDER, caseId, GRANTED, holdId, PLACE, placed, PROTECTED, reads, REFUGE } = examples;
const { given } = decides(holdLedgerDecider);

const POLICY = 'cr-border-intake.policy';
const HAND_OVER: HoldLedgerCommandOf<'HandOverHold'> = {
  ...{ type: 'HandOverHold', by: BORDER, reading: reads(2_000), now: at, holdId, officer: POLICY },
  to: { authority: REFUGE, kind: 'ASYLUM_PENDING', mandated: [REFUGE] },
};
const INTENT = placed({ owner: BORDER });
const OVER: HoldLedgerEvent = {
  type: 'HoldLifted',
  data: {
    ...{ holdId, reason: 'APPLICATION_LODGED', liftedBy: POLICY },
    ...{ proposedBy: null, replacedBy: null, liftedAt: at },
  },
};

describe('HandOverHold', () => {
  it('INV-02 lifts H-02 once an authority has said that its H-03 stands, without an officer', () => {
    given(INTENT, PROTECTED).when(HAND_OVER).then(OVER);
    given(INTENT, PROTECTED, OVER).when(HAND_OVER).thenNothing();
  });

  it('INV-02 is refused for an agency whom no gate asks about such holds, and for the owner itself', () => {
    const to = (authority: string, mandated: readonly string[]) => ({ ...HAND_OVER.to, authority, mandated });
    for (const next of [to(REFUGE, []), to(REFUGE, ['mx-comar']), to(BORDER, [BORDER])])
      given(INTENT, PROTECTED)
        .when({ ...HAND_OVER, to: next })
        .thenRefused('HOLD.NOT_THE_NEXT');
  });

  it.each(['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'] as const)(
    'INV-11 INV-19 lifts %s of who was taken over once the next authority has said that its H-10 stands',
    (kind) => {
      const NEXT = '5e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11';
      const held = placed({ owner: BORDER, kind });
      const to = { authority: REFUGE, kind: 'CHILD_NO_BID', mandated: [REFUGE] } as const;
      const taken = { ...OVER, data: { ...OVER.data, reason: 'TAKEN_OVER' } } as HoldLedgerEvent;
      given(held, PROTECTED)
        .when({ ...HAND_OVER, to })
        .then(taken);
      given(held, PROTECTED, taken)
        .when({ ...HAND_OVER, to })
        .thenNothing();
      given(held, PROTECTED)
        .when({ ...HAND_OVER, to: { ...to, kind: 'CHILD_NO_GUARDIAN' } })
        .thenRefused('HOLD.DOES_NOT_BECOME');
      given(held, PROTECTED)
        .when({ ...HAND_OVER, to: { ...to, mandated: [] } })
        .thenRefused('HOLD.NOT_THE_NEXT');
      given(held, PROTECTED)
        .when({ ...PLACE, type: 'ReplaceHold', replacesHoldId: holdId, by: BORDER, holdId: NEXT, kind: 'CHILD_NO_BID' })
        .thenRefused('HOLD.DOES_NOT_BECOME'); // the same authority lifts it for what it knows
    },
  );

  it('is refused for what the hold does not become, for another’s hold, and for one that is not here', () => {
    given(INTENT)
      .when({ ...HAND_OVER, to: { ...HAND_OVER.to, kind: 'APPEAL_OPEN' } })
      .thenRefused('HOLD.DOES_NOT_BECOME');
    given(placed({ owner: BORDER, kind: null }))
      .when(HAND_OVER)
      .thenRefused('HOLD.DOES_NOT_BECOME');
    given(placed()).when(HAND_OVER).thenRefused('HOLD.NOT_ITS_AUTHORITY');
    given().when(HAND_OVER).thenRefused('HOLD.UNKNOWN');
  });
});

describe('who referred the person', () => {
  const referredBy = BORDER;
  const toReferrer = { to: BORDER, under: 'offer-key' };
  const said = (history: readonly HoldLedgerEvent[], event: HoldLedgerEvent) =>
    publishHoldLedger(event, fold(holdLedgerDecider, [...history, event])).filter(
      ({ audience }) => typeof audience === 'object',
    );
  const pending = placed({ kind: 'ASYLUM_PENDING', groundId: holdId, referredBy });

  it('is kept with the hold that the referral led to', () => {
    const command = { ...PLACE, kind: 'ASYLUM_PENDING', groundId: holdId, referredBy } as const;
    given().when(command).then(pending, PROTECTED);
  });

  it('INV-17 is told which hold it is, alone beside those who may read it, and nothing where nobody referred', () => {
    expect(said([], pending)).toEqual([
      {
        ...{ class: 'hold', type: 'HoldPlaced', schemaVersion: 1, caseId, occurredAt: at, audience: toReferrer },
        data: { holdId, takenOverFrom: null, since: at, kind: 'ASYLUM_PENDING', groundId: holdId },
      },
    ]);
    expect(said([], placed())).toEqual([]);
  });

  it('is told that it was lifted, once, and not why', () => {
    const lifted: HoldLedgerEvent = { ...OVER, data: { ...OVER.data, reason: 'FINAL_DECISION' } };
    const word = {
      ...{ class: 'hold', type: 'HoldLifted', schemaVersion: 1, caseId, occurredAt: at, audience: toReferrer },
      data: { holdId, reason: null, replacedBy: null, liftedAt: at },
    };
    expect(said([pending], lifted)).toEqual([word]);
    expect(said([placed()], lifted)).toEqual([]);
    const granted = { ...GRANTED, data: { ...GRANTED.data, gate: BORDER } } as HoldLedgerEvent;
    expect(said([granted, pending], lifted)).toEqual([word]); // a gate as well
  });
});
