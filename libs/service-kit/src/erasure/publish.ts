import type { KnownContractEvent } from '@acogida/contracts';
import type { PublishedContract } from '@acogida/event-store';
import { digestOf } from './digest-of-keys.ts';
import type { Copies, ErasureEvent, ErasureEventOf, ErasureOrder } from './erasure-events.ts';

const NOTHING = { keys: 0, rows: 0, texts: 0 } as const;

function orderCopies(
  { erasureId, caseId, orderedBy, basis, orderedAt }: ErasureOrder,
  { toCircle, sealedTo }: Copies,
): readonly PublishedContract[] {
  const contract: KnownContractEvent = {
    ...{ class: 'erasure', type: 'ErasureOrdered', schemaVersion: 1, caseId, occurredAt: orderedAt },
    data: { erasureId, orderedBy, basis, orderedAt },
  };
  const copy: PublishedContract = contract;
  return [
    ...(toCircle ? [{ ...copy, audience: 'coded' as const }] : []),
    ...sealedTo.map((to): PublishedContract => ({ ...copy, audience: { to, under: 'offer-key' } })),
  ];
}

/** Names no case where it is sealed to one agency; development keys know nothing but cases. */
function receipt({ data }: ErasureEventOf<'ReceiptGiven'>): PublishedContract {
  const { erasureId, keysDigest, destroyed, passedOnTo, erasedAt, caseId, to, under, givenAt } = data;
  const contract: KnownContractEvent = {
    ...{ class: 'erasure', type: 'CaseErased', schemaVersion: 1, occurredAt: givenAt },
    caseId: under === 'CIRCLE' ? caseId : null,
    data: { erasureId, keysDigest, destroyed: { ...destroyed }, passedOnTo: [...passedOnTo], erasedAt },
  };
  return { ...contract, audience: under === 'CIRCLE' ? 'coded' : { to, under: 'offer-key' } };
}

/** As the receipt of an agency that kept nothing: of no key, no row and no text. */
function emptyReceipt({ data }: ErasureEventOf<'NothingHeldStated'>): PublishedContract {
  const { erasureId, to, heardAt, statedAt } = data;
  const contract: KnownContractEvent = {
    ...{ class: 'erasure', type: 'CaseErased', schemaVersion: 1, caseId: null, occurredAt: statedAt },
    data: { erasureId, keysDigest: digestOf([]), destroyed: NOTHING, passedOnTo: [], erasedAt: heardAt },
  };
  return { ...contract, audience: { to, under: 'offer-key' } };
}

/** To the circle when it is news, and to whoever ordered it alone, who may not be in it: there it names no case. */
function postponement({ data }: ErasureEventOf<'ErasurePostponed'>): readonly PublishedContract[] {
  const { caseId, erasureId: first, reason, reviewOn, postponedAt, isNews, to } = data;
  const wordOf = (erasureId: string, of: string | null): KnownContractEvent => ({
    ...{ class: 'erasure', type: 'ErasurePostponed', schemaVersion: 1, caseId: of, occurredAt: postponedAt },
    data: { erasureId, reason, reviewOn, postponedAt },
  });
  return [
    ...(isNews ? [{ ...wordOf(first, caseId), audience: 'coded' as const }] : []),
    ...to.map(({ agency, erasureId }): PublishedContract => {
      return { ...wordOf(erasureId, null), audience: { to: agency, under: 'offer-key' } };
    }),
  ];
}

/** What others hear: the order while there are keys to seal it with, why it waits, and the receipt. */
export function publishErasure(event: ErasureEvent): readonly PublishedContract[] | null {
  switch (event.type) {
    case 'ErasureOrdered':
    case 'OrderNoted':
      return orderCopies(event.data, event.data.copies);
    case 'ErasurePostponed':
      return postponement(event);
    case 'ReceiptGiven':
      return [receipt(event)];
    case 'NothingHeldStated':
      return [emptyReceipt(event)];
    case 'UnknownOrderNoted':
    case 'LegalHoldPlaced':
    case 'LegalHoldLifted':
    case 'LegalHoldLapsed':
    case 'WithdrawalsAnswered':
    case 'ReviewBroughtForward':
    case 'LocallyErased':
    case 'OfferKeysRetired':
    case 'OfferKeysDestroyed':
    case 'MasterKeyRenewed':
    case 'ErasureFinished':
    case 'ReceiptPostponed':
    case 'ReceiptNoted':
    case 'PostponementNoted':
    case 'ErasureCompleted':
      return null;
  }
}
