import { DomainError, type DomainErrorKind, type Instant } from '@acogida/core';
import { debtorsOwing, type ErasureState, orderOf, ownOrderOf, unknownOrderOf } from './erasure.ts';
import type { ErasureCommand, ErasureCommandOf } from './erasure-commands.ts';
import type { ErasureEvent } from './erasure-events.ts';
import { evolveErasure } from './erasure.ts';

function refusal(code: string, message: string, kind: DomainErrorKind = 'conflict'): DomainError {
  return new DomainError(`ERASURE.${code}`, kind, message);
}

function order(command: ErasureCommandOf<'OrderErasure'>, state: ErasureState): readonly ErasureEvent[] {
  const { erasureId, caseId, by: orderedBy, officer, basis, copies, now } = command;
  if (ownOrderOf(state)?.erasureId === erasureId) return [];
  if (ownOrderOf(state) !== undefined) throw refusal('ALREADY_ORDERED', 'this agency has ordered it already');
  if (state.local !== null) throw refusal('DONE', 'the case is erased here');
  if (state.releasedBy.includes(officer)) throw sameOfficer();
  const owedBy = [...new Set(command.owedBy)].filter((agency) => agency !== orderedBy).sort();
  const ordered = { erasureId, caseId, orderedBy, basis, orderedAt: now };
  return [{ type: 'ErasureOrdered', data: { ...ordered, officer, owedBy, copies } }];
}

function noteOrder(command: ErasureCommandOf<'NoteOrder'>, state: ErasureState): readonly ErasureEvent[] {
  const { order: heard, from, passOnTo, copies, now } = command;
  const { erasureId, caseId, orderedBy, basis, orderedAt } = heard;
  if (orderOf(state, erasureId) !== undefined) return [];
  const passedOnTo = [...new Set(passOnTo)].filter((agency) => agency !== from && agency !== orderedBy).sort();
  const noted = { erasureId, caseId, orderedBy, basis, orderedAt, from, passedOnTo, notedAt: now };
  return [{ type: 'OrderNoted', data: { ...noted, copies } }];
}

function noteUnknownOrder(
  { order: heard, from, now }: ErasureCommandOf<'NoteUnknownOrder'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  const { erasureId, caseId, orderedBy, basis, orderedAt } = heard;
  if (state.local !== null) throw refusal('DONE', 'the case is erased here');
  if (orderOf(state, erasureId) !== undefined || unknownOrderOf(state, erasureId) !== undefined) return [];
  return [{ type: 'UnknownOrderNoted', data: { erasureId, caseId, orderedBy, basis, orderedAt, from, notedAt: now } }];
}

function stateNothingHeld(
  { caseId, erasureId, now }: ErasureCommandOf<'StateNothingHeld'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  const known = unknownOrderOf(state, erasureId);
  if (known === undefined || known.answerDueAt === null) return [];
  const { orderedBy: to, heardAt } = known;
  return [{ type: 'NothingHeldStated', data: { erasureId, caseId, to, heardAt, statedAt: now } }];
}

/** Two persons: else one alone could order it and take away what stands against it. */
function sameOfficer(): DomainError {
  return refusal('SAME_OFFICER', 'whoever orders the erasure does not release what it waits for', 'forbidden');
}

/** One that ends sooner than what stands releases the case, as lifting does. */
function placeLegalHold(
  { caseId, until, reason, authority, officer, now }: ErasureCommandOf<'PlaceLegalHold'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  if (state.local !== null) throw refusal('DONE', 'the case is erased here');
  if (reason === 'NOT_STATED') throw refusal('HOLD_UNFOUNDED', 'a legal hold has a reason', 'invalid');
  if (until <= now) throw refusal('HOLD_OVER', 'a legal hold ends in the future', 'invalid');
  const { legalHold: before } = state;
  if (before?.until === until && before.reason === reason && before.authority === authority) return [];
  const standsUntil = legalHoldAt(state, now);
  if (standsUntil !== null && until < standsUntil && ownOrderOf(state)?.officer === officer) throw sameOfficer();
  return [{ type: 'LegalHoldPlaced', data: { caseId, until, reason, authority, officer, placedAt: now } }];
}

function liftLegalHold(
  { caseId, officer, now }: ErasureCommandOf<'LiftLegalHold'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  if (state.legalHold === null) return [];
  if (legalHoldAt(state, now) !== null && ownOrderOf(state)?.officer === officer) throw sameOfficer();
  return [{ type: 'LegalHoldLifted', data: { caseId, officer, liftedAt: now } }];
}

