import { describe, expect, it } from '@jest/globals';
import { type GateRefusal, REMOVALS } from '@acogida/reference';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { gateDecider, gateProcedure } from './gate.ts';
import type { GateCommandOf } from './gate-commands.ts';
import type { GateEvent } from './gate-events.ts';
import * as examples from './gate-examples.ts';
import { isWarrantValid, mayLeave } from './gate-state.ts';
import { publishGate } from './publish-gate.ts';
import {
  askedInPlaceOf,
  authoritiesToAsk,
  type ClearanceAnswer,
  NEXT_STEPS,
  type Situation,
} from './judge-departure.ts';

const { ASK, ASKED, at, caseId, CONATT, CONFIRM, DEPART, DEPARTED, departureId, ELSEWHERE } = examples;
const { GRANTED_BOTH, HALT, HEARD, holdId, reads, REFUGE, SITUATION, WARRANT } = examples;
const { given } = decides(gateDecider);

const refused = (...obstacles: [GateRefusal, string | null][]): GateEvent => ({
  type: 'DepartureRefused',
  data: {
    departureId,
    obstacles: obstacles.map(([refusal, authority]) => ({ refusal, authority, nextStep: NEXT_STEPS[refusal] })),
    refusedAt: at,
  },
});
const ended = (end: Extract<GateEvent, { type: 'AttemptEnded' }>['data']['end']): GateEvent => ({
  type: 'AttemptEnded',
  data: { departureId, end, endedAt: at },
});
const acknowledged = (change: Partial<Extract<GateEvent, { type: 'HaltAcknowledged' }>['data']> = {}): GateEvent => ({
  type: 'HaltAcknowledged',
  data: {
    ...{ caseId, authority: REFUGE, holdId, clearanceIds: ['clearance-of-refuge'], outcome: 'VOIDED' },
    ...{ departedAt: null, acknowledgedAt: at, since: at, number: 7, orderedAt: at, ...change },
  },
});

describe('AskForClearance', () => {
  it.each(REMOVALS)('INV-01 begins an attempt of %s, once', (removal) => {
    const asked = { type: 'ClearanceAsked', data: { ...ASKED.data, removal } } as GateEvent;
    given()
      .when({ ...ASK, removal })
      .then(asked);
    given(asked)
      .when({ ...ASK, removal })
      .thenNothing();
  });

  it('ends the attempt before, so that two warrants are never valid', () => {
    const next = { ...ASK, departureId: 'next' };
    given(ASKED, WARRANT)
      .when(next)
      .then(ended('ASKED_AGAIN'), {
        type: 'ClearanceAsked',
        data: { ...ASKED.data, departureId: 'next' },
      } as GateEvent);
  });

  it('is refused for a departure that has been', () => {
    given(ASKED, WARRANT, DEPARTED, {
      type: 'ClearanceAsked',
      data: { ...ASKED.data, departureId: 'next' },
    } as GateEvent)
      .when(ASK)
      .thenRefused('GATE.DEPARTURE_OVER');
  });
});

describe('who is asked', () => {
  it('is every authority of the jurisdiction and whoever ever placed a hold, each once', () => {
    const heard: GateEvent = { type: 'HoldHeard', data: { ...HEARD.data, authority: ELSEWHERE } as never };
    const lifted: GateEvent = { type: 'HoldLiftHeard', data: { authority: ELSEWHERE, holdId, number: 9 } };
    const file = fold(gateDecider, [heard, lifted]);
    const situation = { ...SITUATION, placersOnLinked: ['cr-pani', REFUGE] };
    expect(authoritiesToAsk(file, situation)).toEqual([CONATT, 'cr-pani', REFUGE, ELSEWHERE]);
  });

  it('is the successor of an agency that is gone, also where agencies are each other’s successors', () => {
    const file = fold(gateDecider, []);
    const ask = (successors: Situation['successors']) => authoritiesToAsk(file, { ...SITUATION, successors });
    expect(ask({ [CONATT]: 'cr-heir' })).toEqual(['cr-heir', REFUGE]);
    expect(ask({ [CONATT]: 'cr-heir', 'cr-heir': CONATT })).toEqual(['cr-heir', REFUGE]);
  });

  it('is told in whose place it is asked', () => {
    const file = fold(gateDecider, [{ type: 'HoldHeard', data: { ...HEARD.data, authority: ELSEWHERE } as never }]);
    const situation = { ...SITUATION, successors: { [CONATT]: REFUGE, [ELSEWHERE]: CONATT, 'cr-other': REFUGE } };
    expect(askedInPlaceOf(REFUGE, file, situation)).toEqual([CONATT, ELSEWHERE]);
    expect(askedInPlaceOf(CONATT, file, SITUATION)).toEqual([]);
  });
});

