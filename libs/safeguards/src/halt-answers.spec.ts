import { describe, expect, it } from '@jest/globals';
import { fold, instantAfter } from '@acogida/core';
import { decides } from '@acogida/testing';
import { holdLedgerDecider } from './hold-ledger.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent, Awaited } from './hold-ledger-events.ts';
import * as examples from './ledger-examples.ts';
import { outdatedOwnAnswers } from './own-gate-halts.ts';
import { haltsAreSaidAgainAt } from './unanswered-halts.ts';

const { ACKNOWLEDGE, at, AWAITED, BORDER, clearanceId, GRANTED, HALTED, holdId } = examples;
const { NOTED, placed, PROTECTED, reads, REFUGE, RETURNS } = examples;
const { given } = decides(holdLedgerDecider);
const HOUR_MS = 3_600_000;
const hours = (count: number): string => instantAfter(at, count * HOUR_MS);

describe('RecordHaltAcknowledgement, of a gate that corrects itself', () => {
  const [here, elsewhere] = ['gate-here', 'gate-elsewhere'];
  const noted = (outcome: 'VOIDED' | 'DEPARTED', number: number, stream = here): HoldLedgerEvent => ({
    type: 'HaltAcknowledgementNoted',
    data: { gate: RETURNS, holdId, clearanceIds: [clearanceId], outcome, notedAt: at, word: { stream, number } },
  });
  const say = (outcome: 'VOIDED' | 'DEPARTED', number: number, stream = here) => ({
    ...{ ...ACKNOWLEDGE, outcome, departedAt: outcome === 'DEPARTED' ? at : null, word: { stream, number } },
  });
  const overtaken = (ids: readonly string[] = [holdId]): HoldLedgerEvent => ({
    type: 'DepartureOvertaken',
    data: { gate: RETURNS, clearanceIds: [clearanceId], holdIds: ids, departedAt: at, reportedAt: at },
  });
  const protectedBy = (basis: 'OVERTAKEN' | 'HALTED'): HoldLedgerEvent => ({
    type: 'HoldProtected',
    data: { holdId, basis, protectedAt: at },
  });
  const takenBack: HoldLedgerEvent = {
    type: 'OvertakenDepartureTakenBack',
    data: { gate: RETURNS, holdIds: [holdId], notedAt: at },
  };
  const WAITING = placed({ awaits: [AWAITED] });
  const OVERTAKEN = [GRANTED, WAITING, HALTED, noted('DEPARTED', 5), overtaken(), protectedBy('OVERTAKEN')];

  it('S3 the person is still there: the hold is overtaken no more, and protects all the same', () => {
    given(...OVERTAKEN)
      .when(say('VOIDED', 6))
      .then(noted('VOIDED', 6), takenBack);
    const [hold] = fold(holdLedgerDecider, [...OVERTAKEN, noted('VOIDED', 6), takenBack]).holds;
    expect([hold?.isOvertaken, hold?.protection]).toEqual([false, { basis: 'HALTED', protectedAt: at }]);
    given(...OVERTAKEN, noted('VOIDED', 6), takenBack)
      .when(say('DEPARTED', 8))
      .then(noted('DEPARTED', 8), overtaken());
  });

  it('the last word counts, whichever comes first', () => {
    given(...OVERTAKEN)
      .when(say('VOIDED', 4))
      .thenNothing();
    given(GRANTED, WAITING, HALTED, noted('VOIDED', 6), protectedBy('HALTED')).when(say('DEPARTED', 5)).thenNothing();
    given(...OVERTAKEN)
      .when(say('DEPARTED', 7))
      .thenNothing();
  });

  it('S3 that somebody left by one case of the person counts, whatever is said of the other', () => {
    given(...OVERTAKEN)
      .when(say('VOIDED', 6, elsewhere))
      .then(noted('VOIDED', 6, elsewhere));
    const both = [...OVERTAKEN, noted('DEPARTED', 6, elsewhere), overtaken()];
    given(...OVERTAKEN)
      .when(say('DEPARTED', 6, elsewhere))
      .then(noted('DEPARTED', 6, elsewhere), overtaken());
    given(...both)
      .when(say('VOIDED', 7))
      .then(noted('VOIDED', 7));
    given(...both, noted('VOIDED', 7))
      .when(say('VOIDED', 8, elsewhere))
      .then(noted('VOIDED', 8, elsewhere), takenBack);
  });

  it('S3 a later word of one case counts over an earlier one that is heard after it, though another case has said the same', () => {
    const voided = [GRANTED, WAITING, HALTED, noted('VOIDED', 5), protectedBy('HALTED')];
    given(...voided)
      .when(say('VOIDED', 9, elsewhere))
      .then(noted('VOIDED', 9, elsewhere));
    const both = [...voided, noted('VOIDED', 9, elsewhere)];
    given(...both)
      .when(say('DEPARTED', 8, elsewhere))
      .thenNothing();
    given(...both)
      .when(say('VOIDED', 9, elsewhere))
      .thenNothing();
  });

  it('is noted by the own gate without a place on the log: what it says is the last word', () => {
    const { word: _, ...own } = say('VOIDED', 0);
    given(...OVERTAKEN)
      .when(own)
      .then(NOTED, takenBack);
  });
});

