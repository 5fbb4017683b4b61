import type { Instant } from '@acogida/core';
import type { PostponementReason } from '@acogida/reference';
import type { Destroyed, ErasureEvent, ErasureEventOf, ErasureOrder, LegalHold } from './erasure-events.ts';

/** An order and, where another agency gave it, how far its receipt is. */
export interface KnownOrder extends ErasureOrder {
  /** Ordered here: receipts come in. */
  readonly isOwn: boolean;
  /** Token subject of who ordered it here; null where it is not known, and of orders of others. */
  readonly officer: string | null;
  readonly passedOnTo: readonly string[];
  readonly receiptGivenAt: Instant | null;
  /** When the receipt is tried again. */
  readonly receiptDueAt: Instant | null;
}

/** An order of another agency of a case that nothing was kept of here. */
export interface UnknownOrder extends ErasureOrder {
  readonly from: string;
  readonly heardAt: Instant;
  /** When that is said to whoever ordered it; null: it was. */
  readonly answerDueAt: Instant | null;
}

/** How an agency that was asked stands to an order of this agency. */
export interface Debtor {
  readonly agency: string;
  /** Null: it has said nothing, or has given its receipt. */
  readonly waitsFor: PostponementReason | null;
  readonly reviewOn: Instant | null;
  /** Null while it owes its receipt. */
  readonly erasedAt: Instant | null;
  readonly destroyed: Destroyed | null;
}

/** The erasure of one case at this agency. */
export interface ErasureState {
  /** Oldest first; none before the first one, though a legal hold may stand. */
  readonly orders: readonly KnownOrder[];
  /** They erase nothing: nobody was known here who speaks for the case. */
  readonly unknownOrders: readonly UnknownOrder[];
  readonly debtors: readonly Debtor[];
  readonly legalHold: LegalHold | null;
  /** When one ended that withdrawals of consent were not told of yet. */
  readonly holdEndedAt: Instant | null;
  /** Officers who lifted a legal hold, or made one end sooner: none of them orders the erasure. */
  readonly releasedBy: readonly string[];
  /** `toldOf`: the orders of others whose orderer was told of it alone. */
  readonly postponement: {
    readonly reason: PostponementReason;
    readonly reviewOn: Instant;
    readonly toldOf: readonly string[];
  } | null;
  /** When it is tried; null: never, or it is done. */
  readonly attemptAt: Instant | null;
  readonly local: {
    readonly keysDigest: string;
    readonly destroyed: Destroyed;
    readonly erasedAt: Instant;
  } | null;
  readonly offerKeys: { readonly keyIds: readonly string[]; readonly destroyAt: Instant } | null;
  readonly areOfferKeysGone: boolean;
  /** Since when something is destroyed that copies still have under the present master key. */
  readonly unrenewedSince: Instant | null;
  readonly finishedAt: Instant | null;
  readonly completedAt: Instant | null;
}

/** Before anything. */
export const NO_ERASURE: ErasureState = {
  ...{ orders: [], unknownOrders: [], debtors: [], legalHold: null, holdEndedAt: null, releasedBy: [] },
  ...{ postponement: null, attemptAt: null, local: null, offerKeys: null, areOfferKeysGone: false },
  ...{ unrenewedSince: null, finishedAt: null, completedAt: null },
};

/** How far it is, for people: `HELD` without an order is a legal hold alone. */
export type ErasureStatus = 'NONE' | 'HELD' | 'ORDERED' | 'POSTPONED' | 'ERASED' | 'FINISHED' | 'COMPLETED';

/** The one word for a state. */
export function erasureStatus(state: ErasureState): ErasureStatus {
  if (state.completedAt !== null) return 'COMPLETED';
  if (state.finishedAt !== null) return 'FINISHED';
  if (state.local !== null) return 'ERASED';
  if (state.postponement !== null) return 'POSTPONED';
  if (state.orders.length > 0) return 'ORDERED';
  return state.legalHold === null ? 'NONE' : 'HELD';
}

/** The order that this agency gave, if it did. */
export function ownOrderOf({ orders }: ErasureState): KnownOrder | undefined {
  return orders.find(({ isOwn }) => isOwn);
}

/** An order by its id. */
export function orderOf({ orders }: ErasureState, erasureId: string): KnownOrder | undefined {
  return orders.find((order) => order.erasureId === erasureId);
}

