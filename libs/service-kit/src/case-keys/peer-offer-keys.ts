import type { OfferKeyPublishedV1Data, OfferKeyRetiredV1Data } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { ContractProjection, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { type KeyRing, type PeerKeys, usablePublicKey } from '@acogida/sealing';
import { isValidAt, type OfferWeek } from './offer-keys.ts';

/** An offer key that another agency published. */
export interface PeerOfferKey extends OfferWeek {
  readonly agency: string;
  readonly keyId: string;
  readonly x: string;
}

/** Offer keys of other agencies, as they published them. Adapters: PostgreSQL and memory, with one conformance suite. */
export interface PeerOfferKeyBook {
  /** One that is there already, or was retired, stays as it is. */
  note(transaction: Transaction, keys: readonly PeerOfferKey[]): Promise<void>;
  retire(transaction: Transaction, keys: readonly Pick<PeerOfferKey, 'agency' | 'keyId'>[]): Promise<void>;
  /** Those that are not over at an instant and were not retired, by agency and beginning. */
  since(transaction: Transaction, at: Instant): Promise<readonly PeerOfferKey[]>;
  clear(transaction: Transaction): Promise<void>;
}

/** The key to seal to at an instant: of several, the one that was published last. Undefined: the agency is not ready. */
export function offerKeyAt(keys: readonly PeerOfferKey[], agency: string, at: Instant): PeerOfferKey | undefined {
  return keys.findLast((key) => key.agency === agency && isValidAt(key, at));
}

/** Lets the ring seal to the agencies of the network: to their sealing keys, and to the offer key that is valid at an instant. */
export function usePeerKeys(
  ring: Pick<KeyRing, 'usePeer'>,
  sealing: ReadonlyMap<string, PeerKeys['sealing']>,
  offerKeys: readonly PeerOfferKey[],
  at: Instant,
): void {
  for (const [agency, keys] of sealing) {
    const offer = offerKeyAt(offerKeys, agency, at);
    ring.usePeer(agency, { sealing: keys, offer: offer === undefined ? null : { keyId: offer.keyId, x: offer.x } });
  }
}

/** Null for a key that no secret can be agreed with: as if it had not been published. */
function publishedKey({ source: agency, payload }: ReceivedEvent): readonly PeerOfferKey[] {
  const { keyId, x, validFrom, validThrough } = payload.data as unknown as OfferKeyPublishedV1Data;
  try {
    usablePublicKey(x);
  } catch {
    return [];
  }
  return [{ agency, keyId, x, validFrom, validThrough }];
}

/** Keeps the book, at every node. Each agency speaks of its own keys only. */
export function peerOfferKeysProjection(book: PeerOfferKeyBook): ContractProjection {
  return {
    name: 'peer-offer-keys',
    async apply({ opened }, transaction) {
      const published = opened.filter(({ payload }) => payload.type === 'OfferKeyPublished').flatMap(publishedKey);
      const retired = opened
        .filter(({ payload }) => payload.type === 'OfferKeyRetired')
        .map(({ source, payload }) => {
          return { agency: source, keyId: (payload.data as unknown as OfferKeyRetiredV1Data).keyId };
        });
      if (published.length > 0) await book.note(transaction, published);
      if (retired.length > 0) await book.retire(transaction, retired);
    },
    reset: (transaction) => book.clear(transaction),
  };
}
