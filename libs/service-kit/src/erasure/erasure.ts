import type { Instant } from '@acogida/core';
import type { PostponementReason } from '@acogida/reference';
import type { Destroyed, ErasureEvent, ErasureEventOf, ErasureOrder } from './erasure-events.ts';

/** An order and, where another agency gave it, how far its receipt is. */
export interface KnownOrder extends ErasureOrder {
  /** Ordered here: receipts come in. */
  readonly isOwn: boolean;
  readonly passedOnTo: readonly string[];
  readonly receiptGivenAt: Instant | null;
  /** When the receipt is tried again. */
  readonly receiptDueAt: Instant | null;
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
  readonly debtors: readonly Debtor[];
  /** Keeps the case from being erased until then, whoever orders it. */
  readonly legalHoldUntil: Instant | null;
  readonly postponement: { readonly reason: PostponementReason; readonly reviewOn: Instant } | null;
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
  ...{ orders: [], debtors: [], legalHoldUntil: null, postponement: null, attemptAt: null, local: null },
  ...{ offerKeys: null, areOfferKeysGone: false, unrenewedSince: null, finishedAt: null, completedAt: null },
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
  return state.legalHoldUntil === null ? 'NONE' : 'HELD';
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

function withOrder(
  state: ErasureState,
  { erasureId, caseId, orderedBy, basis, orderedAt }: ErasureOrder,
  own: { readonly isOwn: boolean; readonly passedOnTo: readonly string[]; readonly at: Instant },
): ErasureState {
  const { isOwn, passedOnTo, at } = own;
  const order = { ...{ erasureId, caseId, orderedBy, basis, orderedAt }, ...{ isOwn, passedOnTo } };
  const known: KnownOrder = { ...order, receiptGivenAt: null, receiptDueAt: isOwn ? null : at };
  const isFirst = state.local === null && state.attemptAt === null;
  return { ...state, orders: [...state.orders, known], attemptAt: isFirst ? at : state.attemptAt };
}

function withReceipt(state: ErasureState, { data }: ErasureEventOf<'ReceiptNoted'>): ErasureState {
  const { from, passedOnTo, destroyed, erasedAt } = data;
  const given = { waitsFor: null, reviewOn: null, erasedAt, destroyed };
  const known = new Set(state.debtors.map(({ agency }) => agency));
  const further = passedOnTo.filter((agency) => !known.has(agency) && agency !== from).map(owing);
  return { ...state, debtors: changeDebtor([...state.debtors, ...further], from, given) };
}

/** Folds an event into the state. Total. */
export function evolveErasure(state: ErasureState, event: ErasureEvent): ErasureState {
  switch (event.type) {
    case 'ErasureOrdered': {
      const { owedBy, orderedAt: at } = event.data;
      return { ...withOrder(state, event.data, { isOwn: true, passedOnTo: [], at }), debtors: owedBy.map(owing) };
    }
    case 'OrderNoted': {
      const { passedOnTo, notedAt: at } = event.data;
      return withOrder(state, event.data, { isOwn: false, passedOnTo, at });
    }
    case 'LegalHoldPlaced':
      return { ...state, legalHoldUntil: event.data.until };
    case 'LegalHoldLifted': {
      const { liftedAt } = event.data;
      const waits = state.postponement?.reason === 'LEGAL_HOLD';
      return { ...state, legalHoldUntil: null, attemptAt: waits ? liftedAt : state.attemptAt };
    }
    case 'ErasurePostponed': {
      const { reason, reviewOn } = event.data;
      return { ...state, postponement: { reason, reviewOn }, attemptAt: reviewOn };
    }
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
      return changeOrder(state, event.data.erasureId, { receiptDueAt: event.data.until });
    case 'ReceiptNoted':
      return withReceipt(state, event);
    case 'PostponementNoted': {
      const { from, reason: waitsFor, reviewOn } = event.data;
      return { ...state, debtors: changeDebtor(state.debtors, from, { waitsFor, reviewOn }) };
    }
    case 'ErasureCompleted':
      return { ...state, completedAt: event.data.completedAt };
  }
}
