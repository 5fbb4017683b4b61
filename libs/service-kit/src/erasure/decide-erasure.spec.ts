import { describe, expect, it } from '@jest/globals';
import { fold, upcastToCurrent } from '@acogida/core';
import { ERASURE_BASES, POSTPONEMENT_REASONS, STATED_LEGAL_HOLD_REASONS } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { debtorsOwing, erasureStatus, NO_ERASURE } from './erasure.ts';
import type { ErasureCommand, ErasureCommandOf } from './erasure-commands.ts';
import { erasureDeadlines } from './erasure-deadlines.ts';
import type { ErasureEvent, ErasureEventOf } from './erasure-events.ts';
import { erasureDecider, erasureProcedure } from './erasure-procedure.ts';
import { publishErasure } from './publish.ts';
import {
  AT,
  CASE,
  COMAR,
  CONATT,
  DESTROYED,
  DIGEST,
  erased,
  finished,
  gone,
  hasNone,
  held,
  HOLD,
  LATER,
  LAWYER,
  NEXT_DAY,
  NEXT_YEAR,
  noted,
  OFFICER,
  OMBUDSMAN,
  ORDER,
  ordered,
  ORDERED_ELSEWHERE,
  OTHER_ORDER,
  OWN,
  postponed,
  RECEIPT,
  receiptOf,
  renewed,
  retired,
  TO_ALL,
} from './testing/erasure-examples.ts';

const { given } = decides(erasureDecider);
const stateOf = (...events: ErasureEvent[]) => fold(erasureDecider, events);
const kindsOf = (...events: ErasureEvent[]) => erasureDeadlines(stateOf(...events)).map(({ kind }) => kind);

const orderIt: ErasureCommand = {
  ...{ type: 'OrderErasure', erasureId: ORDER, caseId: CASE, by: OWN, officer: OFFICER, basis: 'PERSON_REQUEST' },
  ...{ owedBy: [COMAR, CONATT, COMAR, OWN], copies: TO_ALL, now: AT },
};
const postponeIt: ErasureCommandOf<'PostponeErasure'> = {
  ...{ type: 'PostponeErasure', caseId: CASE, reason: 'OPEN_REFERRAL', reviewOn: LATER, now: AT },
  ...{ canTell: null, retryAt: NEXT_DAY },
};
const noteIt: ErasureCommand = {
  ...{ type: 'NoteOrder', order: ORDERED_ELSEWHERE, from: CONATT, passOnTo: [OMBUDSMAN, CONATT, COMAR] },
  ...{ copies: TO_ALL, now: AT },
};
const eraseIt: ErasureCommand = {
  ...{ type: 'NoteErased', caseId: CASE, keysDigest: DIGEST, destroyed: DESTROYED, now: AT },
};

describe('ordering an erasure', () => {
  it.each(ERASURE_BASES)('names who owes a receipt, each once and not oneself, on the basis %s', (basis) => {
    given()
      .when({ ...orderIt, basis })
      .then({ ...ordered, data: { ...ordered.data, basis } });
  });

  it('is done once, and again changes nothing', () => {
    given(ordered).when(orderIt).thenNothing();
    given(ordered)
      .when({ ...orderIt, erasureId: OTHER_ORDER })
      .thenRefused('ERASURE.ALREADY_ORDERED');
    given(noted, erased).when(orderIt).thenRefused('ERASURE.DONE');
  });

  it('is done beside the order of another agency', () => {
    given(noted).when(orderIt).then(ordered);
    expect(kindsOf(noted, ordered)).toEqual(['ERASE_CASE']);
  });
});

describe('hearing of an order', () => {
  it('passes it on to whom neither the orderer nor the teller need be told', () => {
    given().when(noteIt).then(noted);
    given(noted).when(noteIt).thenNothing();
  });

  it('of an erased case owes a receipt all the same', () => {
    const late = { ...noteIt, now: LATER };
    given(ordered, erased, hasNone, renewed, finished)
      .when(late)
      .then({ ...noted, data: { ...noted.data, notedAt: LATER } });
    expect(erasureDeadlines(stateOf(ordered, erased, hasNone, renewed, finished, noted))).toEqual([
      { kind: 'GIVE_RECEIPT', dueAt: AT },
    ]);
  });
});

