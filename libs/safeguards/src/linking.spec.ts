import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { unknownLeases } from './lease.ts';

const { at, AWAITED, BORDER, CLEARANCE, HALTED, holdId, placed, PROTECTED, reads, REFUGE, RETURNS, terms } = examples;
const { given } = decides(holdLedgerDecider);

const linkedCaseId = '33333333-5a3c-4f0e-8c51-6a4d1f0c2b11';
const said = (revision: number, by: string = RETURNS) => ({ by, linkId: 'link', revision });
const LINK: HoldLedgerCommandOf<'LinkLedger'> = {
  ...{ type: 'LinkLedger', by: REFUGE, reading: reads(2_000), now: at, linkedCaseId, link: said(1) },
  ...{ clearances: [], unknownLeases: null },
};
const UNLINK: HoldLedgerCommandOf<'UnlinkLedger'> = {
  ...{ type: 'UnlinkLedger', by: REFUGE, reading: reads(3_000), now: at, linkedCaseId, link: said(2) },
};
const linked = (link: ReturnType<typeof said> | null, ...clearances: (typeof CLEARANCE)[]): HoldLedgerEvent => ({
  type: 'LedgerLinked',
  data: { linkedCaseId, link, clearances, linkedAt: at },
});
const unlinked = (link: ReturnType<typeof said>): HoldLedgerEvent => ({
  type: 'LedgerUnlinked',
  data: { linkedCaseId, link, unlinkedAt: at },
});
const exposed: HoldLedgerEvent = { type: 'HoldExposed', data: { holdId, awaits: [AWAITED], exposedAt: at } };
const linkedIn = (...events: HoldLedgerEvent[]) => fold(holdLedgerDecider, events).linkedCaseIds;

describe('words on a link', () => {
  it('count by their revision, whatever comes first and however often', () => {
    given(linked(said(1)))
      .when(LINK)
      .thenNothing();
    given(linked(said(1)))
      .when(UNLINK)
      .then(unlinked(said(2)));
    given(unlinked(said(2)))
      .when(LINK)
      .thenNothing();
    given(unlinked(said(2)))
      .when(UNLINK)
      .thenNothing();
    given(linked(said(1)), unlinked(said(2)))
      .when({ ...LINK, link: said(3) })
      .then(linked(said(3)));
  });

  it('are each agency’s own: what one takes back, another one goes on saying', () => {
    given(linked(said(1)))
      .when({ ...LINK, link: said(1, BORDER) })
      .then(linked(said(1, BORDER)));
    expect(linkedIn(linked(said(1)), linked(said(1, BORDER)), unlinked(said(2)))).toEqual([linkedCaseId]);
    expect(linkedIn(linked(said(1)), linked(said(1, BORDER)), unlinked(said(2)), unlinked(said(2, BORDER)))).toEqual(
      [],
    );
  });

  it('are not taken in without end: a member that lies must not make each question look through all there is', () => {
    const from = (count: number) =>
      Array.from({ length: count }, (_, index): HoldLedgerEvent => ({
        type: 'LedgerLinked',
        data: {
          linkedCaseId: `case-${index}`,
          link: said(1),
          clearances: [],
          linkedAt: at,
        },
      }));
    given(...from(20))
      .when(LINK)
      .thenRefused('LINK.TOO_MANY');
    given(...from(20))
      .when({ ...LINK, link: said(1, BORDER) })
      .then(linked(said(1, BORDER)));
    given(...from(19))
      .when(LINK)
      .then(linked(said(1)));
    const takenBack = from(100).flatMap((event, index): HoldLedgerEvent[] => [
      event,
      {
        type: 'LedgerUnlinked',
        data: { linkedCaseId: `case-${index}`, link: said(2), unlinkedAt: at },
      },
    ]);
    given(...takenBack)
      .when(LINK)
      .thenRefused('LINK.TOO_MANY');
    given(...takenBack)
      .when(UNLINK)
      .thenRefused('LINK.TOO_MANY');
  });

  it('are no more believed to be so by one source that links and unlinks them for ever: holds would never be protected', () => {
    given(linked(said(17)), unlinked(said(18)))
      .when({ ...LINK, link: said(19) })
      .then(linked(said(19)));
    const often = [linked(said(19)), unlinked(said(20))];
    given(...often)
      .when({ ...LINK, link: said(21) })
      .thenRefused('LINK.TOO_MANY');
    given(...often)
      .when({ ...UNLINK, link: said(22) })
      .then(unlinked(said(22)));
    given(...often)
      .when({ ...LINK, link: said(1, BORDER) })
      .then(linked(said(1, BORDER)));
  });

  it('S1 leave what waits waiting when the cases are two persons’ after all', () => {
    const before = [placed(), PROTECTED, linked(said(1), CLEARANCE), exposed, HALTED];
    given(...before)
      .when(UNLINK)
      .then(unlinked(said(2)));
    const [hold] = fold(holdLedgerDecider, [...before, unlinked(said(2))]).holds;
    expect([hold?.protection, hold?.awaits]).toEqual([null, [AWAITED]]);
  });
});