describe('Depart', () => {
  it('INV-02 issues a warrant until the earliest lease ends, counted from before the question', () => {
    given(ASKED).when(DEPART).then(WARRANT);
    given(ASKED, WARRANT).when(DEPART).thenNothing();
  });

  const [conatt, refuge] = GRANTED_BOTH as [ClearanceAnswer, ClearanceAnswer];
  const answer = (said: object): ClearanceAnswer => ({ clearanceId: conatt.clearanceId, ...said }) as ClearanceAnswer;
  it.each<[string, ClearanceAnswer[], [GateRefusal, string][]]>([
    ['has not answered', [refuge], [['UNREACHABLE', CONATT]]],
    ['cannot be reached', [refuge, answer({ outcome: 'UNREACHABLE' })], [['UNREACHABLE', CONATT]]],
    ['is not to be verified', [refuge, answer({ outcome: 'UNVERIFIABLE' })], [['UNVERIFIABLE', CONATT]]],
    [
      'refuses',
      [refuge, answer({ outcome: 'REFUSED', reasons: ['HOLD_ACTIVE', 'POSSIBLE_MATCH'] })],
      [
        ['HOLD_ACTIVE', CONATT],
        ['POSSIBLE_MATCH', CONATT],
      ],
    ],
    [
      'says that it was asked too often',
      [refuge, answer({ outcome: 'REFUSED', reasons: ['ASKED_TOO_OFTEN'] })],
      [['ASKED_TOO_OFTEN', CONATT]],
    ],
    [
      'answered another attempt',
      [refuge, { clearanceId: 'another', outcome: 'GRANTED', leaseMs: 9 }],
      [['UNREACHABLE', CONATT]],
    ],
  ])('INV-02 is refused where an authority %s', (_, answers, obstacles) => {
    given(ASKED)
      .when({ ...DEPART, answers })
      .then(refused(...obstacles));
  });

  it('whoever asked too often is told to wait, and to call nobody', () => {
    expect(NEXT_STEPS.ASKED_TOO_OFTEN).toBe('ASK_AGAIN_LATER');
  });

  it.each<[string, Partial<Situation>, [GateRefusal, string | null][]]>([
    ['nobody is named', { authorities: null, standings: {} }, [['AUTHORITIES_UNKNOWN', null]]],
    ['an event is parked', { obstacles: ['EVENT_PARKED'] }, [['EVENT_PARKED', null]]],
    ['an event is in quarantine', { obstacles: ['EVENT_QUARANTINED'] }, [['EVENT_QUARANTINED', null]]],
    ['this node recovers', { obstacles: ['AWAITS_ATTESTATION'] }, [['AWAITS_ATTESTATION', null]]],
    [
      'an authority is silent',
      { standings: { [REFUGE]: 'STALE', [CONATT]: 'CURRENT' } },
      [['AUTHORITY_STALE', REFUGE]],
    ],
    [
      'an authority contradicts itself',
      { standings: { [REFUGE]: 'EQUIVOCATING', [CONATT]: 'CURRENT' } },
      [['AUTHORITY_EQUIVOCATES', REFUGE]],
    ],
    ['an authority is gone', { standings: { [REFUGE]: 'CURRENT' } }, [['AUTHORITY_GONE', CONATT]]],
    ['a placer was not asked', { placersOnLinked: [ELSEWHERE] }, [['NOT_ASKED', ELSEWHERE]]],
    [
      'an authority is gone since it was asked, and its successor was asked for itself alone',
      { successors: { [CONATT]: REFUGE } },
      [['NOT_ASKED', REFUGE]],
    ],
    ['the node knows of a hold', { heldBy: [REFUGE, REFUGE] }, [['HOLD_HEARD', REFUGE]]],
    [
      'a holder was not asked',
      { heldBy: [ELSEWHERE] },
      [
        ['HOLD_HEARD', ELSEWHERE],
        ['NOT_ASKED', ELSEWHERE],
      ],
    ],
  ])('INV-02 is refused where %s', (_, change, obstacles) => {
    given(ASKED)
      .when({ ...DEPART, situation: { ...SITUATION, ...change } })
      .then(refused(...obstacles));
  });

  it('INV-02 is refused where an open hold was heard of', () => {
    given(HEARD, ASKED)
      .when(DEPART)
      .then(refused(['HOLD_HEARD', REFUGE]));
  });

  it('INV-02 names who answers for an open hold whose authority is gone, once', () => {
    const asked = [{ authority: CONATT, clearanceId: 'clearance-of-conatt' }];
    const situation = { ...SITUATION, authorities: [CONATT], heldBy: [CONATT], successors: { [REFUGE]: CONATT } };
    given(HEARD, { ...ASKED, data: { ...ASKED.data, asked } } as GateEvent)
      .when({ ...DEPART, situation })
      .then(refused(['HOLD_HEARD', CONATT]));
  });

  it('is refused once a lease is over, or the gate was started again', () => {
    given(ASKED)
      .when({ ...DEPART, reading: reads(30_999) })
      .then(WARRANT);
    given(ASKED)
      .when({ ...DEPART, reading: reads(31_000) })
      .then(refused(['LEASE_OVER', null]));
    given(ASKED)
      .when({ ...DEPART, reading: reads(0, 'boot-2') })
      .then(refused(['RESTARTED', null]));
  });

  it('does nothing for an attempt that was ended, and refuses one that is over', () => {
    given(ASKED, ended('HALTED')).when(DEPART).thenNothing();
    given(ASKED)
      .when({ ...DEPART, departureId: 'earlier' })
      .thenRefused('GATE.ATTEMPT_OVER');
    given().when(DEPART).thenRefused('GATE.ATTEMPT_OVER');
  });
});

