import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { MOST_REFUSALS, replyTo } from './decide-clearance.ts';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerCommandOf, HoldLedgerCommand } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { leasesOnScreen } from './ledger-screen.ts';
import { authoritySpanMs, isOver, LONGEST_LEASE_MS, unknownLeases } from './lease.ts';

const { ACKNOWLEDGE, ANSWER, at, AWAITED, BORDER, caseId, CLEARANCE, clearanceId, GRANTED, HALTED } = examples;
const { holdId, NOTED, placed, PROTECTED, reads, REFUGE, RETURNS, SPAN_MS, terms } = examples;
const { given } = decides(holdLedgerDecider);
const WAITING = placed({ awaits: [AWAITED] });
const NOTE_ENDED: HoldLedgerCommand = { type: 'NoteEndedLeases', by: REFUGE, reading: reads(1_000 + SPAN_MS), now: at };

const refused = (...reasons: Extract<HoldLedgerEvent, { type: 'ClearanceRefused' }>['data']['reasons']) =>
  ({
    type: 'ClearanceRefused',
    data: { caseId, clearanceId, gate: RETURNS, removal: 'RETURN_DEPARTURE', reasons, refusedAt: at },
  }) satisfies HoldLedgerEvent;

describe('AnswerClearance', () => {
  it('S2 grants on an empty ledger, and counts longer than the gate', () => {
    given().when(ANSWER).then(GRANTED);
    given()
      .when({ ...ANSWER, search: 'NO_MATCH' })
      .then({ type: 'ClearanceGranted', data: { caseId, ...CLEARANCE, found: 'SEARCHED_NO_MATCH' } });
  });

  it('S2 refuses while a hold is open, protected or not', () => {
    given(placed(), PROTECTED).when(ANSWER).then(refused('HOLD_ACTIVE'));
    given(placed({ awaits: [{ gate: BORDER, clearanceId: null, count: null }] }))
      .when(ANSWER)
      .then(refused('HOLD_ACTIVE'));
  });

  it('refuses a possible match, and names all that speaks against it', () => {
    given(placed())
      .when({ ...ANSWER, search: 'POSSIBLE_MATCH', obstacles: ['EVENT_PARKED', 'AWAITS_ATTESTATION'] })
      .then(refused('AWAITS_ATTESTATION', 'EVENT_PARKED', 'HOLD_ACTIVE', 'POSSIBLE_MATCH'));
  });

  it('refuses where nobody could search, though nothing was found', () => {
    given()
      .when({ ...ANSWER, search: 'NOT_SEARCHED' })
      .then(refused('NOT_SEARCHED'));
  });

  it('never grants twice, and does not grant what it refused', () => {
    given(GRANTED)
      .when({ ...ANSWER, reading: reads(30_000) })
      .thenNothing();
    given(refused('POSSIBLE_MATCH')).when(ANSWER).thenNothing();
  });

  it('keeps a bounded number of refusals of each gate, and grants what nothing speaks against all the same', () => {
    const asked = (gate: string) => {
      const { data, ...event } = refused('HOLD_ACTIVE');
      return Array.from({ length: MOST_REFUSALS }, (_, n) => ({
        ...event,
        data: { ...data, gate, clearanceId: `${clearanceId.slice(0, -4)}${String(n).padStart(4, '0')}` },
      }));
    };
    const another = { ...ANSWER, clearanceId: 'f3f2a7c4-5a53-4a4e-9a1c-0d7e6c5b4a39' };
    given(...asked(RETURNS))
      .when({ ...another, search: 'POSSIBLE_MATCH' })
      .thenRefused('CLEARANCE.TOO_MANY');
    given(...asked(BORDER))
      .when({ ...ANSWER, search: 'POSSIBLE_MATCH' })
      .then(refused('POSSIBLE_MATCH'));
    given(...asked(RETURNS))
      .when(another)
      .then({
        type: 'ClearanceGranted',
        data: { caseId, ...CLEARANCE, clearanceId: another.clearanceId },
      });
  });

  it.each([0, -1, 0.5, LONGEST_LEASE_MS + 1])('refuses a lease of %s ms', (leaseMs) => {
    given()
      .when({ ...ANSWER, terms: { ...terms, leaseMs } })
      .thenRefused('LEASE.OUT_OF_BOUNDS');
  });
});

