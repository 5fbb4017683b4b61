import type { Clock, HybridTime, Ids, StepObserver } from '@acogida/core';
import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import type { InboxSealing, TrustedKey } from './inbox-port.ts';
import type { EventLog } from './port.ts';
import type { RelayStore } from './relay-store.ts';

/** Most events under one signed statement, and most rows in one sequencing transaction. */
export const MAX_BATCH_EVENTS = 500;

/** How long an agency says nothing at most before it signs its head, unless configured otherwise. */
export const HEARTBEAT_INTERVAL_MS = 10_000;

/** The key that an agency signs its batch statements with. */
export interface StatementSigner {
  readonly keyId: string;
  /** Ed25519 private key. */
  readonly privateKey: KeyObject;
}

/** Who signs: always the same, or whoever it is at a number. A head is signed by the key of the number after it. */
export type Signers = StatementSigner | ((number: number) => StatementSigner);

/** Who signs at the number. */
export function signerAt(signers: Signers, number: number): StatementSigner {
  return typeof signers === 'function' ? signers(number) : signers;
}

/** Events that change who signs from the next number on: each is the last of its batch. */
export interface TurningPoints {
  /** Whether it is one, by its class and its text as the outbox has it. */
  readonly isOne: (event: { readonly class: string; readonly data: string }) => boolean;
  /** Before the first batch, and once such events have their numbers: nothing is signed until it resolves. */
  readonly onSequenced: () => Promise<void>;
  /** One of the own topic that this database lost (architecture.md §3, Restore): what follows it is signed by another key. */
  readonly onFound?: (event: { readonly number: number; readonly data: string }) => void;
}

/** What a relay needs to go on from a restored older copy of its database (architecture.md §3, Restore). */
export interface RelayRecoveryOptions {
  /** The node's own database: `es.outbox`, `es.stream` and the schema `relay`. */
  readonly pool: Pool;
  /** Every key that the agency ever signed with: only what verifies is taken back in. */
  readonly ownKeys: readonly TrustedKey[] | (() => readonly TrustedKey[]);
  /** Opens the agency's own seals, to learn streams and versions. */
  readonly sealing: InboxSealing;
  /** The node's hybrid clock: goes on after what the lost life published. */
  readonly hybridClock: { next(): HybridTime; observe(received: HybridTime): { readonly ahead: boolean } };
  readonly ids: Ids;
  /** The topic is ahead: nothing may be accepted until `onTailCompared`. */
  readonly onStarted?: () => void;
}

/** What a relay needs. */
export interface RelayOptions {
  readonly agencyId: string;
  readonly store: RelayStore;
  readonly log: EventLog;
  readonly signer: Signers;
  readonly turningPoints?: TurningPoints;
  /** Dates the signed heads. Without it the relay signs none. */
  readonly clock?: Clock;
  /** After how long without anything published the head is signed; 10 s by default. */
  readonly heartbeatIntervalMs?: number;
  /** How long a wake-up may be missed at most; 1000 by default. */
  readonly pollIntervalMs?: number;
  /** How often the topic is compared with the database while all goes well; an hour by default. */
  readonly compareIntervalMs?: number;
  /** Absent: a topic that is ahead stops the relay (`TopicAheadError`). */
  readonly recovery?: RelayRecoveryOptions;
  /** Stands around `sequence`, `publish` and `acknowledge`. */
  readonly observer?: StepObserver;
  /** The own topic was compared with this database: after the start, and again after each failure. */
  readonly onTailCompared?: () => void | Promise<void>;
  /** Every failure, transient or not; after one that `endsRelay` the relay has stopped. */
  readonly onError?: (error: unknown) => void;
}

/** Another relay of this node has started: this one must not write any more. */
export class RelayDeposedError extends Error {
  override readonly name = 'RelayDeposedError';

  constructor(term: number) {
    super(`the relay of term ${term} was deposed by a newer one`);
  }
}

/**
 * The agency's own topic is ahead of this database: an old backup was restored (architecture.md §3, Restore), and this
 * relay was not told how to recover. Going on would use a number twice for different bytes.
 */
export class TopicAheadError extends Error {
  override readonly name = 'TopicAheadError';

  constructor(topicNumber: number, lastNumber: number) {
    super(`the topic ends with number ${topicNumber} but this store only gave numbers up to ${lastNumber}`);
  }
}

/**
 * The agency's own topic cannot be brought to agree with this database: people must decide. `code` is stable:
 * - `DIFFERENT_BYTES`: topic and store hold different events under one number
 * - `UNVERIFIABLE`: the topic holds a number of this agency that none of its keys stands for
 * - `INCOMPLETE`: the topic is ahead, and a number before its end is missing
 * - `DIFFERENT_TREE`: the events as read do not add up to a tree that the agency signed
 */
export class OwnTopicError extends Error {
  override readonly name = 'OwnTopicError';
  readonly code: 'DIFFERENT_BYTES' | 'UNVERIFIABLE' | 'INCOMPLETE' | 'DIFFERENT_TREE';

  constructor(code: OwnTopicError['code'], number: number) {
    super(`the own topic contradicts this store at number ${number}: ${code}`);
    this.code = code;
  }
}

/** Whether trying again is of no use: the relay has given up. */
export function endsRelay(error: unknown): boolean {
  return error instanceof RelayDeposedError || error instanceof TopicAheadError || error instanceof OwnTopicError;
}