describe('ConfirmDeparture', () => {
  it('is recorded under a valid warrant, once', () => {
    given(ASKED, WARRANT).when(CONFIRM).then(DEPARTED);
    given(ASKED, WARRANT, DEPARTED)
      .when({ ...CONFIRM, reading: reads(99_000) })
      .thenNothing();
  });

  it.each<[string, GateEvent[], Partial<GateCommandOf<'ConfirmDeparture'>>]>([
    ['without a warrant', [ASKED], {}],
    ['after its end', [ASKED, WARRANT], { reading: reads(31_000) }],
    ['in another process', [ASKED, WARRANT], { reading: reads(5, 'boot-2') }],
    ['after a halt', [ASKED, WARRANT, ended('HALTED')], {}],
    ['under another attempt', [ASKED, WARRANT], { departureId: 'other' }],
  ])('is refused %s', (_, history, change) => {
    given(...history)
      .when({ ...CONFIRM, ...change })
      .thenRefused('GATE.NO_WARRANT');
  });

  it('lets nobody go where the warrant ended while it was written: the departure is taken back, once', () => {
    const file = fold(gateDecider, [ASKED, WARRANT, DEPARTED]);
    expect(mayLeave(file, departureId, reads(30_999))).toBe(true);
    expect(mayLeave(file, departureId, reads(31_000))).toBe(false);
    expect(mayLeave(file, 'other', reads(2_000))).toBe(false);
    const takeBack = { type: 'TakeBackDeparture', departureId, now: at } as const;
    const taken: GateEvent = { type: 'DepartureTakenBack', data: { departureId, takenBackAt: at } };
    given(ASKED, WARRANT, DEPARTED).when(takeBack).then(taken);
    given(ASKED, WARRANT, DEPARTED, taken).when(takeBack).thenNothing();
    given(ASKED, WARRANT, DEPARTED, taken).when(CONFIRM).thenRefused('GATE.NO_WARRANT');
    given(ASKED, WARRANT, DEPARTED, taken).when(HALT).then(HEARD, acknowledged());
  });

  it('a departure that no warrant covered is recorded as such, never refused', () => {
    const report: GateCommandOf<'ReportUnwarrantedDeparture'> = {
      ...{ type: 'ReportUnwarrantedDeparture', departureId, removal: 'EXPULSION', officer: 'o', departedAt: at },
      now: at,
    };
    const reported: GateEvent = {
      type: 'UnwarrantedDepartureReported',
      data: { departureId, removal: 'EXPULSION', reportedBy: 'o', departedAt: at },
    };
    given().when(report).then(reported);
    given(reported).when(report).thenNothing();
    given(reported)
      .when(HALT)
      .then(HEARD, acknowledged({ outcome: 'DEPARTED', departedAt: at }));
  });
});