describe('the reply to a gate', () => {
  const reply = (ms: number, ...history: HoldLedgerEvent[]) =>
    replyTo(fold(holdLedgerDecider, history), clearanceId, reads(ms));

  it('is the same however often it is asked for, as long as the clearance stands', () => {
    expect(reply(2_000)).toBeNull();
    expect(reply(2_000, GRANTED)).toEqual({ isGranted: true, found: 'NO_OPEN_HOLD', leaseMs: 60_000 });
    expect(reply(2_000, refused('POSSIBLE_MATCH'))).toEqual({ isGranted: false, reasons: ['POSSIBLE_MATCH'] });
  });

  it('is no clearance any more once a hold was placed, or it is over', () => {
    const lifted = { holdId, reason: 'PLACED_IN_ERROR', liftedBy: 'b', proposedBy: 'a', replacedBy: null } as const;
    const LIFTED: HoldLedgerEvent = { type: 'HoldLifted', data: { ...lifted, liftedAt: at } };
    expect(reply(2_000, GRANTED, WAITING, HALTED)).toEqual({ isGranted: false, reasons: ['HOLD_ACTIVE'] });
    expect(reply(2_000, GRANTED, WAITING, HALTED, LIFTED)).toEqual({ isGranted: false, reasons: ['HOLD_ACTIVE'] });
    expect(reply(1_000 + SPAN_MS, GRANTED)).toEqual({ isGranted: false, reasons: ['LEASE_OVER'] });
  });
});

describe('RecordHaltAcknowledgement', () => {
  const protectedBy = (
    basis: Extract<HoldLedgerEvent, { type: 'HoldProtected' }>['data']['basis'],
  ): HoldLedgerEvent => ({
    type: 'HoldProtected',
    data: { holdId, basis, protectedAt: at },
  });
  const departed: HoldLedgerCommandOf<'RecordHaltAcknowledgement'> = {
    ...{ ...ACKNOWLEDGE, outcome: 'DEPARTED', departedAt: at },
  };
  const noted = (outcome: 'VOIDED' | 'DEPARTED'): HoldLedgerEvent => ({
    type: 'HaltAcknowledgementNoted',
    data: { gate: RETURNS, holdId, clearanceIds: [clearanceId], outcome, notedAt: at },
  });
  const overtaken: HoldLedgerEvent = {
    type: 'DepartureOvertaken',
    data: { gate: RETURNS, clearanceIds: [clearanceId], holdIds: [holdId], departedAt: at, reportedAt: at },
  };

  it('S1 protects once the warrant is void, and is noted once', () => {
    given(GRANTED, WAITING, HALTED).when(ACKNOWLEDGE).then(NOTED, protectedBy('HALTED'));
    given(GRANTED, WAITING, HALTED, NOTED, protectedBy('HALTED')).when(ACKNOWLEDGE).thenNothing();
  });

  it('waits for the other gate as well', () => {
    const other = { ...AWAITED, gate: BORDER, clearanceId: 'other' };
    given(GRANTED, placed({ awaits: [AWAITED, other] }), HALTED)
      .when(ACKNOWLEDGE)
      .then(NOTED);
  });

  it('S3 reports a departure inside the window as overtaken', () => {
    given(GRANTED, WAITING, HALTED).when(departed).then(noted('DEPARTED'), overtaken, protectedBy('OVERTAKEN'));
  });

  it('S3 reports it however late it is heard, also after the lease ended', () => {
    given(GRANTED, WAITING, HALTED, protectedBy('LEASE_ENDED')).when(departed).then(noted('DEPARTED'), overtaken);
    given().when(departed).then(noted('DEPARTED'), overtaken);
  });

  it('S3 reports it where the gate said before that nobody had left: of a linked case, or by what it had forgotten', () => {
    const soFar = [GRANTED, WAITING, HALTED, NOTED, protectedBy('HALTED')];
    given(...soFar)
      .when(departed)
      .then(noted('DEPARTED'), overtaken);
    given(...soFar, noted('DEPARTED'), overtaken)
      .when(departed)
      .thenNothing();
    const ofLinked = { ...departed, clearanceIds: ['of-the-linked-case'] };
    given(...soFar)
      .when(ofLinked)
      .then(
        { ...noted('DEPARTED'), data: { ...noted('DEPARTED').data, clearanceIds: ['of-the-linked-case'] } } as never,
        { ...overtaken, data: { ...overtaken.data, clearanceIds: ['of-the-linked-case'] } },
      );
  });

  it('is believed only from the gate whose clearance it is', () => {
    given(GRANTED, WAITING, HALTED)
      .when({ ...ACKNOWLEDGE, gate: BORDER })
      .thenRefused('HALT.NOT_THE_GATE');
    given(WAITING)
      .when({ ...ACKNOWLEDGE, gate: BORDER })
      .thenRefused('HALT.NOT_THE_GATE');
  });
});

describe('NoteEndedLeases', () => {
  it('protects what waited for time alone, once its time is up', () => {
    const ended: HoldLedgerEvent = { type: 'HoldProtected', data: { holdId, basis: 'LEASE_ENDED', protectedAt: at } };
    given(GRANTED, WAITING, HALTED).when(NOTE_ENDED).then(ended);
    given(GRANTED, WAITING, HALTED)
      .when({ ...NOTE_ENDED, reading: reads(999 + SPAN_MS) })
      .thenNothing();
    given(GRANTED, WAITING, HALTED, ended).when(NOTE_ENDED).thenNothing();
  });

  it('does not end what only a gate can end', () => {
    given(placed({ awaits: [{ gate: BORDER, clearanceId: null, count: null }] }))
      .when(NOTE_ENDED)
      .thenNothing();
  });
});

