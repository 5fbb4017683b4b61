import type { Clock, HybridTime, StepObserver } from '@acogida/core';
import type { ContractClass, ContractPayload } from '@acogida/contracts';
import type { SealHeader, SealReading, WantedKeys } from '@acogida/sealing';
import type { KeyObject } from 'node:crypto';
import type { InboxStore } from './inbox-store.ts';
import type { RecordVerification } from './inbox-verification.ts';
import type { ContractProjection, Policy, ReceivedEvent } from './port.ts';

/** A key that an agency signs with. Validity is judged by number, never by wall clock (architecture.md §5). */
export interface TrustedKey {
  readonly keyId: string;
  /** Ed25519 public key. */
  readonly publicKey: KeyObject;
  /** First number that it may sign. */
  readonly fromNumber: number;
  /** Last good number, for a key that was rotated or revoked. */
  readonly throughNumber?: number;
}

/**
 * The agencies that are listened to, and their keys. An agency that is not here cannot be verified. A map is one that never
 * changes; one that does says so by its revision.
 */
export interface Trust {
  has(agencyId: string): boolean;
  /** Oldest first; none for an agency whose keys all ended. */
  get(agencyId: string): readonly TrustedKey[] | undefined;
  /** Moves whenever an answer may have changed. */
  readonly revision?: number;
}

/** Judges opened payloads against the contracts that this release knows, and lifts them to the current version. */
export interface ContractReader {
  /** `clearClass` is what stands on the envelope: a type under another class than its own is invalid. */
  read(payload: ContractPayload, clearClass: ContractClass): ContractReading;
}

/** What a release makes of a payload. `reason` names schema paths, never values. */
export type ContractReading =
  | { readonly status: 'ok'; readonly payload: ContractPayload }
  | { readonly status: 'unknown-type' }
  | { readonly status: 'unknown-version' }
  | { readonly status: 'invalid'; readonly reason: string };

/** The node's hybrid clock, which moves with what is received (`HybridClockSource` of @acogida/event-store). */
export interface ClockObserver {
  observe(received: HybridTime): { readonly ahead: boolean };
}

/**
 * How received events are opened. `read` is called at once and without I/O, in the order of the agency's numbers; what it needs
 * is fetched before, by page, and once more for what it says that it wants.
 */
export interface InboxSealing {
  /** Fetches the keys that events with these headers may need. Called outside transactions. */
  prepare(headers: readonly SealHeader[]): Promise<void>;
  /** Opens an event. @throws BrokenSealError nobody can ever open it */
  read(header: SealHeader, data: string): SealReading;
  /** Fetches what `read` said is wanting; what is wanting still after it counts as sealed. Called outside transactions. */
  load(wanted: WantedKeys): Promise<void>;
  /**
   * Is told of each event that was opened and understood before the next one is read: keys that one brings open what follows on
   * the same page. It may be told of an event that never takes effect, and of one again. Called outside transactions.
   */
  learn?(event: ReceivedEvent): void | Promise<void>;
}

/** Something an operator must look at. Never holds identity or content. */
export interface InboxAlarm {
  readonly kind:
    | 'unverifiable'
    | 'equivocation'
    | 'gap'
    | 'quarantined'
    | 'sealed'
    | 'out-of-order'
    | 'clock-ahead'
    | 'incarnation'
    | 'stale';
  readonly source: string;
  /** Null for bytes whose number cannot be trusted. */
  readonly number: number | null;
  /** Stable code. */
  readonly reason: string;
}

/**
 * Types that pass by the case queue (architecture.md §3, point 4): whatever makes a safeguard stricter takes effect at once,
 * though an earlier event of its lane, or its cause, cannot. What makes one laxer never passes. Statements of trust pass as
 * well: they are judged by their signatures and by number, whatever was heard before, and whoever misses one can read nothing
 * that is signed under it, while a directory entry of a later version waits for a newer release.
 */
export const RESTRICTIVE_TYPES: ReadonlySet<string> = new Set([
  'HoldPlaced',
  'HaltOrdered',
  'HaltAcknowledged',
  'CasesLinked',
  'ConsentWithdrawn',
  'MemberRemoved',
  'ErasureOrdered',
  'SuccessionOrdered',
  'AgencyKeyRevoked',
  'AgencyAdmitted',
  'AgencyKeysRotated',
]);

/** What an inbox is made of. */
export interface InboxOptions {
  readonly agencyId: string;
  readonly store: InboxStore;
  readonly trust: Trust;
  /** Checks records against `trust`: one of the inbox's own where left out. Those of one process that trust the same may share it. */
  readonly verifier?: RecordVerification;
  readonly sealing: InboxSealing;
  readonly reader: ContractReader;
  readonly policies: readonly Policy[];
  readonly projections: readonly ContractProjection[];
  readonly clock: Clock;
  readonly hybridClock: ClockObserver;
  readonly onAlarm?: (alarm: InboxAlarm) => void;
  /** After each commit that let events take effect: policies may have appended, so the relay is to be woken. */
  readonly onEffect?: () => void;
  /** After each commit that left events sealed of which keys had come in the meantime: `Unlocks` is to be woken. */
  readonly onReopened?: () => void;
  /** `RESTRICTIVE_TYPES` by default. */
  readonly restrictiveTypes?: ReadonlySet<string>;
  /** Stands around each batch's transaction. */
  readonly observer?: StepObserver;
}

/**
 * Why an event did not take effect (yet), or a record was refused. Stable codes. `MISSING_KEY` is what earlier releases parked for:
 * such an event is sealed when it is tried again.
 */
export type KeptReason =
  | 'MISSING_KEY'
  | 'MISSING_CAUSE'
  | 'BROKEN_SEAL'
  | 'MALFORMED_PAYLOAD'
  | 'FOREIGN_CASE'
  | 'UNKNOWN_VERSION'
  | 'INVALID_CONTRACT'
  | 'EFFECT_FAILED'
  | 'LANE_BLOCKED'
  | 'UNKNOWN_TYPE'
  | 'PASSED_BY'
  | 'EQUIVOCATION'
  | UnverifiableReason;

/** Why a record cannot be verified. */
export type UnverifiableReason =
  | 'ENVELOPE_REFUSED'
  | 'FOREIGN_SOURCE'
  | 'STATEMENT_MISSING'
  | 'STATEMENT_REFUSED'
  | 'UNKNOWN_SIGNING_KEY'
  | 'SIGNING_KEY_OVER'
  | 'NUMBER_OUTSIDE_STATEMENT'
  | 'PATH_REFUSED'
  | 'INCARNATION_OVER';

/** A number is missing: nothing after it is applied; the log delivers again until it is there. */
export class GapError extends Error {
  override readonly name = 'GapError';
  readonly source: string;
  readonly expected: number;
  readonly found: number;

  constructor(source: string, expected: number, found: number) {
    super(`${source}: expected number ${expected}, found ${found}`);
    this.source = source;
    this.expected = expected;
    this.found = found;
  }
}

/** The agency said two different things under one number or one tree: nothing of it is taken until people decide. */
export class AgencyStoppedError extends Error {
  override readonly name = 'AgencyStoppedError';
  readonly source: string;

  constructor(source: string, reason: string) {
    super(`${source} is stopped here: ${reason}`);
    this.source = source;
  }
}