describe('EndAttempt', () => {
  it('INV-14 ends it when consent is withdrawn at the door, and nothing where nothing is under way', () => {
    const end = { type: 'EndAttempt', end: 'CONSENT_WITHDRAWN', now: at } as const;
    given(ASKED, WARRANT).when(end).then(ended('CONSENT_WITHDRAWN'));
    given().when(end).thenNothing();
    given(ASKED, refused()).when(end).thenNothing();
  });
});

describe('RecordHalt', () => {
  it('S1 voids a warrant, and says so, once', () => {
    given(ASKED, WARRANT).when(HALT).then(HEARD, ended('HALTED'), acknowledged());
    given(ASKED, WARRANT, HEARD, ended('HALTED'), acknowledged()).when(HALT).thenNothing();
  });

  it('S1 ends an attempt that has not got its answers yet, so that they come too late', () => {
    given(ASKED).when(HALT).then(HEARD, ended('HALTED'), acknowledged());
    given(ASKED, HEARD, ended('HALTED'), acknowledged()).when(DEPART).thenNothing();
  });

  it('is answered where nothing is under way, and makes the gate ask that authority', () => {
    given()
      .when({ ...HALT, authority: ELSEWHERE, clearanceIds: [] })
      .then(
        { type: 'HoldHeard', data: { ...HEARD.data, authority: ELSEWHERE } as never },
        acknowledged({ authority: ELSEWHERE, clearanceIds: [] }),
      );
  });

  it('S3 says that the person has left by that clearance', () => {
    given(ASKED, WARRANT, DEPARTED)
      .when(HALT)
      .then(HEARD, acknowledged({ outcome: 'DEPARTED', departedAt: at }));
    given(ASKED, WARRANT, DEPARTED)
      .when({ ...HALT, clearanceIds: ['of-a-later-attempt'] })
      .then(HEARD, acknowledged({ clearanceIds: ['of-a-later-attempt'] }));
  });

  it('S3 says that the person has left lately where it names no clearance, or no warrant covered it; who left long ago may be back', () => {
    const left: GateEvent = {
      type: 'UnwarrantedDepartureReported',
      data: { departureId, removal: 'EXPULSION', reportedBy: 'o', departedAt: at },
    };
    const [lately, longAfter] = ['2026-12-22T11:00:00.000Z', '2026-12-22T11:00:00.001Z'];
    const gone = { outcome: 'DEPARTED', departedAt: at } as const;
    const of = (since: string) => ({ since, clearanceIds: [] });
    const heard = (since: string): GateEvent => ({ type: 'HoldHeard', data: { ...HEARD.data, since } as never });
    for (const departed of [[ASKED, WARRANT, DEPARTED], [left]]) {
      given(...departed)
        .when({ ...HALT, ...of(lately) })
        .then(heard(lately), acknowledged({ ...gone, ...of(lately) }));
      given(...departed)
        .when({ ...HALT, ...of(longAfter) })
        .then(heard(longAfter), acknowledged(of(longAfter)));
    }
    given(left)
      .when({ ...HALT, since: longAfter })
      .then(heard(longAfter), acknowledged({ since: longAfter }));
    given(ASKED, WARRANT, DEPARTED)
      .when({ ...HALT, since: longAfter })
      .then(heard(longAfter), acknowledged({ ...gone, since: longAfter }));
  });

  it('S3 says by the same measure what it has heard of since', () => {
    const since = '2027-11-22T11:00:00.000Z';
    const report = {
      type: 'ReportUnwarrantedDeparture',
      departureId,
      removal: 'EXPULSION',
      officer: 'o',
      now: since,
    } as const;
    const left = (departedAt: string): GateEvent => ({
      type: 'UnwarrantedDepartureReported',
      data: { departureId, removal: 'EXPULSION', reportedBy: 'o', departedAt },
    });
    const halted = [HEARD, acknowledged({ since, clearanceIds: [] })];
    given(...halted)
      .when({ ...report, departedAt: at })
      .then(left(at));
    given(...halted)
      .when({ ...report, departedAt: since })
      .then(
        left(since),
        acknowledged({ since, clearanceIds: [], outcome: 'DEPARTED', departedAt: since, acknowledgedAt: since }),
      );
  });

  it('is refused to an authority whose clearance it is not', () => {
    given(ASKED, WARRANT)
      .when({ ...HALT, authority: CONATT })
      .thenRefused('HALT.NOT_ITS_CLEARANCE');
  });
});

