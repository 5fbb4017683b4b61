import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { gateDecider } from './gate.ts';
import type { GateCommandOf } from './gate-commands.ts';
import type { GateEvent } from './gate-events.ts';
import * as examples from './gate-examples.ts';
import { mayLeave } from './gate-state.ts';

const { ASKED, at, caseId, DEPARTED, departureId, HALT, HEARD, holdId, reads, REFUGE, WARRANT } = examples;
const { given } = decides(gateDecider);

const later = '2026-11-22T12:00:00.000Z';
const AT_DOOR = [ASKED, WARRANT, DEPARTED];
const TAKE_BACK = { type: 'TakeBackDeparture', departureId, now: later } as const;
const TAKEN: GateEvent = { type: 'DepartureTakenBack', data: { departureId, takenBackAt: later } };
const LIFTED: GateEvent = { type: 'HoldLiftHeard', data: { authority: REFUGE, holdId, number: 9 } };

type Answer = Extract<GateEvent, { type: 'HaltAcknowledged' }>;
const answered = (outcome: Answer['data']['outcome'], change: Partial<Answer['data']> = {}): Answer => ({
  type: 'HaltAcknowledged',
  data: {
    ...{ caseId, authority: REFUGE, holdId, clearanceIds: ['clearance-of-refuge'], outcome },
    ...{
      departedAt: outcome === 'DEPARTED' ? at : null,
      acknowledgedAt: at,
      since: at,
      number: 7,
      orderedAt: at,
      ...change,
    },
  },
});
const opens = (...events: GateEvent[]): boolean =>
  mayLeave(fold(gateDecider, [...AT_DOOR, ...events]), departureId, reads(2_000));

describe('a door that is not open yet when its departure is written', () => {
  const stopped: GateEvent = { type: 'AttemptEnded', data: { departureId, end: 'HALTED', endedAt: at } };
  const link = { linkedCaseId: 'other', link: { by: REFUGE, linkId: 'link', revision: 1 } };

  it.each<[string, GateEvent]>([
    ['a halt was answered', answered('DEPARTED')],
    ['a halt of other clearances was answered', answered('VOIDED', { clearanceIds: ['of-another-attempt'] })],
    ['a hold was heard of', HEARD],
    ['the case was linked', { type: 'CaseLinkHeard', data: link }],
    ['the attempt was ended', stopped],
  ])('S1 stays shut once %s', (_, event) => {
    expect(opens()).toBe(true);
    expect(opens(event)).toBe(false);
    expect(opens(event, LIFTED)).toBe(false);
  });

  it('opens whatever was lifted, and for the next departure', () => {
    expect(opens(LIFTED)).toBe(true);
    const next = (event: GateEvent): GateEvent => ({ ...event, data: { ...event.data, departureId: 'next' } }) as never;
    const file = fold(gateDecider, [...AT_DOOR, HEARD, TAKEN, LIFTED, next(ASKED), next(WARRANT), next(DEPARTED)]);
    expect(mayLeave(file, 'next', reads(2_000))).toBe(true);
  });

  it('INV-14 S1 is shut by whatever ends an attempt, once, and by nothing once the warrant never was', () => {
    for (const end of ['CONSENT_WITHDRAWN', 'HALTED', 'HOLD_HEARD'] as const) {
      const ended: GateEvent = { type: 'AttemptEnded', data: { departureId, end, endedAt: later } };
      const command = { type: 'EndAttempt', end, now: later } as const;
      given(...AT_DOOR)
        .when(command)
        .then(ended);
      given(...AT_DOOR, ended)
        .when(command)
        .thenNothing();
      given(...AT_DOOR, TAKEN)
        .when(command)
        .thenNothing();
    }
    expect(fold(gateDecider, [...AT_DOOR, stopped]).attempt?.status).toBe('DEPARTED');
  });
});

