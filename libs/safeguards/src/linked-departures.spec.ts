import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { gateDecider } from './gate.ts';
import type { GateCommandOf } from './gate-commands.ts';
import * as examples from './gate-examples.ts';
import type { GateEvent } from './gate-events.ts';
import { casesThatAnswer } from './linked-departures.ts';
import { publishGate } from './publish-gate.ts';

const { ASKED, at, CONATT, DEPARTED, departureId, HALT, HEARD, REFUGE, WARRANT } = examples;
const { given } = decides(gateDecider);

const said = (revision: number, by: string = REFUGE) => ({ by, linkId: 'link', revision });
type Hearing = GateCommandOf<'HearCaseLink' | 'HearCaseUnlink'>;
const LINK: Hearing = { type: 'HearCaseLink', linkedCaseId: 'b', link: said(1), now: at };
const UNLINK: Hearing = { ...LINK, type: 'HearCaseUnlink', link: said(2) };
const heard = (link = said(1)): GateEvent => ({ type: 'CaseLinkHeard', data: { linkedCaseId: 'b', link } });
const unheard = (link = said(2)): GateEvent => ({ type: 'CaseUnlinkHeard', data: { linkedCaseId: 'b', link } });
const ended = (end: 'CASES_LINKED' | 'CASES_UNLINKED' | 'HOLD_HEARD'): GateEvent => ({
  type: 'AttemptEnded',
  data: { departureId, end, endedAt: at },
});
const linkedIn = (...events: GateEvent[]) => fold(gateDecider, events).linkedCaseIds;

describe('a link as a gate hears it', () => {
  it('ends what is under way, and so does its end: others have to be asked', () => {
    given(ASKED, WARRANT).when(LINK).then(heard(), ended('CASES_LINKED'));
    given(heard(), ASKED, WARRANT).when(UNLINK).then(unheard(), ended('CASES_UNLINKED'));
  });

  it('counts by its revision, and for each agency that says it', () => {
    given(heard()).when(LINK).thenNothing();
    given(unheard()).when(LINK).thenNothing();
    given(unheard()).when(UNLINK).thenNothing();
    expect(linkedIn(heard(), heard(said(1, CONATT)), unheard())).toEqual(['b']);
    expect(linkedIn(heard(), unheard())).toEqual([]);
    expect(linkedIn(heard(), unheard(), heard(said(3)))).toEqual(['b']);
  });

  it('is one of not too many of one source', () => {
    const many = Array.from({ length: 20 }, (_, index): GateEvent => ({
      type: 'CaseLinkHeard',
      data: { linkedCaseId: `case-${index}`, link: said(1) },
    }));
    given(...many)
      .when(LINK)
      .thenRefused('LINK.TOO_MANY');
    given(...many)
      .when({ ...LINK, link: said(1, CONATT) })
      .then(heard(said(1, CONATT)));
  });

  it('INV-02 ends what is under way in a linked case when a hold is heard of', () => {
    given(heard(), ASKED, WARRANT).when({ type: 'EndAttempt', end: 'HOLD_HEARD', now: at }).then(ended('HOLD_HEARD'));
  });

  it('S1 answers the halt of a linked case’s hold, of which only that case hears', () => {
    const [halted, answered] = gateDecider.decide(
      { ...HALT, isOfLinkedCase: true },
      fold(gateDecider, [ASKED, WARRANT]),
    );
    expect([halted?.type, answered?.type]).toEqual(['AttemptEnded', 'HaltAcknowledged']);
    expect(answered?.data).toMatchObject({ caseId: HALT.caseId, authority: REFUGE, outcome: 'VOIDED' });
  });

  it('answers it to its authority alone where several cases would speak at one moment, and so it corrects that', () => {
    const alone = { ...HALT, isOfLinkedCase: true, isToAuthorityAlone: true };
    const [answered] = gateDecider.decide(alone, fold(gateDecider, [ASKED, WARRANT, DEPARTED]));
    const before = fold(gateDecider, [ASKED, WARRANT, DEPARTED, answered as GateEvent]);
    const back = gateDecider.decide({ type: 'TakeBackDeparture', departureId, now: at }, before);
    const words = [answered, back.at(-1)].flatMap((event) => publishGate(event as GateEvent));
    expect(words.map(({ audience, data }) => [audience, data.outcome])).toEqual([
      [{ to: REFUGE, under: 'offer-key' }, 'DEPARTED'],
      [{ to: REFUGE, under: 'offer-key' }, 'VOIDED'],
    ]);
  });
});

describe('who answers a halt', () => {
  const file = (...events: GateEvent[]) => fold(gateDecider, events);
  const ids = ['clearance-of-refuge', 'clearance-of-nobody'];
  const own = ['clearance-of-refuge'];

  it('S1 S3 is each case that has any of its clearances, for those, linked or not', () => {
    const [asked, left] = [file(ASKED), file(ASKED, WARRANT, DEPARTED)];
    expect(casesThatAnswer(ids, [['a', file(HEARD)]], [['b', asked]])).toEqual([{ caseId: 'b', clearanceIds: own }]);
    expect(
      casesThatAnswer(
        ids,
        [
          ['b', left],
          ['a', asked],
        ],
        [],
      ),
    ).toEqual([
      { caseId: 'a', clearanceIds: own },
      { caseId: 'b', clearanceIds: own },
    ]);
  });

  it('S3 is also a case of which somebody left without a warrant, for all of them', () => {
    const data = { departureId, removal: 'EXPULSION', reportedBy: 'o', departedAt: at } as const;
    const left = file({ type: 'UnwarrantedDepartureReported', data });
    expect(casesThatAnswer(ids, [['a', left]], [])).toEqual([{ caseId: 'a', clearanceIds: ids }]);
  });

  it('is every case of the person where none has any', () => {
    const person = [
      ['b', file()],
      ['a', file(ASKED)],
    ] as const;
    for (const none of [[], ['clearance-of-nobody']])
      expect(casesThatAnswer(none, person, [])).toEqual([
        { caseId: 'a', clearanceIds: none },
        { caseId: 'b', clearanceIds: none },
      ]);
  });
});