describe('a legal hold', () => {
  const place: ErasureCommand = { type: 'PlaceLegalHold', caseId: CASE, ...HOLD, officer: LAWYER, now: AT };
  const lift: ErasureCommand = { type: 'LiftLegalHold', caseId: CASE, officer: LAWYER, now: LATER };
  const lifted: ErasureEvent = { type: 'LegalHoldLifted', data: { caseId: CASE, officer: LAWYER, liftedAt: LATER } };
  const sooner: ErasureEvent = { ...held, data: { ...held.data, until: NEXT_DAY } };
  const postponed: ErasureEvent = {
    type: 'ErasurePostponed',
    data: {
      ...{ caseId: CASE, erasureId: ORDER, reason: 'LEGAL_HOLD', reviewOn: NEXT_YEAR, postponedAt: AT, isNews: true },
      ...{ to: [], lookAgainAt: NEXT_YEAR },
    },
  };

  it('is placed before or after an order, until a day in the future, and not on an erased case', () => {
    given().when(place).then(held);
    given(ordered).when(place).then(held);
    given(held).when(place).thenNothing();
    given()
      .when({ ...place, until: AT })
      .thenRefused('ERASURE.HOLD_OVER');
    given(ordered, erased).when(place).thenRefused('ERASURE.DONE');
    expect(erasureStatus(stateOf(held))).toBe('HELD');
  });

  it.each(STATED_LEGAL_HOLD_REASONS)('has a reason, such as %s, and may name no authority', (reason) => {
    given()
      .when({ ...place, reason, authority: null })
      .then({ ...held, data: { ...held.data, reason, authority: null } });
    given(held)
      .when({ ...place, reason, authority: 'PROSECUTOR' })
      .then({ ...held, data: { ...held.data, reason, authority: 'PROSECUTOR' } });
  });

  it('without a reason is not placed, and one from before a reason was asked for stands', () => {
    given()
      .when({ ...place, reason: 'NOT_STATED' })
      .thenRefused('ERASURE.HOLD_UNFOUNDED');
    const { versions, upcasters } = erasureProcedure;
    const first = { type: 'LegalHoldPlaced', schemaVersion: 1, data: { caseId: CASE, until: NEXT_YEAR, placedAt: AT } };
    const data = upcastToCurrent(first, versions, upcasters);
    expect(stateOf({ type: 'LegalHoldPlaced', data } as unknown as ErasureEvent).legalHold).toEqual({
      ...{ until: NEXT_YEAR, reason: 'NOT_STATED', authority: null },
    });
  });

  it('is not released by whoever ordered the erasure: neither lifted nor made to end sooner', () => {
    given(held, ordered)
      .when({ ...lift, officer: OFFICER })
      .thenRefused('ERASURE.SAME_OFFICER');
    given(held, ordered)
      .when({ ...place, until: NEXT_DAY, officer: OFFICER })
      .thenRefused('ERASURE.SAME_OFFICER');
    const later = '2028-01-01T00:00:00.000Z';
    given(held, ordered)
      .when({ ...place, until: later, officer: OFFICER })
      .then({ ...held, data: { ...held.data, until: later, officer: OFFICER } });
    given(held, ordered)
      .when({ ...place, until: NEXT_DAY })
      .then(sooner);
    given(held, noted).when(lift).then(lifted); // another agency ordered it
  });

  it('was released by nobody who orders the erasure then', () => {
    const same: ErasureCommand = { ...orderIt, officer: LAWYER };
    given(held, lifted).when(same).thenRefused('ERASURE.SAME_OFFICER');
    given(held, sooner).when(same).thenRefused('ERASURE.SAME_OFFICER');
    given(held, lifted).when(orderIt).then(ordered);
    given(held)
      .when(same)
      .then({ ...ordered, data: { ...ordered.data, officer: LAWYER } });
  });

  it('that ended is told to withdrawals of consent that it kept something from, once', () => {
    const note: ErasureCommand = { type: 'NoteWithdrawalsAnswered', caseId: CASE, now: NEXT_DAY };
    const answered: ErasureEvent = { type: 'WithdrawalsAnswered', data: { caseId: CASE, answeredAt: NEXT_DAY } };
    expect(erasureDeadlines(stateOf(held, lifted))).toEqual([{ kind: 'ANSWER_WITHDRAWALS', dueAt: LATER }]);
    given(held, lifted).when(note).then(answered);
    given(held, lifted, answered).when(note).thenNothing();
    given(held).when(note).thenNothing();
    expect([kindsOf(held, lifted, answered), publishErasure(answered)]).toEqual([[], null]);
  });

  it('lapses on its day, and not before', () => {
    const end: ErasureCommand = { type: 'EndLegalHold', caseId: CASE, now: NEXT_YEAR };
    const lapsed: ErasureEvent = { type: 'LegalHoldLapsed', data: { caseId: CASE, lapsedAt: NEXT_YEAR } };
    expect(erasureDeadlines(stateOf(held))).toEqual([{ kind: 'END_LEGAL_HOLD', dueAt: NEXT_YEAR }]);
    given(held).when(end).then(lapsed);
    given(held)
      .when({ ...end, now: LATER })
      .thenNothing();
    given(held, lapsed).when(end).thenNothing();
    given().when(end).thenNothing();
    expect([erasureStatus(stateOf(held, lapsed)), kindsOf(held, lapsed)]).toEqual(['NONE', ['ANSWER_WITHDRAWALS']]);
    given(held, lapsed).when(lift).thenNothing();
  });

  it('keeps the case, until its day', () => {
    given(held, ordered).when(eraseIt).thenRefused('ERASURE.HELD');
    given(held, ordered)
      .when({ ...eraseIt, now: NEXT_YEAR })
      .then({ ...erased, data: { ...erased.data, erasedAt: NEXT_YEAR } });
  });

  it('postpones until its day, and once it is lifted the erasure is due at once', () => {
    given(held, ordered)
      .when({ ...postponeIt, reason: 'LEGAL_HOLD', reviewOn: NEXT_YEAR })
      .then(postponed);
    expect(erasureDeadlines(stateOf(held, ordered, postponed))).toEqual([
      { kind: 'END_LEGAL_HOLD', dueAt: NEXT_YEAR },
      { kind: 'ERASE_CASE', dueAt: NEXT_YEAR },
    ]);
    expect(erasureStatus(stateOf(held, ordered, postponed))).toBe('POSTPONED');
    given(held, ordered, postponed).when(lift).then(lifted);
    given(ordered).when(lift).thenNothing();
    expect(erasureDeadlines(stateOf(held, ordered, postponed, lifted))).toEqual([
      { kind: 'ANSWER_WITHDRAWALS', dueAt: LATER },
      { kind: 'ERASE_CASE', dueAt: LATER },
    ]);
  });
});

