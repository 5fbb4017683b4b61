import type { Hash } from '@acogida/ledger';
import type { RelayPlace } from './relay-cursor.ts';
import type { OutboxRow, SequencedBatch, StoredEvent } from './relay-sequencing.ts';

/**
 * Where a node keeps what it publishes, and how far that is (D12): on PostgreSQL, and in memory for simulations and specs.
 * Every write names the term and the place that its relay believes in, and changes nothing where that is not so.
 */
export interface RelayStore {
  /** Raises the term, which deposes every other relay of the node. */
  takeOver(): Promise<{ readonly term: number; readonly place: RelayPlace }>;
  /** @throws RelayDeposedError */
  loadPlace(term: number): Promise<RelayPlace>;
  /** Committed events without a number, in the order in which they are to get one, at most a batch. @throws RelayDeposedError */
  nextRows(term: number): Promise<readonly OutboxRow[]>;
  /**
   * Stores a batch: numbers, final bytes, paths, statement and cursor change together or not at all. The cursor also moves
   * past what the log has by the place.
   *
   * @throws RelayDeposedError
   */
  storeBatch(term: number, place: RelayPlace, batch: SequencedBatch): Promise<void>;
  /** The next stored events after a number, at most a batch. */
  storedAfter(number: number): Promise<readonly StoredEvent[]>;
  /** Moves the cursor past what the log has. Need not survive a crash: the same bytes are then published again. @throws RelayDeposedError */
  acknowledge(term: number, through: number): Promise<void>;
  /**
   * Takes the next sequence of a signed head, durably, while the log is known to have everything through the place.
   *
   * @param end position after the last record of the topic
   * @throws RelayDeposedError
   */
  nextHead(term: number, place: RelayPlace, end: bigint): Promise<number>;
  /**
   * Writes down how far the topic was compared, and moves back what is taken for published to that; gives back the place
   * after it. Never past what is known as published: only numbers that were compared may be taken for compared.
   *
   * @throws RelayDeposedError
   */
  noteCompared(term: number, through: number, position: bigint): Promise<RelayPlace>;
  /** Leaf hashes of the stored events under these numbers. */
  leavesOf(numbers: readonly number[]): Promise<ReadonlyMap<number, Hash>>;
  /** Whether a recovery was begun and not finished: by a process that ended meanwhile. */
  isRecoveryUnderWay(): Promise<boolean>;
}