/** Agencies that owe this one a receipt. */
export function debtorsOwing({ debtors }: ErasureState): readonly Debtor[] {
  return debtors.filter(({ erasedAt }) => erasedAt === null);
}

/** Orders of others that their receipt is owed for, once nothing opens here any more. */
export function receiptsOwed({ orders, finishedAt }: ErasureState): readonly KnownOrder[] {
  return finishedAt === null ? [] : orders.filter(({ isOwn, receiptGivenAt }) => !isOwn && receiptGivenAt === null);
}

/** Orders of a case that nothing was kept of, to which that is not said yet. */
export function answersOwed({ unknownOrders }: ErasureState): readonly UnknownOrder[] {
  return unknownOrders.filter(({ answerDueAt }) => answerDueAt !== null);
}

/** An order of a case that nothing was kept of, by its id. */
export function unknownOrderOf({ unknownOrders }: ErasureState, erasureId: string): UnknownOrder | undefined {
  return unknownOrders.find((order) => order.erasureId === erasureId);
}

const owing = (agency: string): Debtor => ({
  ...{ agency, waitsFor: null, reviewOn: null, erasedAt: null, destroyed: null },
});

function changeDebtor(debtors: readonly Debtor[], agency: string, change: Partial<Debtor>): readonly Debtor[] {
  const known = debtors.some((debtor) => debtor.agency === agency);
  const all = known ? debtors : [...debtors, owing(agency)];
  return all.map((debtor) => (debtor.agency === agency ? { ...debtor, ...change } : debtor));
}

function changeOrder(state: ErasureState, erasureId: string, change: Partial<KnownOrder>): ErasureState {
  const orders = state.orders.map((order) => (order.erasureId === erasureId ? { ...order, ...change } : order));
  return { ...state, orders };
}

function changeUnknown(state: ErasureState, erasureId: string, change: Partial<UnknownOrder>): ErasureState {
  const unknownOrders = state.unknownOrders.map((one) => (one.erasureId === erasureId ? { ...one, ...change } : one));
  return { ...state, unknownOrders };
}

function withUnknownOrder(state: ErasureState, { data }: ErasureEventOf<'UnknownOrderNoted'>): ErasureState {
  const { notedAt, ...order } = data;
  const noted: UnknownOrder = { ...order, heardAt: notedAt, answerDueAt: notedAt };
  return { ...state, unknownOrders: [...state.unknownOrders, noted] };
}

function withOrder(
  state: ErasureState,
  { erasureId, caseId, orderedBy, basis, orderedAt }: ErasureOrder,
  own: Pick<KnownOrder, 'isOwn' | 'officer' | 'passedOnTo'> & { readonly at: Instant },
): ErasureState {
  const { at, ...rest } = own;
  const order = { ...{ erasureId, caseId, orderedBy, basis, orderedAt }, ...rest };
  const known: KnownOrder = { ...order, receiptGivenAt: null, receiptDueAt: own.isOwn ? null : at };
  // Whoever orders it while it waits is told so with the next look.
  const isLookedAt = state.attemptAt === null || (state.postponement !== null && !own.isOwn);
  const attemptAt = state.local === null && isLookedAt ? at : state.attemptAt;
  return { ...state, orders: [...state.orders, known], attemptAt };
}

function withLegalHold(state: ErasureState, { data }: ErasureEventOf<'LegalHoldPlaced'>): ErasureState {
  const { until, reason, authority, officer } = data;
  const isSooner = state.legalHold !== null && until < state.legalHold.until;
  return { ...state, legalHold: { until, reason, authority }, releasedBy: released(state, isSooner ? officer : null) };
}

function withoutLegalHold(state: ErasureState, { data }: ErasureEventOf<'LegalHoldLifted'>): ErasureState {
  const waits = state.postponement?.reason === 'LEGAL_HOLD';
  const attemptAt = waits ? data.liftedAt : state.attemptAt;
  const releasedBy = released(state, data.officer);
  return { ...state, legalHold: null, holdEndedAt: data.liftedAt, releasedBy, attemptAt };
}

const released = ({ releasedBy }: ErasureState, officer: string | null): readonly string[] =>
  officer === null || releasedBy.includes(officer) ? releasedBy : [...releasedBy, officer];

