import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { holdLedgerDecider, holdLedgerProcedure } from './hold-ledger.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { unknownLeases } from './lease.ts';

const { at, AWAITED, BORDER, clearanceId, HALTED, holdId, NOTED, placed, PROTECTED, reads, REFUGE } = examples;
const { RETURNS, terms } = examples;
const { given } = decides(holdLedgerDecider);

const count = unknownLeases(reads(500, 'boot-2'), terms.rateErrorPerMille);
const EXPOSE: HoldLedgerCommandOf<'ExposeHolds'> = {
  ...{ type: 'ExposeHolds', by: REFUGE, reading: reads(1_000, 'boot-2'), now: at },
  unknownLeases: { count, gates: [] },
};
const forgottenAt = (gate: string | null) => ({ gate, clearanceId: null, count });
const exposed = (...gates: (string | null)[]): HoldLedgerEvent => ({
  type: 'HoldExposed',
  data: { holdId, awaits: gates.map(forgottenAt), exposedAt: at },
});
const LIFTED: HoldLedgerEvent = {
  type: 'HoldLifted',
  data: {
    ...{ holdId, reason: 'FINAL_DECISION', liftedBy: 'cr-refugee-unit.officer' },
    ...{ proposedBy: null, replacedBy: null, liftedAt: at },
  },
};
const halt = (gate: string): HoldLedgerEvent => ({
  type: 'HaltOrdered',
  data: { holdId, gate, clearanceIds: [], orderedAt: at },
});

describe('the holds of a restored ledger', () => {
  it('S1 wait again until the longest lease is over: they may have been lifted since, and somebody cleared', () => {
    given(placed(), PROTECTED).when(EXPOSE).then(exposed(null));
    const [hold] = fold(holdLedgerDecider, [placed(), PROTECTED, exposed(null)]).holds;
    expect(hold?.protection).toBeNull();
    expect(holdLedgerProcedure.takesUnattested(EXPOSE)).toBe(true);
  });

  it('S3 whose lifting was lost have all gates told to halt, which say whether the person has left', () => {
    given(placed(), PROTECTED)
      .when({ ...EXPOSE, unknownLeases: { count, gates: [BORDER, RETURNS] } })
      .then(exposed(BORDER, RETURNS, null), halt(BORDER), halt(RETURNS));
  });

  it('S1 are protected by no answer of a gate, which may be older than the lease, but by time', () => {
    const before = [placed({ awaits: [AWAITED] }), HALTED, NOTED, PROTECTED, exposed(RETURNS, null), halt(RETURNS)];
    const answer: HoldLedgerCommandOf<'RecordHaltAcknowledgement'> = {
      ...{ ...examples.ACKNOWLEDGE, reading: EXPOSE.reading, clearanceIds: [] },
      word: { number: 9, stream: 'gate-1' },
    };
    const { type: _, by: __, reading: ___, now: ____, departedAt: _____, ...said } = answer;
    given(...before)
      .when(answer)
      .thenNothing();
    given(...before)
      .when({ ...answer, outcome: 'DEPARTED', departedAt: at })
      .then(
        { type: 'HaltAcknowledgementNoted', data: { ...said, outcome: 'DEPARTED', notedAt: at } },
        {
          type: 'DepartureOvertaken',
          data: { gate: RETURNS, clearanceIds: [], holdIds: [holdId], departedAt: at, reportedAt: at },
        },
      );
    const note = { type: 'NoteEndedLeases', by: REFUGE, now: at } as const;
    given(...before)
      .when({ ...note, reading: reads(500 + count.spanMs - 1, 'boot-2') })
      .thenNothing();
    given(...before)
      .when({ ...note, reading: reads(500 + count.spanMs, 'boot-2') })
      .then({ type: 'HoldProtected', data: { holdId, basis: 'LEASE_ENDED', protectedAt: at } });
  });

  it('wait for that once, and anew where another restore is noticed later, or after it is over', () => {
    given(placed(), PROTECTED, exposed(null)).when(EXPOSE).thenNothing();
    given(placed(), PROTECTED, exposed(null))
      .when({ ...EXPOSE, reading: reads(5, 'boot-3') })
      .thenNothing();
    const later = unknownLeases(reads(1_000, 'boot-2'), terms.rateErrorPerMille);
    given(placed(), PROTECTED, exposed(null))
      .when({ ...EXPOSE, unknownLeases: { count: later, gates: [] } })
      .then({
        type: 'HoldExposed',
        data: { holdId, awaits: [{ ...forgottenAt(null), count: later }], exposedAt: at },
      });
    given(placed(), PROTECTED, exposed(null), PROTECTED).when(EXPOSE).then(exposed(null));
  });

  it('that are lifted wait for nothing, and where there is none nothing happens', () => {
    given(placed(), PROTECTED, LIFTED).when(EXPOSE).thenNothing();
    given().when(EXPOSE).thenNothing();
  });

  it('wait for what they waited for as well', () => {
    given(placed({ awaits: [AWAITED] }), HALTED)
      .when(EXPOSE)
      .then(exposed(null));
    const ledger = fold(holdLedgerDecider, [placed({ awaits: [AWAITED] }), HALTED, exposed(null)]);
    expect(ledger.holds[0]?.awaits).toEqual([AWAITED, forgottenAt(null)]);
    expect(ledger.holds[0]?.awaits[0]?.clearanceId).toBe(clearanceId);
  });
});