describe('what is heard', () => {
  const hear = {
    type: 'HearHold',
    authority: REFUGE,
    holdId,
    number: 7,
    since: at,
    takenOverFrom: null,
    now: at,
  } as const;
  const lift = { type: 'HearHoldLifted', authority: REFUGE, holdId, number: 9, now: at } as const;
  const lifted: GateEvent = { type: 'HoldLiftHeard', data: { authority: REFUGE, holdId, number: 9 } };

  it('INV-02 ends what is under way when a hold is heard of, once', () => {
    given(ASKED, WARRANT).when(hear).then(HEARD, ended('HOLD_HEARD'));
    given().when(hear).then(HEARD);
    given(HEARD).when(hear).thenNothing();
  });

  it('is the latest word, whatever comes first', () => {
    given(HEARD).when(lift).then(lifted);
    given(HEARD, lifted).when(hear).thenNothing();
    given(lifted).when(HALT).then(acknowledged());
    expect(fold(gateDecider, [HEARD, lifted]).heard).toEqual([
      { authority: REFUGE, holdId, number: 9, isOpen: false, since: null, takenOverFrom: null },
    ]);
  });

  it('a hold that a successor took over is open there alone, whichever of their words comes first and last', () => {
    const heardOf = (authority: string, number: number, takenOverFrom: string | null): GateEvent => ({
      type: 'HoldHeard',
      data: { authority, holdId, number, since: at, takenOverFrom },
    });
    const [first, copy, taken] = [heardOf(REFUGE, 7, null), heardOf(REFUGE, 8, null), heardOf(CONATT, 1, REFUGE)];
    const openAt = (...events: GateEvent[]) =>
      fold(gateDecider, events).heard.flatMap(({ authority, isOpen }) => (isOpen ? [authority] : []));
    for (const order of [
      [first, taken],
      [taken, first],
      [first, taken, copy],
    ])
      expect(openAt(...order)).toEqual([CONATT]);
    const lifted: GateEvent = { type: 'HoldLiftHeard', data: { authority: CONATT, holdId, number: 2 } };
    expect(openAt(first, taken, lifted, copy)).toEqual([]);
    expect(openAt(first, taken, heardOf(REFUGE, 9, CONATT))).toEqual([REFUGE]);
  });

  it('INV-19 a hold that a successor took over stands in its place, although the halt of it was heard first', () => {
    const takenOver = { ...hear, authority: CONATT, number: 1, takenOverFrom: REFUGE };
    const halted: GateEvent = {
      type: 'HoldHeard',
      data: { authority: CONATT, holdId, number: 2, since: at, takenOverFrom: null },
    };
    const known: GateEvent = { type: 'HoldHeard', data: { ...halted.data, takenOverFrom: REFUGE } };
    const over: GateEvent = { type: 'HoldLiftHeard', data: { authority: CONATT, holdId, number: 2 } };
    given(HEARD, halted).when(takenOver).then(known);
    given(HEARD, halted, known).when(takenOver).thenNothing();
    given(HEARD, halted, over).when(takenOver).then(known, over);
    const open = (...events: GateEvent[]) => fold(gateDecider, events).heard.filter(({ isOpen }) => isOpen);
    expect(open(HEARD, halted, known).map(({ authority }) => authority)).toEqual([CONATT]);
    expect(open(HEARD, halted, over, known, over)).toEqual([]);
  });

  it('INV-19 keeps whose it was before when the halt of it is heard', () => {
    const taken: GateEvent = { type: 'HoldHeard', data: { ...HEARD.data, takenOverFrom: CONATT } as never };
    const halt = { ...HALT, number: 8 };
    given(taken)
      .when(halt)
      .then(
        { type: 'HoldHeard', data: { ...HEARD.data, takenOverFrom: CONATT, number: 8 } as never },
        acknowledged({ number: 8 }),
      );
  });

  it('a linked case ends what is under way: others have to be asked', () => {
    const said = { by: REFUGE, linkId: 'link', revision: 1 };
    const link = { type: 'HearCaseLink', linkedCaseId: 'other', link: said, now: at } as const;
    const linked: GateEvent = { type: 'CaseLinkHeard', data: { linkedCaseId: 'other', link: said } };
    given(ASKED, WARRANT).when(link).then(linked, ended('CASES_LINKED'));
    given(linked).when(link).thenNothing();
  });
});