describe('postponing', () => {
  const postpone = (change: object = {}): ErasureCommand => ({ ...postponeIt, ...change });
  const postponed: ErasureEventOf<'ErasurePostponed'> = {
    type: 'ErasurePostponed',
    data: {
      ...{ caseId: CASE, erasureId: ORDER, reason: 'OPEN_REFERRAL', reviewOn: LATER, postponedAt: AT, isNews: true },
      ...{ to: [], lookAgainAt: LATER },
    },
  };

  it('is news when the reason is another', () => {
    given(ordered).when(postpone()).then(postponed);
    const again = { ...postponed.data, reviewOn: NEXT_DAY, lookAgainAt: NEXT_DAY, postponedAt: LATER };
    given(ordered, postponed)
      .when(postpone({ reviewOn: NEXT_DAY, now: LATER }))
      .then({ type: 'ErasurePostponed', data: { ...again, isNews: false } });
    given(ordered, postponed)
      .when(postpone({ reason: 'OPEN_HOLD', reviewOn: NEXT_DAY, now: LATER }))
      .then({ type: 'ErasurePostponed', data: { ...again, reason: 'OPEN_HOLD', isNews: true } });
  });

  it('is said alone to whoever of the others ordered it, once, and by its own order', () => {
    const canTell = [COMAR];
    const told = { ...postponed, data: { ...postponed.data, to: [{ agency: COMAR, erasureId: OTHER_ORDER }] } };
    given(ordered, noted).when(postpone({ canTell })).then(told);
    given(ordered, noted, told)
      .when(postpone({ canTell, now: LATER, reviewOn: NEXT_DAY }))
      .then({
        ...postponed,
        data: { ...postponed.data, isNews: false, postponedAt: LATER, reviewOn: NEXT_DAY, lookAgainAt: NEXT_DAY },
      });
    given(ordered, noted, told)
      .when(postpone({ canTell, reason: 'DEPARTURE' }))
      .then({ ...told, data: { ...told.data, reason: 'DEPARTURE' } });
    given(ordered).when(postpone({ canTell })).then(postponed);
  });

  it('is said later to whom nothing can be sealed now, and so it is looked at again sooner', () => {
    const long = { reviewOn: NEXT_YEAR, retryAt: LATER };
    const untold = { ...postponed, data: { ...postponed.data, reviewOn: NEXT_YEAR, lookAgainAt: LATER } };
    given(ordered, noted)
      .when(postpone({ ...long, canTell: [] }))
      .then(untold);
    expect(erasureDeadlines(stateOf(ordered, noted, untold))).toEqual([{ kind: 'ERASE_CASE', dueAt: LATER }]);
    given(ordered, noted, untold)
      .when(postpone({ ...long, canTell: [COMAR], now: LATER }))
      .then({
        ...untold,
        data: {
          ...{ ...untold.data, isNews: false, postponedAt: LATER, lookAgainAt: NEXT_YEAR },
          to: [{ agency: COMAR, erasureId: OTHER_ORDER }],
        },
      });
    given(ordered, noted)
      .when(postpone({ ...long, canTell: null }))
      .then({ ...untold, data: { ...untold.data, lookAgainAt: NEXT_YEAR } });
  });

  it('is looked at again when another agency orders it meanwhile, which is then told', () => {
    expect(erasureDeadlines(stateOf(ordered, postponed, noted))).toEqual([{ kind: 'ERASE_CASE', dueAt: AT }]);
    given(ordered, postponed, noted)
      .when(postpone({ canTell: [COMAR] }))
      .then({
        ...postponed,
        data: { ...postponed.data, isNews: false, to: [{ agency: COMAR, erasureId: OTHER_ORDER }] },
      });
    expect(erasureDeadlines(stateOf(noted, postponed, ordered))).toEqual([{ kind: 'ERASE_CASE', dueAt: LATER }]);
  });

  it('needs an order and a later day, and is over once the case is erased', () => {
    given().when(postpone()).thenRefused('ERASURE.NOT_ORDERED');
    given(ordered)
      .when(postpone({ reviewOn: AT }))
      .thenRefused('ERASURE.REVIEW_OVER');
    given(ordered, erased).when(postpone()).thenNothing();
    expect(stateOf(ordered, postponed, erased).postponement).toBeNull();
  });
});