describe('LinkLedger', () => {
  const linkedCaseId = '33333333-5a3c-4f0e-8c51-6a4d1f0c2b11';
  const link = { by: RETURNS, linkId: 'link', revision: 1 };
  const LINK: HoldLedgerCommandOf<'LinkLedger'> = {
    ...{ type: 'LinkLedger', by: REFUGE, reading: reads(2_000), now: at, linkedCaseId, link },
    ...{ clearances: [CLEARANCE], unknownLeases: null },
  };
  const linked = (...clearances: (typeof CLEARANCE)[]): HoldLedgerEvent => ({
    type: 'LedgerLinked',
    data: { linkedCaseId, link, clearances, linkedAt: at },
  });
  const exposed: HoldLedgerEvent = { type: 'HoldExposed', data: { holdId, awaits: [AWAITED], exposedAt: at } };

  it('makes a protected hold wait for what is out on the other case, and halts it', () => {
    given(placed(), PROTECTED).when(LINK).then(linked(CLEARANCE), exposed, HALTED);
    given(placed(), PROTECTED, linked(CLEARANCE), exposed, HALTED).when(LINK).thenNothing();
  });

  it('halts nothing without a hold, and what is over stays over', () => {
    given().when(LINK).then(linked(CLEARANCE));
    given(placed(), PROTECTED)
      .when({ ...LINK, reading: reads(1_000 + SPAN_MS) })
      .then(linked());
  });

  it('S1 makes a protected hold wait for what was given on the other case and forgotten, whatever its gate had answered', () => {
    const count = unknownLeases(reads(500), terms.rateErrorPerMille);
    const forgetting: typeof LINK = { ...LINK, clearances: [], unknownLeases: { count, gates: [RETURNS] } };
    const awaits = [
      { gate: RETURNS, clearanceId: null, count },
      { gate: null, clearanceId: null, count },
    ];
    const waits: HoldLedgerEvent = { type: 'HoldExposed', data: { holdId, awaits, exposedAt: at } };
    const halted: HoldLedgerEvent = { ...HALTED, data: { ...HALTED.data, clearanceIds: [] } };
    given(placed(), PROTECTED).when(forgetting).then(linked(), waits, halted);
    given(placed(), NOTED, PROTECTED).when(forgetting).then(linked(), waits, halted);
    given(placed(), linked(), PROTECTED).when(forgetting).thenNothing();
    const unknown = { unknownLeases: { count, gates: [RETURNS] } };
    given(linked())
      .when({ ...examples.PLACE, ...unknown })
      .then(placed({ awaits }), halted);
    given(placed({ awaits }), halted)
      .when({ ...ACKNOWLEDGE, clearanceIds: [] })
      .then({ ...NOTED, data: { ...NOTED.data, clearanceIds: [] } } as HoldLedgerEvent);
  });

  it('makes a hold that is placed afterwards wait', () => {
    given(linked(CLEARANCE)).when(examples.PLACE).then(WAITING, HALTED);
  });
});

describe('leases', () => {
  it('end at the authority after they ended at the gate, however clocks run within the bound', () => {
    for (const leaseMs of [1, 59_999, 60_000, LONGEST_LEASE_MS]) {
      for (const rateErrorPerMille of [0, 1, 10, 333]) {
        const spanMs = authoritySpanMs({ leaseMs, rateErrorPerMille });
        const atTheGateMs = leaseMs / (1 - rateErrorPerMille / 1_000); // of a clock as slow as may be
        expect((spanMs / (1 + rateErrorPerMille / 1_000)) * (1 + 1e-12)).toBeGreaterThanOrEqual(atTheGateMs);
      }
    }
  });

  it('are over for whoever counts them, not before', () => {
    expect(isOver(CLEARANCE.count, reads(1_000 + SPAN_MS - 1))).toBe(false);
    expect(isOver(CLEARANCE.count, reads(1_000 + SPAN_MS))).toBe(true);
  });

  it('are shown while they are out', () => {
    const ledger = fold(holdLedgerDecider, [GRANTED, WAITING, HALTED]);
    const lease = {
      ...{ clearanceId, gate: RETURNS, removal: 'RETURN_DEPARTURE', grantedAt: at },
      ...{ endsInMs: SPAN_MS - 10_000, isHalted: true },
    };
    expect(leasesOnScreen(ledger, reads(11_000))).toEqual([lease]);
    expect(leasesOnScreen(ledger, reads(1_000 + SPAN_MS))).toEqual([]);
  });
});