describe('a departure that is taken back', () => {
  it('S3 is told to the authority that had heard of it: nobody leaves', () => {
    given(...AT_DOOR)
      .when(HALT)
      .then(HEARD, answered('DEPARTED', { acknowledgedAt: at }));
    given(...AT_DOOR, HEARD, answered('DEPARTED'))
      .when(TAKE_BACK)
      .then(TAKEN, answered('VOIDED', { acknowledgedAt: later }));
    given(...AT_DOOR, HEARD, answered('DEPARTED'), TAKEN, answered('VOIDED'))
      .when(TAKE_BACK)
      .thenNothing();
  });

  it('is told also of a hold that was lifted since, and to nobody who was told that nobody leaves', () => {
    given(...AT_DOOR, HEARD, answered('DEPARTED'), LIFTED)
      .when(TAKE_BACK)
      .then(TAKEN, answered('VOIDED', { acknowledgedAt: later }));
    given(...AT_DOOR, HEARD, answered('VOIDED', { clearanceIds: ['of-another-attempt'] }))
      .when(TAKE_BACK)
      .then(TAKEN);
  });

  it('leaves an answer as it is that another departure makes true', () => {
    const reported: GateEvent = {
      type: 'UnwarrantedDepartureReported',
      data: { departureId: 'another', removal: 'EXPULSION', reportedBy: 'o', departedAt: at },
    };
    given(...AT_DOOR, reported, HEARD, answered('DEPARTED'))
      .when(TAKE_BACK)
      .then(TAKEN);
  });
});

describe('a departure that no warrant covered, reported after halts were answered', () => {
  const REPORT: GateCommandOf<'ReportUnwarrantedDeparture'> = {
    ...{ type: 'ReportUnwarrantedDeparture', departureId: 'd2', removal: 'EXPULSION', officer: 'o', now: later },
    departedAt: at,
  };
  const REPORTED: GateEvent = {
    type: 'UnwarrantedDepartureReported',
    data: { departureId: 'd2', removal: 'EXPULSION', reportedBy: 'o', departedAt: at },
  };

  it('S3 is told to each authority whose hold stands, once', () => {
    given(HEARD, answered('VOIDED'))
      .when(REPORT)
      .then(REPORTED, answered('DEPARTED', { acknowledgedAt: later }));
    given(HEARD, answered('VOIDED'), REPORTED, answered('DEPARTED')).when(REPORT).thenNothing();
    const ofLinked = answered('VOIDED', { holdId: 'of-the-linked-case' });
    given(ofLinked)
      .when(REPORT)
      .then(REPORTED, answered('DEPARTED', { holdId: 'of-the-linked-case', acknowledgedAt: later }));
  });

  it('is told to nobody whose hold is lifted, or who knows of a departure', () => {
    given(HEARD, answered('VOIDED'), LIFTED).when(REPORT).then(REPORTED);
    given(HEARD, answered('DEPARTED')).when(REPORT).then(REPORTED);
  });
});

describe('a halt that is said again', () => {
  const again = { ...HALT, number: 9, orderedAt: later };
  const heardAgain: GateEvent = { type: 'HoldHeard', data: { ...HEARD.data, number: 9 } } as GateEvent;

  it('S3 is answered again, by what is true then', () => {
    given(HEARD, answered('VOIDED'))
      .when(again)
      .then(heardAgain, answered('VOIDED', { number: 9, orderedAt: later }));
    given(...AT_DOOR, HEARD, answered('DEPARTED'))
      .when(again)
      .then(heardAgain, answered('DEPARTED', { number: 9, orderedAt: later }));
  });

  it('is the same word in another copy where it was said at the same time, and answered once', () => {
    given(HEARD, answered('VOIDED'))
      .when({ ...HALT, number: 8 })
      .thenNothing();
    given(heardAgain, answered('VOIDED', { number: 9, orderedAt: later }))
      .when(HALT)
      .thenNothing();
  });

  it('is answered although it is not known which word was answered before', () => {
    const { number: _, orderedAt: __, since: ___, ...former } = answered('VOIDED').data;
    given(HEARD, { type: 'HaltAcknowledged', data: former })
      .when(again)
      .then(heardAgain, answered('VOIDED', { number: 9, orderedAt: later }));
  });
});
