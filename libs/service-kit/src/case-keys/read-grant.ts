import type { KeysGrantedV1Data } from '@acogida/contracts';
import { DomainError, type Instant } from '@acogida/core';
import { BrokenSealError, type NewSecret, SealingKey } from '@acogida/sealing';

/** A pseudonym whose events may open now. */
export interface UnlockedSubject {
  /** Agency that publishes under it. */
  readonly source: string;
  readonly subject: string;
}

/** A key that a grant brings. */
export type GrantedKey = Extract<NewSecret, { readonly kind: 'case' }>;

/** Who granted what to whom, and when it was received. */
export interface GrantReceipt {
  readonly grantedBy: string;
  /** This agency. */
  readonly receiver: string;
  /** Case of the event that brought it; null for a grant of several. */
  readonly caseId: string | null;
  readonly receivedAt: Instant;
}

function received(key: string, keyId: string): SealingKey {
  try {
    return SealingKey.received(key, keyId);
  } catch (error) {
    if (!(error instanceof BrokenSealError)) throw error;
    throw new DomainError('KEYS.COMMITMENT', 'invalid', 'a key does not fit the key id that it was granted under');
  }
}

/**
 * Reads a grant. Keys of a third agency are taken as well as those of the one that grants: a key fits its key id or is refused,
 * and one that is made up opens nothing that the third agency ever publishes. Of itself nobody is told anything: this agency
 * seals under no key that it did not make.
 *
 * @throws DomainError `KEYS.COMMITMENT` a key is another than its key id says; `KEYS.OTHER_CASE` it is of a case that the event
 *   is not about. Nothing of such a grant is taken.
 */
export function readGrant(data: KeysGrantedV1Data, receipt: GrantReceipt): readonly GrantedKey[] {
  const { grantedBy, receiver, caseId, receivedAt } = receipt;
  if (caseId !== null && data.cases.some((granted) => granted.caseId !== caseId)) {
    throw new DomainError('KEYS.OTHER_CASE', 'invalid', 'a grant that is about one case holds keys of that case');
  }
  const secrets = data.cases.flatMap((granted) =>
    granted.keys.map(({ subject, audience, epoch, keyId, key }) => ({
      ...{ kind: 'case' as const, source: granted.holder, subject, caseId: granted.caseId, audience, epoch },
      ...{ key: received(key, keyId), grantedBy, receivedAt },
    })),
  );
  return secrets.filter(({ source }) => source !== receiver);
}

/** What these keys may open, each pseudonym once. */
export function unlockedBy(keys: readonly GrantedKey[]): readonly UnlockedSubject[] {
  const subjects = new Map(keys.map(({ source, subject }) => [`${source}/${subject}`, { source, subject }]));
  return [...subjects.values()];
}