describe('looking again', () => {
  const look: ErasureCommand = { type: 'BringReviewForward', caseId: CASE, now: LATER };
  it('is possible before the day that was set, and changes nothing where nothing is waited for', () => {
    const sooner: ErasureEvent = { type: 'ReviewBroughtForward', data: { caseId: CASE, reviewOn: LATER } };
    given(ordered, postponed).when(look).then(sooner);
    expect(erasureDeadlines(stateOf(ordered, postponed, sooner))).toEqual([{ kind: 'ERASE_CASE', dueAt: LATER }]);
    given(ordered, postponed, sooner).when(look).thenNothing();
    given(ordered).when(look).thenNothing();
    given(ordered, postponed, erased).when(look).thenNothing();
    given().when(look).thenRefused('ERASURE.NOT_ORDERED');
  });
});

describe('erasing here', () => {
  it('needs an order and happens once', () => {
    given().when(eraseIt).thenRefused('ERASURE.NOT_ORDERED');
    given(ordered).when(eraseIt).then(erased);
    given(ordered, erased).when(eraseIt).thenNothing();
  });

  it('waits for each step, and then it is finished', () => {
    expect(kindsOf(ordered)).toEqual(['ERASE_CASE']);
    expect(kindsOf(ordered, erased)).toEqual(['RETIRE_OFFER_KEYS', 'RENEW_MASTER_KEY']);
    expect(kindsOf(ordered, erased, retired)).toEqual(['DESTROY_OFFER_KEYS', 'RENEW_MASTER_KEY']);
    expect(kindsOf(ordered, erased, retired, renewed)).toEqual(['DESTROY_OFFER_KEYS']);
    expect(kindsOf(ordered, erased, retired, renewed, gone)).toEqual(['RENEW_MASTER_KEY']);
    expect(kindsOf(ordered, erased, retired, renewed, gone, renewed, finished)).toEqual([]);
    expect(erasureStatus(stateOf(ordered, erased))).toBe('ERASED');
    expect(erasureStatus(stateOf(ordered, erased, hasNone, renewed, finished))).toBe('FINISHED');
  });

  it('retires offer keys after it, once, and destroys them no earlier than a word on its way may need', () => {
    const retire: ErasureCommand = {
      ...{ type: 'NoteOfferKeysRetired', caseId: CASE, keyIds: ['offers-2026-11-23'], destroyAt: NEXT_DAY, now: AT },
    };
    given(ordered).when(retire).thenRefused('ERASURE.NOT_ERASED');
    given(ordered, erased).when(retire).then(retired);
    given(ordered, erased, retired).when(retire).thenNothing();
    given(ordered, erased, retired)
      .when({ ...retire, destroyAt: AT })
      .thenNothing();
    const destroy: ErasureCommand = { type: 'NoteOfferKeysDestroyed', caseId: CASE, now: NEXT_DAY };
    given(ordered, erased, retired).when(destroy).then(gone);
    given(ordered, erased, retired)
      .when({ ...destroy, now: LATER })
      .thenRefused('ERASURE.TOO_EARLY');
    given(ordered, erased).when(destroy).thenNothing();
    given(ordered, erased, hasNone).when(destroy).thenNothing();
  });

  it('keeps retired offer keys longer where what came under them is not read yet, and none that are gone', () => {
    const later = '2027-01-01T00:00:00.000Z';
    const keep: ErasureCommand = { type: 'NoteOfferKeysRetired', caseId: CASE, keyIds: [], destroyAt: later, now: AT };
    const longer: ErasureEvent = { ...retired, data: { ...retired.data, destroyAt: later } };
    given(ordered, erased, retired).when(keep).then(longer);
    const destroy: ErasureCommand = { type: 'NoteOfferKeysDestroyed', caseId: CASE, now: NEXT_DAY };
    given(ordered, erased, retired, longer).when(destroy).thenRefused('ERASURE.TOO_EARLY');
    given(ordered, erased, retired, gone).when(keep).thenNothing();
    given(ordered, erased, hasNone).when(keep).thenNothing();
  });

  it('is finished by whatever comes last: the master key, or that there were no offer keys', () => {
    const renew: ErasureCommand = { type: 'NoteRenewed', caseId: CASE, generation: 2, now: AT };
    const retireNone: ErasureCommand = {
      ...{ type: 'NoteOfferKeysRetired', caseId: CASE, keyIds: [], destroyAt: AT, now: AT },
    };
    given(noted, erased, hasNone).when(renew).then(renewed, finished);
    given(noted, erased, renewed).when(retireNone).then(hasNone, finished);
    given(noted, erased).when(renew).then(renewed);
    given(noted, erased, renewed).when(renew).thenNothing();
    const alone: ErasureEvent = { ...ordered, data: { ...ordered.data, owedBy: [] } };
    given(alone, erased, hasNone)
      .when(renew)
      .then(renewed, finished, { type: 'ErasureCompleted', data: { caseId: CASE, completedAt: AT } });
  });
});