function endLegalHold({ caseId, now }: ErasureCommandOf<'EndLegalHold'>, state: ErasureState): readonly ErasureEvent[] {
  if (state.legalHold === null || legalHoldAt(state, now) !== null) return [];
  return [{ type: 'LegalHoldLapsed', data: { caseId, lapsedAt: now } }];
}

function requireOrdered(state: ErasureState): string {
  const [first] = state.orders;
  if (first === undefined) throw refusal('NOT_ORDERED', 'nobody has ordered it', 'not-found');
  return first.erasureId;
}

/** The hold that stands at an instant, until when. */
function legalHoldAt({ legalHold }: ErasureState, now: Instant): Instant | null {
  return legalHold !== null && now < legalHold.until ? legalHold.until : null;
}

function postpone(command: ErasureCommandOf<'PostponeErasure'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, reason, reviewOn, canTell, retryAt, now } = command;
  const erasureId = requireOrdered(state);
  if (state.local !== null) return [];
  if (reviewOn <= now) throw refusal('REVIEW_OVER', 'it is looked at again in the future', 'invalid');
  const before = state.postponement;
  const isNews = before?.reason !== reason || (reason === 'LEGAL_HOLD' && before.reviewOn !== reviewOn);
  const told = isNews ? [] : before.toldOf;
  const untold = canTell === null ? [] : state.orders.filter((one) => !one.isOwn && !told.includes(one.erasureId));
  const to = untold.flatMap(({ orderedBy: agency, erasureId: of }) =>
    canTell?.includes(agency) === true ? [{ agency, erasureId: of }] : [],
  );
  const lookAgainAt = to.length < untold.length && retryAt < reviewOn ? retryAt : reviewOn;
  const postponed = { caseId, erasureId, reason, reviewOn, postponedAt: now, isNews, to, lookAgainAt };
  return [{ type: 'ErasurePostponed', data: postponed }];
}

function bringForward(
  { caseId, now }: ErasureCommandOf<'BringReviewForward'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  requireOrdered(state);
  if (state.postponement === null || state.attemptAt === null || state.attemptAt <= now) return [];
  return [{ type: 'ReviewBroughtForward', data: { caseId, reviewOn: now } }];
}

function noteErased(command: ErasureCommandOf<'NoteErased'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, keysDigest, destroyed, now } = command;
  requireOrdered(state);
  if (state.local !== null) return [];
  if (legalHoldAt(state, now) !== null) throw refusal('HELD', 'the case is kept for legal reasons');
  return [{ type: 'LocallyErased', data: { caseId, keysDigest, destroyed, erasedAt: now } }];
}

function noteRetired(command: ErasureCommandOf<'NoteOfferKeysRetired'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, keyIds, destroyAt } = command;
  const { local, offerKeys: retired, areOfferKeysGone } = state;
  if (local === null) throw refusal('NOT_ERASED', 'keys of offers go once the case is erased');
  if (retired === null) return [{ type: 'OfferKeysRetired', data: { caseId, keyIds: [...keyIds], destroyAt } }];
  if (areOfferKeysGone || destroyAt <= retired.destroyAt) return [];
  return [{ type: 'OfferKeysRetired', data: { caseId, keyIds: [...retired.keyIds], destroyAt } }];
}

function noteDestroyed(
  { caseId, now }: ErasureCommandOf<'NoteOfferKeysDestroyed'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  if (state.offerKeys === null || state.areOfferKeysGone) return [];
  if (now < state.offerKeys.destroyAt) throw refusal('TOO_EARLY', 'what is on its way must still open');
  return [{ type: 'OfferKeysDestroyed', data: { caseId, destroyedAt: now } }];
}

function noteRenewed(command: ErasureCommandOf<'NoteRenewed'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, generation, now } = command;
  if (state.unrenewedSince === null) return [];
  return [{ type: 'MasterKeyRenewed', data: { caseId, generation, renewedAt: now } }];
}

function giveReceipt(command: ErasureCommandOf<'GiveReceipt'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, erasureId, under, now } = command;
  const known = orderOf(state, erasureId);
  if (known === undefined || known.isOwn) throw refusal('NOT_ORDERED', 'no other agency ordered this', 'not-found');
  if (known.receiptGivenAt !== null) return [];
  if (state.finishedAt === null || state.local === null) throw refusal('NOT_FINISHED', 'something still opens here');
  const { keysDigest, destroyed, erasedAt } = state.local;
  const receipt = { erasureId, keysDigest, destroyed, passedOnTo: known.passedOnTo, erasedAt };
  return [{ type: 'ReceiptGiven', data: { ...receipt, caseId, to: known.orderedBy, under, givenAt: now } }];
}