describe('RecordHaltAcknowledgement, of a gate that nobody asked', () => {
  const unasked = (number: number) => ({
    ...({ ...ACKNOWLEDGE, gate: BORDER, outcome: 'DEPARTED', departedAt: at } as const),
    ...{ clearanceIds: [`forgotten-${number}`], word: { stream: 'gate-here', number } },
  });
  const heard = (number: number): HoldLedgerEvent[] => {
    const { gate, clearanceIds, word } = unasked(number);
    return [
      {
        type: 'HaltAcknowledgementNoted',
        data: { gate, holdId, clearanceIds, outcome: 'DEPARTED', notedAt: at, word },
      },
      { type: 'DepartureOvertaken', data: { gate, clearanceIds, holdIds: [holdId], departedAt: at, reportedAt: at } },
    ];
  };

  it('S3 notes it, since the halt may be forgotten here', () => {
    given(placed(), PROTECTED)
      .when(unasked(1))
      .then(...heard(1));
  });

  it('S4 refuses what makes the ledger long', () => {
    const said = Array.from({ length: 20 }, (_, index) => heard(index)).flat();
    given(placed(), PROTECTED, ...said)
      .when(unasked(20))
      .thenRefused('HALT.NOT_ASKED');
    given(placed(), PROTECTED, ...said)
      .when(unasked(19))
      .thenNothing();
    const told: HoldLedgerEvent = {
      type: 'HaltOrdered',
      data: { holdId, gate: BORDER, clearanceIds: [], orderedAt: at },
    };
    given(placed(), PROTECTED, ...said, told)
      .when(unasked(20))
      .then(...heard(20));
  });
});

