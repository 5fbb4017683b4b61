import { DomainError, type Instant } from '@acogida/core';

/** What is kept of in the audit (architecture.md §5, §8): who looked, who overruled, what was refused at a way out. */
export const AUDIT_KINDS = [
  /** Identity was read. */
  'READ',
  /** Identity was asked for, and refused. */
  'READ_REFUSED',
  /** Shared although no consent allowed it, for a reason. */
  'OVERRIDE',
  /** Not shared: a consent or a deny rule stood in the way. */
  'DENIED_EGRESS',
  /** A second person agreed, or was missing (INV-05). */
  'SECOND_PERSON',
  'LINK_ISSUED',
  /** What a link shows was shown, to somebody who had its code. */
  'LINK_OPENED',
  /** A wrong code was typed in for a link that can be used. */
  'LINK_REFUSED',
  'LINK_ANSWERED',
  /** Identity was written. */
  'WRITE',
  'ERASURE',
  'HOLD',
  /** An agency without a say in a case spoke of who reads it along: nothing came of it. */
  'CIRCLE_WORD_REFUSED',
  /** Something came in on the channel between agencies, and was not answered. */
  'CHANNEL_REFUSED',
  /** What answered on that channel could not be shown to be the agency that was asked. */
  'CHANNEL_UNVERIFIABLE',
  /** Another agency asked whether somebody may be made to leave. */
  'CLEARANCE',
  /** An officer decided whether two identities are one person's. */
  'MATCH_DECIDED',
] as const;
/** One of `AUDIT_KINDS`. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** One thing that was done or refused. Codes and ids only: never what was read, written or typed in. */
export interface AuditEntry {
  readonly at: Instant;
  /** Token subject, or `<agency>.<policy>` for what nobody did by hand. */
  readonly actor: string;
  readonly kind: AuditKind;
  /** Null where it is about no case. */
  readonly caseId: string | null;
  /** What exactly, as `WORD` or `word:VALUE`, 1 to 100 characters of `A-Z a-z 0-9 _ . : -` each; at most 50. */
  readonly details: readonly string[];
  /** Consent that it rested on, or that stood against it; null where there is none. */
  readonly consentId: string | null;
}

const DETAIL = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;
/** Whatever an issuer calls its staff, on one line. */
const ACTOR = /^[^\p{Cc}]{1,150}$/u;
const MAX_DETAILS = 50;

/** An entry that may be kept. @throws DomainError AUDIT.NOT_CODED: a detail could hold words of a person */
export function requireCoded(entry: AuditEntry): AuditEntry {
  const { actor, details } = entry;
  if (ACTOR.test(actor) && details.length <= MAX_DETAILS && details.every((detail) => DETAIL.test(detail))) {
    return entry;
  }
  throw new DomainError('AUDIT.NOT_CODED', 'invalid', 'the audit holds codes and ids only');
}