function postponeReceipt(
  { caseId, erasureId, until }: ErasureCommandOf<'PostponeReceipt'>,
  state: ErasureState,
): readonly ErasureEvent[] {
  const dueAt = orderOf(state, erasureId)?.receiptDueAt ?? unknownOrderOf(state, erasureId)?.answerDueAt ?? null;
  if (dueAt === null) return [];
  return [{ type: 'ReceiptPostponed', data: { caseId, erasureId, until } }];
}

function requireOwn(state: ErasureState, erasureId: string): void {
  if (ownOrderOf(state)?.erasureId !== erasureId) {
    throw refusal('NOT_ORDERED', 'this agency has not ordered it', 'not-found');
  }
}

function noteReceipt(command: ErasureCommandOf<'NoteReceipt'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, from, receipt, now } = command;
  requireOwn(state, receipt.erasureId);
  if (state.debtors.some(({ agency, erasedAt }) => agency === from && erasedAt !== null)) return [];
  const { erasureId, keysDigest, destroyed, passedOnTo, erasedAt } = receipt;
  const noted = { erasureId, keysDigest, destroyed, passedOnTo, erasedAt, caseId, from, notedAt: now };
  return [{ type: 'ReceiptNoted', data: noted }];
}

/** Said after a receipt it is of what came to that agency since: it owes another. */
function notePostponement(command: ErasureCommandOf<'NotePostponement'>, state: ErasureState): readonly ErasureEvent[] {
  const { caseId, erasureId, from, reason, reviewOn, postponedAt } = command;
  requireOwn(state, erasureId);
  const known = state.debtors.find(({ agency }) => agency === from);
  const isBeforeReceipt = known?.erasedAt != null && postponedAt <= known.erasedAt;
  if (isBeforeReceipt || (known?.waitsFor === reason && known.reviewOn === reviewOn)) return [];
  return [{ type: 'PostponementNoted', data: { caseId, erasureId, from, reason, reviewOn } }];
}

function decide(command: ErasureCommand, state: ErasureState): readonly ErasureEvent[] {
  switch (command.type) {
    case 'OrderErasure':
      return order(command, state);
    case 'NoteOrder':
      return noteOrder(command, state);
    case 'NoteUnknownOrder':
      return noteUnknownOrder(command, state);
    case 'StateNothingHeld':
      return stateNothingHeld(command, state);
    case 'PlaceLegalHold':
      return placeLegalHold(command, state);
    case 'LiftLegalHold':
      return liftLegalHold(command, state);
    case 'EndLegalHold':
      return endLegalHold(command, state);
    case 'NoteWithdrawalsAnswered':
      if (state.holdEndedAt === null) return [];
      return [{ type: 'WithdrawalsAnswered', data: { caseId: command.caseId, answeredAt: command.now } }];
    case 'PostponeErasure':
      return postpone(command, state);
    case 'BringReviewForward':
      return bringForward(command, state);
    case 'NoteErased':
      return noteErased(command, state);
    case 'NoteOfferKeysRetired':
      return noteRetired(command, state);
    case 'NoteOfferKeysDestroyed':
      return noteDestroyed(command, state);
    case 'NoteRenewed':
      return noteRenewed(command, state);
    case 'GiveReceipt':
      return giveReceipt(command, state);
    case 'PostponeReceipt':
      return postponeReceipt(command, state);
    case 'NoteReceipt':
      return noteReceipt(command, state);
    case 'NotePostponement':
      return notePostponement(command, state);
  }
}

/** What the last step of all brings with it, here and then at everybody who was asked. */
function ending(command: ErasureCommand, state: ErasureState): readonly ErasureEvent[] {
  if (!('now' in command)) return [];
  const { now } = command;
  const [caseId] = state.orders.map((known) => known.caseId);
  if (caseId === undefined) return [];
  const isThrough = state.local !== null && state.areOfferKeysGone && state.unrenewedSince === null;
  const finishes = isThrough && state.finishedAt === null;
  const isFinished = finishes || state.finishedAt !== null;
  const completes =
    isFinished && state.completedAt === null && ownOrderOf(state) !== undefined && debtorsOwing(state).length === 0;
  return [
    ...(finishes ? [{ type: 'ErasureFinished' as const, data: { caseId, finishedAt: now } }] : []),
    ...(completes ? [{ type: 'ErasureCompleted' as const, data: { caseId, completedAt: now } }] : []),
  ];
}

/** @throws DomainError with a code of README.md */
export function decideErasure(command: ErasureCommand, state: ErasureState): readonly ErasureEvent[] {
  const events = decide(command, state);
  if (events.length === 0) return [];
  return [...events, ...ending(command, events.reduce(evolveErasure, state))];
}
