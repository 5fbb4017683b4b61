import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { holdLedgerDecider, holdLedgerProcedure } from './hold-ledger.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import { EMPTY_LEDGER } from './hold-ledger-state.ts';
import * as examples from './ledger-examples.ts';
import { holdsOnScreen } from './ledger-screen.ts';
import { unknownLeases } from './lease.ts';

const { at, AWAITED, BORDER, caseId, clearanceId, GRANTED, HALTED, holdId, NOTED } = examples;
const { PLACE, placed, PROTECTED, reads, REFUGE, RETURNS, SPAN_MS } = examples;
const { given } = decides(holdLedgerDecider);

const WAITING = placed({ awaits: [AWAITED] });
const nextId = '11111111-3c41-4a58-9b75-6b1f4e0b9c77';

describe('a ledger that lost work in a restore', () => {
  it('S4 takes what places, and nothing else before an officer has attested the loss', () => {
    const takes = (type: string): boolean => holdLedgerProcedure.takesUnattested({ ...PLACE, type } as typeof PLACE);
    expect(['PlaceHold', 'ReplaceHold', 'TakeOverHold'].every(takes)).toBe(true);
    expect(['LiftHold', 'ProposeLift', 'ConfirmLift', 'AnswerClearance', 'NoteEndedLeases'].some(takes)).toBe(false);
  });
});

