import { DomainError } from '@acogida/core';
import type { TrustEntry } from '@acogida/ledger';

/** Contract events that carry a statement of trust. */
const KINDS = {
  AgencyAdmitted: 'admission',
  AgencyKeyRevoked: 'revocation',
  SuccessionOrdered: 'succession',
  AgencyKeysRotated: 'rotation',
} as const satisfies Record<string, TrustEntry['type']>;

/** One of the types of contract event that carry a statement of trust. */
export type TrustEventType = keyof typeof KINDS;

/** Their types. */
export const TRUST_EVENT_TYPES = Object.keys(KINDS) as readonly TrustEventType[];

/** A published statement and where it stands. */
export interface PublishedStatement {
  /** Whose topic. */
  readonly source: string;
  /** Of the event in that topic. */
  readonly number: number;
  readonly type: string;
  readonly data: object;
}

const MENTIONS = new RegExp(`"type":"(${TRUST_EVENT_TYPES.join('|')})"`);

/** Whether the text of a record may carry a statement of trust: whoever reads on must have taken it in first. */
export function mayChangeTrust(text: string): boolean {
  return MENTIONS.test(text);
}

/** Whether the event carries a statement of trust. */
export function isTrustEvent(type: string): type is TrustEventType {
  return Object.hasOwn(KINDS, type);
}

/**
 * The statement of an event, for `TrustState`, which checks its form and its signatures. Statements of the roots count in the
 * directory's topic only, a rotation in the agency's own: else its number would be one of another log.
 *
 * @throws DomainError `TRUST.WRONG_TOPIC`
 */
export function trustEntryOf(
  { source, number, type, data }: PublishedStatement & { readonly type: TrustEventType },
  directoryId: string,
): TrustEntry {
  const kind = KINDS[type];
  const owner = kind === 'rotation' ? agencyOf(data) : directoryId;
  if (source !== owner) {
    throw new DomainError('TRUST.WRONG_TOPIC', 'invalid', 'a statement of trust counts in one topic only');
  }
  return (kind === 'rotation' ? { type: kind, at: number, signed: data } : { type: kind, signed: data }) as TrustEntry;
}

function agencyOf(data: object): unknown {
  return (data as { readonly statement?: { readonly agency?: unknown } }).statement?.agency;
}