function withLaterReceipt(state: ErasureState, { data }: ErasureEventOf<'ReceiptPostponed'>): ErasureState {
  const changed = changeOrder(state, data.erasureId, { receiptDueAt: data.until });
  return changeUnknown(changed, data.erasureId, { answerDueAt: data.until });
}

function withReceipt(state: ErasureState, { data }: ErasureEventOf<'ReceiptNoted'>): ErasureState {
  const { from, passedOnTo, destroyed, erasedAt } = data;
  const given = { waitsFor: null, reviewOn: null, erasedAt, destroyed };
  const known = new Set(state.debtors.map(({ agency }) => agency));
  const further = passedOnTo.filter((agency) => !known.has(agency) && agency !== from).map(owing);
  return { ...state, debtors: changeDebtor([...state.debtors, ...further], from, given) };
}

function withPostponement(state: ErasureState, { data }: ErasureEventOf<'ErasurePostponed'>): ErasureState {
  const { reason, reviewOn, isNews, to, lookAgainAt } = data;
  const told = isNews ? [] : (state.postponement?.toldOf ?? []);
  const toldOf = [...told, ...to.map(({ erasureId }) => erasureId)];
  return { ...state, postponement: { reason, reviewOn, toldOf }, attemptAt: lookAgainAt };
}

/** Folds an event into the state. Total. */
export function evolveErasure(state: ErasureState, event: ErasureEvent): ErasureState {
  switch (event.type) {
    case 'ErasureOrdered': {
      const { owedBy, officer, orderedAt: at } = event.data;
      const own = { isOwn: true, officer, passedOnTo: [], at };
      return { ...withOrder(state, event.data, own), debtors: owedBy.map(owing) };
    }
    case 'OrderNoted': {
      const { erasureId, passedOnTo, notedAt: at } = event.data;
      const unknownOrders = state.unknownOrders.filter((one) => one.erasureId !== erasureId);
      return withOrder({ ...state, unknownOrders }, event.data, { isOwn: false, officer: null, passedOnTo, at });
    }
    case 'UnknownOrderNoted':
      return withUnknownOrder(state, event);
    case 'NothingHeldStated':
      return changeUnknown(state, event.data.erasureId, { answerDueAt: null });
    case 'LegalHoldPlaced':
      return withLegalHold(state, event);
    case 'LegalHoldLifted':
      return withoutLegalHold(state, event);
    case 'LegalHoldLapsed':
      return { ...state, legalHold: null, holdEndedAt: event.data.lapsedAt };
    case 'WithdrawalsAnswered':
      return { ...state, holdEndedAt: null };
    case 'ErasurePostponed':
      return withPostponement(state, event);
    case 'ReviewBroughtForward':
      return { ...state, attemptAt: event.data.reviewOn };
    case 'LocallyErased': {
      const { keysDigest, destroyed, erasedAt } = event.data;
      const local = { keysDigest, destroyed, erasedAt };
      return { ...state, local, postponement: null, attemptAt: null, unrenewedSince: erasedAt };
    }
    case 'OfferKeysRetired': {
      const { keyIds, destroyAt } = event.data;
      return { ...state, offerKeys: { keyIds, destroyAt }, areOfferKeysGone: keyIds.length === 0 };
    }
    case 'OfferKeysDestroyed':
      return { ...state, areOfferKeysGone: true, unrenewedSince: event.data.destroyedAt };
    case 'MasterKeyRenewed':
      return { ...state, unrenewedSince: null };
    case 'ErasureFinished':
      return { ...state, finishedAt: event.data.finishedAt };
    case 'ReceiptGiven':
      return changeOrder(state, event.data.erasureId, { receiptGivenAt: event.data.givenAt, receiptDueAt: null });
    case 'ReceiptPostponed':
      return withLaterReceipt(state, event);
    case 'ReceiptNoted':
      return withReceipt(state, event);
    case 'PostponementNoted': {
      const { from, reason: waitsFor, reviewOn } = event.data;
      return {
        ...state,
        debtors: changeDebtor(state.debtors, from, { waitsFor, reviewOn, erasedAt: null, destroyed: null }),
      };
    }
    case 'ErasureCompleted':
      return { ...state, completedAt: event.data.completedAt };
  }
}