describe('PlaceHold', () => {
  it('INV-02 protects at once where no lease is out', () => {
    given().when(PLACE).then(placed(), PROTECTED);
  });

  it('waits for a lease that is out, and orders its gate to halt', () => {
    given(GRANTED).when(PLACE).then(WAITING, HALTED);
  });

  it('protects at once where the lease is over by this authority’s own count', () => {
    given(GRANTED)
      .when({ ...PLACE, reading: reads(1_000 + SPAN_MS) })
      .then(placed(), PROTECTED);
    given(GRANTED)
      .when({ ...PLACE, reading: reads(999 + SPAN_MS) })
      .then(WAITING, HALTED);
  });

  it('counts a lease of an earlier process from the beginning of the present one', () => {
    given(GRANTED)
      .when({ ...PLACE, reading: reads(SPAN_MS - 1, 'boot-2') })
      .then(WAITING, HALTED);
    given(GRANTED)
      .when({ ...PLACE, reading: reads(SPAN_MS, 'boot-2') })
      .then(placed(), PROTECTED);
  });

  it('does not wait for a clearance whose gate has said that it is void', () => {
    given(GRANTED, WAITING, HALTED, NOTED)
      .when({ ...PLACE, holdId: nextId })
      .then(
        placed({ holdId: nextId }),
        { type: 'HoldProtected', data: { holdId, basis: 'HALTED', protectedAt: at } },
        { type: 'HoldProtected', data: { holdId: nextId, basis: 'NO_LEASE', protectedAt: at } },
      );
  });

  it('does not order a halt that is on its way', () => {
    given(GRANTED, WAITING, HALTED)
      .when({ ...PLACE, holdId: nextId })
      .then(placed({ holdId: nextId, awaits: [AWAITED] }));
  });

  it('waits for a gate that does not ask here before it has heard of a hold', () => {
    const unaware = { gate: BORDER, clearanceId: null, count: null };
    const halted: HoldLedgerEvent = {
      type: 'HaltOrdered',
      data: { holdId, gate: BORDER, clearanceIds: [], orderedAt: at },
    };
    given()
      .when({ ...PLACE, unawareGates: [BORDER] })
      .then(placed({ awaits: [unaware] }), halted);
    const answer = { gate: BORDER, holdId, clearanceIds: [], outcome: 'VOIDED', notedAt: at } as const;
    given(placed({ awaits: [unaware] }), halted, { type: 'HaltAcknowledgementNoted', data: answer }, PROTECTED)
      .when({ ...PLACE, holdId: nextId, unawareGates: [BORDER] })
      .then(placed({ holdId: nextId }), {
        type: 'HoldProtected',
        data: { holdId: nextId, basis: 'NO_LEASE', protectedAt: at },
      });
  });

  it('S1 waits out the longest lease for it on a linked ledger: it has answered for the cases that it knows', () => {
    const unaware = { gate: BORDER, clearanceId: null, count: null };
    const answer = { gate: BORDER, holdId, clearanceIds: [], outcome: 'VOIDED', notedAt: at } as const;
    const link = { linkedCaseId: nextId, link: { by: RETURNS, linkId: 'link', revision: 1 } };
    given(
      placed({ awaits: [unaware] }),
      { type: 'HaltAcknowledgementNoted', data: answer },
      { type: 'LedgerLinked', data: { ...link, clearances: [], linkedAt: at } },
    )
      .when({ ...PLACE, holdId: nextId, unawareGates: [BORDER] })
      .then(
        placed({
          holdId: nextId,
          awaits: [{ gate: null, clearanceId: null, count: unknownLeases(reads(1_000), 10) }],
        }),
        { type: 'HoldProtected', data: { holdId, basis: 'HALTED', protectedAt: at } },
      );
  });

  it('waits out the longest lease where leases may have been forgotten', () => {
    const count = unknownLeases(reads(0, 'boot-2'), 10);
    expect(count).toEqual({ from: reads(0, 'boot-2'), spanMs: 612_122 });
    given()
      .when({ ...PLACE, unknownLeases: { count, gates: [] } })
      .then(placed({ awaits: [{ gate: null, clearanceId: null, count }] }));
  });

  it('S3 tells every gate that may have a forgotten lease, and believes only its answer to this halt', () => {
    const count = unknownLeases(reads(0), 10);
    const awaits = [{ gate: RETURNS, clearanceId: null, count }];
    const halt = (id: string): HoldLedgerEvent => {
      return { type: 'HaltOrdered', data: { holdId: id, gate: RETURNS, clearanceIds: [], orderedAt: at } };
    };
    const forgetful = { ...PLACE, unknownLeases: { count, gates: [RETURNS] } };
    given().when(forgetful).then(placed({ awaits }), halt(holdId));
    given(placed({ awaits }), halt(holdId), NOTED)
      .when({ ...forgetful, holdId: nextId })
      .then(placed({ holdId: nextId, awaits }), halt(nextId), {
        type: 'HoldProtected',
        data: { holdId, basis: 'HALTED', protectedAt: at },
      });
  });

  it('S3 names no clearance to a gate that may have a forgotten lease: the person may have left by that one', () => {
    const count = unknownLeases(reads(1_000), 10);
    const awaits = [AWAITED, { gate: RETURNS, clearanceId: null, count }];
    const halt: HoldLedgerEvent = {
      type: 'HaltOrdered',
      data: { holdId, gate: RETURNS, clearanceIds: [], orderedAt: at },
    };
    given(GRANTED)
      .when({ ...PLACE, unknownLeases: { count, gates: [RETURNS] } })
      .then(placed({ awaits }), halt);
    const now = '2027-11-22T10:00:00.000Z';
    given(GRANTED, placed({ awaits }), halt)
      .when({ type: 'RepeatHalts', by: REFUGE, reading: reads(2_000), now })
      .then({ ...halt, data: { ...halt.data, orderedAt: now } });
    const voided = { ...NOTED, data: { ...NOTED.data, clearanceIds: [] } } as HoldLedgerEvent;
    given(GRANTED, placed({ awaits }), halt, voided)
      .when({ type: 'NoteEndedLeases', by: REFUGE, reading: reads(1_000 + SPAN_MS), now: at })
      .then({ type: 'HoldProtected', data: { holdId, basis: 'LEASE_ENDED', protectedAt: at } });
  });

  it('S4 is refused in no state of the ledger', () => {
    const refusedOnce: HoldLedgerEvent = {
      type: 'ClearanceRefused',
      data: {
        ...{ caseId, clearanceId, gate: RETURNS, removal: 'EXPULSION', reasons: ['POSSIBLE_MATCH'], refusedAt: at },
      },
    };
    for (const history of [[refusedOnce], [GRANTED, WAITING, HALTED], [placed(), PROTECTED], [NOTED]]) {
      const events = holdLedgerDecider.decide({ ...PLACE, holdId: nextId }, fold(holdLedgerDecider, history));
      expect(events[0]).toMatchObject({ type: 'HoldPlaced', data: { holdId: nextId } });
    }
  });

  it('changes nothing where the same hold is open, and places it again after it was lifted', () => {
    given(placed(), PROTECTED).when(PLACE).thenNothing();
    const data = { holdId, reason: 'INFORMED_WAIVER', liftedBy: 'b', proposedBy: 'a', replacedBy: null } as const;
    given(placed(), PROTECTED, { type: 'HoldLifted', data: { ...data, liftedAt: at } })
      .when(PLACE)
      .then(placed(), PROTECTED);
  });

  it('is refused to an agency that does not answer for this kind, and for an id of another hold', () => {
    given()
      .when({ ...PLACE, kind: 'CHILD_NO_BID' })
      .thenRefused('HOLD.NOT_ITS_AUTHORITY');
    given(placed())
      .when({ ...PLACE, kind: 'ASYLUM_PENDING' })
      .thenRefused('HOLD.ID_TAKEN');
  });

  it('H-16 places a court order for any agency with that role', () => {
    given()
      .when({ ...PLACE, by: BORDER, kind: 'COURT_OR_INTERIM_MEASURE', mandate: ['COURT_OR_INTERIM_MEASURE'] })
      .then(placed({ owner: BORDER, kind: 'COURT_OR_INTERIM_MEASURE' }), PROTECTED);
  });
});

