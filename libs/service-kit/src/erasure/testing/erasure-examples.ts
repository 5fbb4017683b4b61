import type { ErasureEvent, ErasureEventOf, ErasureOrder, LegalHold, Receipt } from '../erasure-events.ts';

export const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
export const ORDER = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';
export const OTHER_ORDER = '2d5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e03';
export const OWN = 'cr-border-intake';
export const CONATT = 'cr-conatt';
export const COMAR = 'mx-comar';
export const OMBUDSMAN = 'cr-ombudsman';
export const OFFICER = 'officer-1';
export const LAWYER = 'lawyer-1';
export const AT = '2026-11-23T10:00:00.000Z';
export const LATER = '2026-11-23T11:00:00.000Z';
export const NEXT_DAY = '2026-11-24T10:00:00.000Z';
export const NEXT_YEAR = '2027-11-23T10:00:00.000Z';
export const DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
export const DESTROYED = { keys: 8, rows: 3, texts: 1 };

export const ORDERED_HERE: ErasureOrder = {
  ...{ erasureId: ORDER, caseId: CASE, orderedBy: OWN, basis: 'PERSON_REQUEST', orderedAt: AT },
};
export const ORDERED_ELSEWHERE: ErasureOrder = { ...ORDERED_HERE, erasureId: OTHER_ORDER, orderedBy: COMAR };
export const TO_ALL = { toCircle: true, sealedTo: [CONATT] };

export const ordered: ErasureEventOf<'ErasureOrdered'> = {
  type: 'ErasureOrdered',
  data: { ...ORDERED_HERE, officer: OFFICER, owedBy: [CONATT, COMAR], copies: TO_ALL },
};
export const noted: ErasureEventOf<'OrderNoted'> = {
  type: 'OrderNoted',
  data: { ...ORDERED_ELSEWHERE, from: CONATT, passedOnTo: [OMBUDSMAN], copies: TO_ALL, notedAt: AT },
};
export const HOLD: LegalHold = { until: NEXT_YEAR, reason: 'COURT_ORDER', authority: 'COURT' };
export const held: ErasureEventOf<'LegalHoldPlaced'> = {
  type: 'LegalHoldPlaced',
  data: { ...HOLD, caseId: CASE, officer: LAWYER, placedAt: AT },
};
/** It waits, and the circle is told. */
export const postponed: ErasureEventOf<'ErasurePostponed'> = {
  type: 'ErasurePostponed',
  data: {
    ...{ caseId: CASE, erasureId: ORDER, reason: 'OPEN_HOLD', reviewOn: NEXT_DAY, postponedAt: AT, isNews: true },
    ...{ to: [], lookAgainAt: NEXT_DAY },
  },
};
export const erased: ErasureEventOf<'LocallyErased'> = {
  type: 'LocallyErased',
  data: { caseId: CASE, keysDigest: DIGEST, destroyed: DESTROYED, erasedAt: AT },
};
export const retired: ErasureEventOf<'OfferKeysRetired'> = {
  type: 'OfferKeysRetired',
  data: { caseId: CASE, keyIds: ['offers-2026-11-23'], destroyAt: NEXT_DAY },
};
export const hasNone: ErasureEvent = { type: 'OfferKeysRetired', data: { caseId: CASE, keyIds: [], destroyAt: AT } };
export const gone: ErasureEvent = { type: 'OfferKeysDestroyed', data: { caseId: CASE, destroyedAt: NEXT_DAY } };
export const renewed: ErasureEvent = {
  type: 'MasterKeyRenewed',
  data: { caseId: CASE, generation: 2, renewedAt: AT },
};
export const finished: ErasureEvent = { type: 'ErasureFinished', data: { caseId: CASE, finishedAt: AT } };

/** A receipt for an order of this agency. */
export const RECEIPT: Receipt = {
  ...{ erasureId: ORDER, keysDigest: DIGEST, destroyed: DESTROYED, passedOnTo: [OMBUDSMAN], erasedAt: AT },
};

/** The same from an agency, noted. */
export const receiptOf = (from: string, passedOnTo: readonly string[] = []): ErasureEvent => ({
  type: 'ReceiptNoted',
  data: { ...RECEIPT, passedOnTo, caseId: CASE, from, notedAt: LATER },
});