describe('a warrant', () => {
  it('is valid before its end, in the process that issued it', () => {
    const { attempt } = fold(gateDecider, [ASKED, WARRANT]);
    expect(isWarrantValid(attempt, reads(30_999))).toBe(true);
    expect(isWarrantValid(attempt, reads(31_000))).toBe(false);
    expect(isWarrantValid(attempt, reads(1, 'boot-2'))).toBe(false);
    expect(isWarrantValid(null, reads(1))).toBe(false);
  });
});

describe('a gate that lost work in a restore', () => {
  it('S3 takes who has left, and nothing else before an officer has attested the loss', () => {
    const takes = (type: string): boolean => gateProcedure.takesUnattested({ type } as never);
    expect(takes('ReportUnwarrantedDeparture')).toBe(true);
    expect(['AskForClearance', 'Depart', 'ConfirmDeparture', 'TakeBackDeparture', 'RecordHalt'].some(takes)).toBe(
      false,
    );
  });
});

describe('publishGate', () => {
  it('says what it answered to a halt, to the circle and to the authority alone', () => {
    const words = publishGate(acknowledged({ outcome: 'DEPARTED', departedAt: at }));
    const frame = { class: 'clearance', type: 'HaltAcknowledged', schemaVersion: 1, caseId, occurredAt: at };
    const said = { authority: REFUGE, holdId, clearanceIds: ['clearance-of-refuge'], outcome: 'DEPARTED' };
    const word = { ...frame, data: { ...said, departedAt: at } };
    expect(words).toEqual([
      { ...word, audience: 'coded' },
      { ...word, audience: { to: REFUGE, under: 'offer-key' } },
    ]);
  });

  it('keeps everything else at the gate', () => {
    const lift: GateEvent = { type: 'HoldLiftHeard', data: { authority: REFUGE, holdId, number: 9 } };
    const said = { by: REFUGE, linkId: 'link', revision: 1 };
    const link: GateEvent = { type: 'CaseLinkHeard', data: { linkedCaseId: caseId, link: said } };
    const unlink: GateEvent = { type: 'CaseUnlinkHeard', data: { linkedCaseId: caseId, link: said } };
    const back: GateEvent = { type: 'DepartureTakenBack', data: { departureId, takenBackAt: at } };
    const unwarranted: GateEvent = {
      type: 'UnwarrantedDepartureReported',
      data: { departureId, removal: 'EXPULSION', reportedBy: 'o', departedAt: at },
    };
    const others = [ASKED, WARRANT, DEPARTED, HEARD, lift, link, unlink, back, unwarranted, ended('HALTED'), refused()];
    expect(others.flatMap(publishGate)).toEqual([]);
    expect(new Set(others.map(({ type }) => type)).size).toBe(Object.keys(gateProcedure.versions).length - 1);
    expect(gateProcedure.caseOf(fold(gateDecider, []), caseId)).toBe(caseId);
  });
});