describe('TakeOverHold', () => {
  const TAKE: HoldLedgerCommandOf<'TakeOverHold'> = {
    ...{ type: 'TakeOverHold', by: REFUGE, reading: reads(1_000), now: at, caseId, holdId, from: 'cr-dissolved' },
    ...{ kind: null, groundId: null, placedBy: 'when-succession-ordered', successorOf: ['cr-dissolved'] },
    ...{ unawareGates: [], unknownLeases: { count: unknownLeases(reads(1_000), 10), gates: [] } },
  };

  it('makes the successor the owner, once, and waits for leases of the agency that is gone', () => {
    const awaits = [{ gate: null, clearanceId: null, count: { from: reads(1_000), spanMs: 612_122 } }];
    const taken = placed({
      ...{ kind: null, placedBy: 'when-succession-ordered', takenOverFrom: 'cr-dissolved', awaits },
    });
    given().when(TAKE).then(taken);
    given(taken).when(TAKE).thenNothing();
  });

  it('is refused to an agency that the directory does not name', () => {
    given()
      .when({ ...TAKE, successorOf: [] })
      .thenRefused('HOLD.NOT_THE_SUCCESSOR');
  });
});

describe('the ledger on screen', () => {
  const ledger = fold(holdLedgerDecider, [GRANTED, WAITING, HALTED]);

  it('says that a hold is not protected, until when at the latest, and who may act', () => {
    expect(holdsOnScreen(ledger, reads(11_000))).toEqual([
      {
        ...{ holdId, kind: 'ASYLUM_INTENT', since: at, isProtected: false, protectedAt: null, basis: null },
        ...{ waitsFor: [{ gate: RETURNS, atTheLatestInMs: SPAN_MS - 10_000 }] },
        ...{ isOvertaken: false, isLiftProposed: false },
      },
    ]);
  });

  it('says since when it is protected', () => {
    const then = fold(
      holdLedgerDecider,
      [NOTED, { type: 'HoldProtected', data: { holdId, basis: 'HALTED', protectedAt: at } }],
      ledger,
    );
    expect(holdsOnScreen(then, reads(11_000))).toMatchObject([
      { isProtected: true, protectedAt: at, basis: 'HALTED', waitsFor: [] },
    ]);
  });
});

describe('the procedure', () => {
  it('has a version for every event, and is of its case', () => {
    expect(new Set(Object.values(holdLedgerProcedure.versions))).toEqual(new Set([1]));
    expect(holdLedgerProcedure.caseOf(EMPTY_LEDGER, caseId)).toBe(caseId);
    expect(fold(holdLedgerDecider, [placed()]).caseId).toBe(caseId);
  });
});