describe('RepeatHalts', () => {
  const REPEAT: HoldLedgerCommandOf<'RepeatHalts'> = {
    ...{ type: 'RepeatHalts', by: REFUGE, reading: reads(1_000), now: hours(1) },
  };
  const unaware: Awaited = { gate: BORDER, clearanceId: null, count: null };
  const halt = (gate: string, clearanceIds: readonly string[], orderedAt: string): HoldLedgerEvent => ({
    type: 'HaltOrdered',
    data: { holdId, gate, clearanceIds, orderedAt },
  });
  const HELD = [GRANTED, placed({ awaits: [AWAITED, unaware] }), HALTED, halt(BORDER, [], at)];
  const again = (orderedAt: string) => [halt(RETURNS, [clearanceId], orderedAt), halt(BORDER, [], orderedAt)];
  const dueAt = (...events: HoldLedgerEvent[]) => haltsAreSaidAgainAt(fold(holdLedgerDecider, events));

  it('S3 says a halt again that is not answered after an hour, to each gate with what it may have', () => {
    expect(dueAt(...HELD)).toBe(hours(1));
    given(...HELD)
      .when({ ...REPEAT, now: instantAfter(at, HOUR_MS - 1) })
      .thenNothing();
    given(...HELD)
      .when(REPEAT)
      .then(...again(hours(1)));
    given(...HELD, ...again(hours(1)))
      .when(REPEAT)
      .thenNothing();
  });

  it('says nothing more to a gate that is gone from the network', () => {
    const gates = [RETURNS, REFUGE];
    given(...HELD)
      .when({ ...REPEAT, gates })
      .then(halt(RETURNS, [clearanceId], hours(1)));
    given(...HELD)
      .when({ ...REPEAT, gates: [] })
      .thenNothing();
    const ledger = fold(holdLedgerDecider, [...HELD, halt(RETURNS, [clearanceId], hours(1))]);
    expect([haltsAreSaidAgainAt(ledger), haltsAreSaidAgainAt(ledger, gates)]).toEqual([hours(1), hours(3)]);
    expect(haltsAreSaidAgainAt(ledger, [])).toBeNull();
  });

  it('says to a gate alone again what was said to it alone', () => {
    const alone = (data: typeof HALTED.data): HoldLedgerEvent => ({
      type: 'HaltOrdered',
      data: { ...data, isToGateAlone: true },
    });
    given(GRANTED, placed({ awaits: [AWAITED] }), alone(HALTED.data))
      .when(REPEAT)
      .then(alone({ ...HALTED.data, orderedAt: hours(1) }));
  });

  it('takes twice as long each time, at most a day, and never gives up', () => {
    let history = HELD;
    let lastAt = 0;
    const waits: number[] = [];
    for (let times = 0; times < 8; times += 1) {
      const due = dueAt(...history) ?? '';
      const atHour = (Date.parse(due) - Date.parse(at)) / HOUR_MS;
      waits.push(atHour - lastAt);
      lastAt = atHour;
      history = [...history, ...again(due)];
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 24, 24, 24]);
  });

  it('INV-02 says it also of a hold that time has protected: the gate has to hear of it, and may know who left', () => {
    const ended: HoldLedgerEvent = { type: 'HoldProtected', data: { holdId, basis: 'LEASE_ENDED', protectedAt: at } };
    given(GRANTED, placed({ awaits: [AWAITED] }), HALTED, ended)
      .when(REPEAT)
      .then(halt(RETURNS, [clearanceId], hours(1)));
  });

  it('says nothing of what is answered or lifted, where nobody but time is awaited, and to the own gate', () => {
    const lifted = { reason: 'PLACED_IN_ERROR', liftedBy: 'b', proposedBy: 'a', replacedBy: null } as const;
    const histories: HoldLedgerEvent[][] = [
      [placed(), PROTECTED],
      [GRANTED, placed({ awaits: [AWAITED] }), HALTED, NOTED],
      [...HELD, { type: 'HoldLifted', data: { holdId, ...lifted, liftedAt: at } }],
      [placed({ awaits: [{ gate: null, clearanceId: null, count: AWAITED.count }] })],
      [placed({ owner: RETURNS, awaits: [AWAITED] })],
    ];
    for (const history of histories) {
      expect(dueAt(...history)).toBeNull();
      given(...history)
        .when({ ...REPEAT, now: hours(1_000) })
        .thenNothing();
    }
    given(...HELD, NOTED)
      .when(REPEAT)
      .then(halt(BORDER, [], hours(1)));
  });

  it('waits from the last word to that gate, though that was for another hold', () => {
    const second = placed({ holdId: 'second', awaits: [AWAITED], placedAt: hours(0.5) });
    expect(dueAt(GRANTED, placed({ awaits: [AWAITED] }), HALTED, second)).toBe(hours(1));
    given(GRANTED, placed({ awaits: [AWAITED] }), HALTED, second)
      .when({ ...REPEAT, now: hours(2) })
      .then(halt(RETURNS, [clearanceId], hours(2)), {
        type: 'HaltOrdered',
        data: { holdId: 'second', gate: RETURNS, clearanceIds: [clearanceId], orderedAt: hours(2) },
      });
  });
});

describe('what the own gate has said and is no longer true', () => {
  const departure = { departureId: 'd', clearanceIds: [clearanceId], departedAt: at };
  const answer = (outcome: 'VOIDED' | 'DEPARTED'): HoldLedgerEvent => ({
    type: 'HaltAcknowledgementNoted',
    data: { gate: REFUGE, holdId, clearanceIds: [clearanceId], outcome, notedAt: at },
  });
  const outdated = (
    events: readonly HoldLedgerEvent[],
    departures: readonly (typeof departure)[],
    own: string = REFUGE,
  ) =>
    outdatedOwnAnswers(fold(holdLedgerDecider, events), own, departures).map((one) => [one.holdId, one.clearanceIds]);

  it('S3 is that somebody left who is there, and that nobody leaves while a hold stands', () => {
    const said = [[holdId, [clearanceId]]];
    expect(outdated([placed(), answer('DEPARTED')], [])).toEqual(said);
    expect(outdated([placed(), answer('VOIDED')], [departure])).toEqual(said);
    expect(outdated([answer('VOIDED')], [departure])).toEqual([]);
    expect(outdated([placed(), answer('VOIDED')], [])).toEqual([]);
    expect(outdated([placed(), answer('DEPARTED')], [departure])).toEqual([]);
    expect(outdated([placed(), answer('DEPARTED')], [], BORDER)).toEqual([]);
  });
});