describe('a receipt', () => {
  const done = [erased, hasNone, renewed, finished] as const;
  const give: ErasureCommand = {
    ...{ type: 'GiveReceipt', caseId: CASE, erasureId: OTHER_ORDER, under: 'OFFER_KEY', now: LATER },
  };
  const note = (from: string, passedOnTo: readonly string[] = []): ErasureCommand => ({
    ...{ type: 'NoteReceipt', caseId: CASE, from, receipt: { ...RECEIPT, passedOnTo }, now: LATER },
  });
  const completed: ErasureEvent = { type: 'ErasureCompleted', data: { caseId: CASE, completedAt: LATER } };

  it('goes to whoever ordered, once nothing opens here any more, and says whom the order was passed on to', () => {
    given(noted, ...done)
      .when(give)
      .then({
        type: 'ReceiptGiven',
        data: {
          ...{ erasureId: OTHER_ORDER, keysDigest: DIGEST, destroyed: DESTROYED, passedOnTo: [OMBUDSMAN] },
          ...{ erasedAt: AT, caseId: CASE, to: COMAR, under: 'OFFER_KEY', givenAt: LATER },
        },
      });
    given(noted, erased, hasNone).when(give).thenRefused('ERASURE.NOT_FINISHED');
    given(ordered, ...done)
      .when({ ...give, erasureId: ORDER })
      .thenRefused('ERASURE.NOT_ORDERED');
  });

  it('is tried again where nothing can be sealed', () => {
    const until = NEXT_DAY;
    const later: ErasureEvent = { type: 'ReceiptPostponed', data: { caseId: CASE, erasureId: OTHER_ORDER, until } };
    given(noted, ...done)
      .when({ type: 'PostponeReceipt', caseId: CASE, erasureId: OTHER_ORDER, until })
      .then(later);
    expect(erasureDeadlines(stateOf(noted, ...done, later))).toEqual([{ kind: 'GIVE_RECEIPT', dueAt: NEXT_DAY }]);
    given(ordered).when({ type: 'PostponeReceipt', caseId: CASE, erasureId: ORDER, until }).thenNothing();
  });

  it('is noted once, with those who owe one because of it', () => {
    given(ordered)
      .when(note(CONATT, [OMBUDSMAN]))
      .then(receiptOf(CONATT, [OMBUDSMAN]));
    given(ordered, receiptOf(CONATT)).when(note(CONATT)).thenNothing();
    given(noted).when(note(CONATT)).thenRefused('ERASURE.NOT_ORDERED');
    const owing = debtorsOwing(stateOf(ordered, receiptOf(CONATT, [OMBUDSMAN]))).map(({ agency }) => agency);
    expect(owing).toEqual([COMAR, OMBUDSMAN]);
  });

  it('of the last one completes the erasure, after it is finished here', () => {
    given(ordered, receiptOf(CONATT)).when(note(COMAR)).then(receiptOf(COMAR));
    given(ordered, ...done, receiptOf(CONATT))
      .when(note(COMAR))
      .then(receiptOf(COMAR), completed);
    expect(erasureStatus(stateOf(ordered, ...done, receiptOf(CONATT), receiptOf(COMAR), completed))).toBe('COMPLETED');
  });

  it.each(POSTPONEMENT_REASONS)('of an agency that waits for %s is owed with that reason', (reason) => {
    const waits = { caseId: CASE, erasureId: ORDER, from: COMAR, reason, reviewOn: NEXT_DAY };
    const heard: ErasureEvent = { type: 'PostponementNoted', data: waits };
    given(ordered)
      .when({ type: 'NotePostponement', ...waits, postponedAt: AT })
      .then(heard);
    given(ordered, heard)
      .when({ type: 'NotePostponement', ...waits, postponedAt: AT })
      .thenNothing();
    given(ordered, receiptOf(COMAR))
      .when({ type: 'NotePostponement', ...waits, postponedAt: AT })
      .thenNothing();
    given(ordered, receiptOf(COMAR)) // of what came to it since
      .when({ type: 'NotePostponement', ...waits, postponedAt: LATER })
      .then(heard);
    given()
      .when({ type: 'NotePostponement', ...waits, postponedAt: AT })
      .thenRefused('ERASURE.NOT_ORDERED');
    for (const before of [[], [receiptOf(COMAR)]]) {
      const debtor = stateOf(ordered, ...before, heard).debtors.find(({ agency }) => agency === COMAR);
      expect(debtor).toEqual({
        ...{ agency: COMAR, waitsFor: reason, reviewOn: NEXT_DAY, erasedAt: null, destroyed: null },
      });
    }
  });
});

it('says nothing of a case before anything happened', () => {
  expect(erasureStatus(NO_ERASURE)).toBe('NONE');
  expect(erasureDeadlines(NO_ERASURE)).toEqual([]);
});
