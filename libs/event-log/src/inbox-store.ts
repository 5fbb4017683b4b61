import type { Causation } from '@acogida/contracts';
import type { HybridTime, Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { Hash, HeadStatement } from '@acogida/ledger';
import type { KeptReason } from './inbox-port.ts';
import type { Settlement } from './inbox-settlement.ts';
import type { StreamHead } from './inbox-streams.ts';
import type { Lane } from './lane.ts';
import type { LogRecord } from './port.ts';

/** Whether an agency's events are taken. */
export type SourceStatus = 'flowing' | 'gap' | 'stopped';

/** What stands in the row of an agency: where this node is in its log, and what it knows of the agency. */
export interface SourceCursor {
  readonly lastNumber: number;
  /** Serialised `CompactRange` over all leaves up to `lastNumber`. */
  readonly frontier: string;
  /** Greatest that was seen; a lower one is a voice from the past. */
  readonly incarnation: number;
  /** Of the newest head that was seen; 0 before the first. */
  readonly headSequence: number;
  /** Through which number the newest head says the agency's log goes; null before the first. */
  readonly headNumber: number | null;
  /** Root of the tree that the newest head names. */
  readonly headTree: string | null;
  readonly status: SourceStatus;
  readonly reason: string | null;
  /** Events that hold back their lane. */
  readonly unsettled: number;
  /** Events that are sealed here. */
  readonly sealed: number;
}

/** Pseudonyms of an agency whose events are read again: keys have come. */
export interface Unlock {
  readonly source: string;
  readonly subject: string;
  /** How often that was asked for. What is asked for in the meantime is not done with it. */
  readonly wanted: number;
}

/** An event that is sealed here. */
export interface SealedEvent {
  readonly number: number;
  readonly leaf: Hash;
  /** Where it stood on its topic when it came; null when it did not come from there. */
  readonly position: bigint | null;
}

/** What a batch needs to know of the past of its source, and of causes elsewhere. */
export interface PastQuestion {
  /** Numbers that are already here. */
  readonly numbers: readonly number[];
  /** None when nothing of the source is unsettled. */
  readonly lanes: readonly string[];
  readonly causes: readonly Causation[];
  readonly streams: readonly string[];
}

/** The answer to a `PastQuestion`. */
export interface Past {
  /** Leaf hashes of the numbers. */
  readonly leaves: ReadonlyMap<number, Hash>;
  /** Those of the lanes that have an unsettled event, with the number of the first. */
  readonly blockedFrom: ReadonlyMap<string, number>;
  /** `causeKey` of those causes that are not here: neither in effect nor sealed. */
  readonly missingCauses: ReadonlySet<string>;
  /** Where each stream stands. */
  readonly streams: ReadonlyMap<string, StreamHead>;
}

/** What a batch leaves behind, beside the effects and the raw records that are kept. */
export interface BatchOutcome {
  readonly cursor: Omit<SourceCursor, 'headSequence' | 'headNumber' | 'headTree'>;
  /** Greatest trusted clock reading of the batch. */
  readonly clock: HybridTime;
  /** Newest head, when the batch brought one. */
  readonly head: HeadStatement | null;
  /** Something new was heard of the agency. */
  readonly isHeard: boolean;
  readonly settlements: readonly Settlement[];
  /** Numbers that broke their published chain. */
  readonly outOfOrder: ReadonlySet<number>;
  /** Streams that moved. */
  readonly streams: readonly StreamHead[];
}

/** A raw record that is kept, as stored. */
export interface KeptRecord {
  readonly keptId: string;
  readonly kind: string;
  readonly reason: KeptReason;
  readonly number: number;
  readonly leaf: string;
  /** It passed by its lane, and its stream is still to be followed through it. */
  readonly isChainPending: boolean;
  readonly record: LogRecord;
}

/** A raw record that is to be kept. */
export interface KeptRow {
  readonly kind: string;
  readonly number: number | null;
  readonly subject: string | null;
  readonly record: LogRecord;
  /** Names the record, headers and all. */
  readonly fingerprint: string;
  readonly reason: KeptReason;
  /** At most 500 characters. */
  readonly detail: string | null;
  readonly causeSource: string | null;
  readonly causeId: string | null;
  readonly isChainPending: boolean;
}

/** A point within a transaction that can be gone back to. Exactly one of the two is to be called. */
export interface Savepoint {
  release(): Promise<void>;
  /** Undoes what was done since. */
  rollBack(): Promise<void>;
}

/**
 * An agency whose events one transaction has to itself until it ends. What is asked here is what the transaction before it
 * left. On PostgreSQL, calls that do not wait for each other share a round trip: all of them are to be waited for.
 */
export interface LockedSource {
  /** The agency. */
  readonly source: string;
  /** What policies and projections take part in. */
  readonly transaction: Transaction;
  savepoint(): Promise<Savepoint>;
  /** In no round trip when the question is empty. */
  readPast(question: PastQuestion): Promise<Past>;
  /**
   * Writes a batch: events, streams and the agency's row. Wants those of its sealed events read again whose keys have come before
   * them, and says whether there are any.
   */
  writeBatch(outcome: BatchOutcome, now: Instant): Promise<boolean>;
  /**
   * Keeps what is new, and counts an attempt for what is not; gives back the fingerprints of the new ones. What was verified
   * when it came and is no more, its key having ended since, stays what it is. No fingerprint twice.
   */
  keep(rows: readonly KeptRow[], now: Instant): Promise<ReadonlySet<string>>;
  /**
   * Whether an officer resumed the agency although this evidence was known, or it was refused as said by an incarnation that
   * is over.
   */
  isOverruled(fingerprint: string): Promise<boolean>;
  /** Nothing of the agency is taken from now on, until people decide. */
  stop(reason: string): Promise<void>;
  /** Says how many events of the agency hold back their lane now, and how many are sealed. */
  count(counts: Pick<SourceCursor, 'unsettled' | 'sealed'>): Promise<void>;
  /** Changes the row of an event that was kept or sealed and is tried again. */
  updateEvent(settlement: Settlement, now: Instant): Promise<void>;
  /** The event broke the published chain of its stream. */
  flagOutOfOrder(number: number): Promise<void>;
  /** Writes where streams stand. */
  storeStreams(heads: readonly StreamHead[]): Promise<void>;
  /**
   * The records of a lane that are unsettled or passed it by, in number order; `alsoNumber` names one of an unknown type to be
   * tried as well.
   */
  keptOfLane(subject: string, alsoNumber: number | null): Promise<readonly KeptRecord[]>;
  /** After another attempt: forgets the raw record of an event that is applied or sealed, else says what holds it now. */
  resettle(keptId: string, settlement: Settlement, now: Instant): Promise<void>;
  /** What passed by its lane has its place in its stream now: nothing of an applied event is kept any longer. */
  forgetPassed(kept: KeptRecord): Promise<void>;
  /** Sealed events under a subject after a number, in number order, at most `limit`. */
  sealedOf(subject: string, afterNumber: number, limit: number): Promise<readonly SealedEvent[]>;
  /**
   * Counts as done what is wanted under subjects of which nothing is sealed, and gives those. One that another transaction is just
   * wanting may be left out.
   */
  closeVainUnlocks(): Promise<ReadonlySet<string>>;
}

/** Where a node keeps what it received (D12): on PostgreSQL, and in memory for simulations and specs. */
export interface InboxStore {
  /**
   * Runs `work` in a transaction that holds the agency's row, so that one transaction at a time works on its events; the row
   * is made at first sight. Commits when `work` resolves, rolls back when it rejects.
   *
   * @param ask sends what `work` will want to know, before the row is known
   * @throws AbortedTransactionError an effect ignored an error that ended the transaction: nothing was committed
   */
  withSourceLocked<T, A = undefined>(
    source: string,
    work: (locked: LockedSource, cursor: SourceCursor, answer: A | undefined) => Promise<T>,
    ask?: (locked: LockedSource) => Promise<A>,
  ): Promise<T>;
  /** Lanes whose first unsettled event waits for a cause that has taken effect. None of an agency that is stopped. */
  lanesWithArrivedCause(): Promise<readonly Lane[]>;
  /** Whether any event waits for a cause. */
  isSomeoneParked(): Promise<boolean>;
  /**
   * Wants sealed events under these subjects read again once the transaction is committed, and those that are still being received:
   * their keys have come. Any agency's row may be held in the transaction.
   */
  wantUnlock(transaction: Transaction, wanted: readonly Lane[]): Promise<void>;
  /** What is wanted and not done, by agency and subject. */
  openUnlocks(): Promise<readonly Unlock[]>;
  /** All that was sealed when the unlock was wanted has been read again. */
  closeUnlock(unlock: Unlock): Promise<void>;
  /** The number after the last received one, where the agency is known to have said more; null where it is not. */
  missingNumber(source: string): Promise<number | null>;
}

/** An effect swallowed a database error and left the transaction unusable: nothing of it was committed. */
export class AbortedTransactionError extends Error {
  override readonly name = 'AbortedTransactionError';

  constructor() {
    super('the transaction was aborted by an error that its owner ignored');
  }
}
