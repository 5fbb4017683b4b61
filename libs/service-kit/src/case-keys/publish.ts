import type { KnownContractEvent } from '@acogida/contracts';
import type { Audience } from '@acogida/sealing';
import type { CaseKeysEvent, GrantedCase, KeysGranted } from './case-keys-events.ts';
import type { OfferKeysEvent } from './offer-keys.ts';

/** A contract event and whom it is sealed for; null: it stands in clear, as directory entries do. */
export type AddressedContract = KnownContractEvent & { readonly audience: Audience | null };

/**
 * Gives the key of a holder as text, 43 characters of base64url: from the ring, with the epochs that are only being begun.
 *
 * @throws MissingKeyError it is not there
 */
export type HandOver = (holder: string, keyId: string) => string;

function withKeys({ caseId, holder, keys, roster, chains }: GrantedCase, handOver: HandOver) {
  return {
    ...{ caseId, holder },
    keys: keys.map(({ subject, audience, epoch, keyId }) => {
      return { subject, audience, epoch, keyId, key: handOver(holder, keyId) };
    }),
    roster: roster.map(({ agency, memberKeyX, audiences }) => ({ agency, memberKeyX, audiences: [...audiences] })),
    chains: chains.map(({ chain, version, head }) => ({ chain, version, head })),
  };
}

/** What a grant becomes: the only place where keys are put into words, for one agency alone. */
export function publishGrant({ data }: KeysGranted, handOver: HandOver): AddressedContract {
  const { grantId, to, under, cases, grantedAt } = data;
  const caseIds = new Set(cases.map(({ caseId }) => caseId));
  const [caseId = null] = caseIds.size === 1 ? caseIds : [];
  return {
    ...{ class: 'key', type: 'KeysGranted', schemaVersion: 1, caseId, occurredAt: grantedAt },
    data: { grantId, cases: cases.map((granted) => withKeys(granted, handOver)) },
    audience: { to, under },
  };
}

/**
 * What the circle learns: who joins and who leaves (`care`; of the epoch that ends, as the next one is begun after it), and each
 * member its keys. Epochs show by themselves; auditors are nobody's circle.
 */
export function publishCaseKeys(event: CaseKeysEvent, handOver: HandOver): AddressedContract | null {
  const frame = { class: 'key', schemaVersion: 1 } as const;
  switch (event.type) {
    case 'KeysGranted':
      return publishGrant(event, handOver);
    case 'MemberAdmitted': {
      const { caseId, agency, role, memberKeyX, audiences, history, admittedAt: joinedAt } = event.data;
      if (role === 'AUDITOR') return null;
      const data = { agency, memberKeyX, audiences: audiences.map(({ audience }) => audience), history, joinedAt };
      return { ...frame, type: 'MemberAnnounced', caseId, occurredAt: joinedAt, data, audience: 'care' };
    }
    case 'MemberLeft': {
      const { caseId, agency, role, reason, leftAt } = event.data;
      if (role === 'AUDITOR') return null;
      const data = { agency, reason, leftAt };
      return { ...frame, type: 'MemberRemoved', caseId, occurredAt: leftAt, data, audience: 'care' };
    }
    case 'CaseOpenedForKeys':
    case 'EpochBegun':
    case 'GrantPostponed':
    case 'CaseKeysErased':
      return null;
  }
}

/** What senders have to know of this agency's offer keys. */
export function publishOfferKeys(event: OfferKeysEvent): AddressedContract | null {
  const frame = { class: 'directory', schemaVersion: 1, caseId: null, audience: null } as const;
  switch (event.type) {
    case 'OfferKeyPublished': {
      const { keyId, x, validFrom, validThrough, publishedAt } = event.data;
      return { ...frame, type: event.type, occurredAt: publishedAt, data: { keyId, x, validFrom, validThrough } };
    }
    case 'OfferKeyRetired': {
      const { keyId, receivedThrough, retiredAt } = event.data;
      const received = receivedThrough.map(({ agency, number }) => ({ agency, number }));
      return { ...frame, type: event.type, occurredAt: retiredAt, data: { keyId, receivedThrough: received } };
    }
    case 'OfferKeyKept':
    case 'OfferKeyDestroyed':
      return null;
  }
}