describe('a gate that does not ask here', () => {
  const count = unknownLeases(reads(2_000), terms.rateErrorPerMille);
  const awaits = [
    { gate: BORDER, clearanceId: null, count },
    { gate: null, clearanceId: null, count },
  ];
  const answered = { ...HALTED.data, gate: BORDER, clearanceIds: [] };
  const before: HoldLedgerEvent[] = [
    placed({ awaits: [{ gate: BORDER, clearanceId: null, count: null }] }),
    { type: 'HaltOrdered', data: answered },
    {
      type: 'HaltAcknowledgementNoted',
      data: { gate: BORDER, holdId, clearanceIds: [], outcome: 'VOIDED', notedAt: at },
    },
    { ...PROTECTED, data: { ...PROTECTED.data, basis: 'HALTED' } } as HoldLedgerEvent,
  ];
  const command = { ...LINK, unawareGates: [BORDER] };

  it('S1 may have a warrant on the other case: it is halted again, and only time ends that', () => {
    given(...before)
      .when(command)
      .then(
        linked(said(1)),
        { type: 'HoldExposed', data: { holdId, awaits, exposedAt: at } },
        {
          type: 'HaltOrdered',
          data: answered,
        },
      );
    const again = { gate: BORDER, holdId, clearanceIds: [], outcome: 'VOIDED', departedAt: null } as const;
    const exposed = [...before, ...holdLedgerDecider.decide(command, fold(holdLedgerDecider, before))];
    given(...exposed)
      .when({ ...examples.ACKNOWLEDGE, ...again, word: { stream: 'gate-of-it', number: 9 } })
      .thenNothing();
    given(...exposed)
      .when({ type: 'NoteEndedLeases', by: REFUGE, reading: reads(2_000 + count.spanMs), now: at })
      .then({ ...PROTECTED, data: { ...PROTECTED.data, basis: 'LEASE_ENDED' } } as HoldLedgerEvent);
  });

  it('has none that is not waited for where the cases were known to be one person’s', () => {
    given(...before, linked(said(1)))
      .when({ ...command, link: said(1, BORDER) })
      .then(linked(said(1, BORDER)));
  });
});

describe('what is out on a case that is this person’s by other links', () => {
  const BRING = { ...LINK, link: null };

  it('S1 is waited for, and links nothing', () => {
    given(placed(), PROTECTED)
      .when({ ...BRING, clearances: [CLEARANCE] })
      .then(linked(null, CLEARANCE), exposed, HALTED);
    given(placed(), PROTECTED)
      .when({ ...BRING, clearances: [CLEARANCE], isToGateAlone: true })
      .then(linked(null, CLEARANCE), exposed, { ...HALTED, data: { ...HALTED.data, isToGateAlone: true } });
    expect(linkedIn(linked(null, CLEARANCE))).toEqual([]);
    given(linked(null, CLEARANCE))
      .when({ ...BRING, clearances: [CLEARANCE] })
      .thenNothing();
    given().when(BRING).thenNothing();
  });

  it('S1 is waited for also where it was forgotten', () => {
    const count = unknownLeases(reads(500), terms.rateErrorPerMille);
    const awaits = [
      { gate: RETURNS, clearanceId: null, count },
      { gate: null, clearanceId: null, count },
    ];
    given(placed(), PROTECTED)
      .when({ ...BRING, unknownLeases: { count, gates: [RETURNS] } })
      .then(
        linked(null),
        { type: 'HoldExposed', data: { holdId, awaits, exposedAt: at } },
        { ...HALTED, data: { ...HALTED.data, clearanceIds: [] } },
      );
  });
});
