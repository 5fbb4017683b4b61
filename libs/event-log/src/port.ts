import type { ContractClass, ContractPayload } from '@acogida/contracts';
import type { Transaction } from '@acogida/event-store';

/** Largest record value the log takes, in bytes. Larger is refused at the source (architecture.md §4). */
export const MAX_RECORD_BYTES = 256 * 1024;

/** One record to publish: the exact bytes of the envelope as text, and what stands beside it. */
export interface LogRecord {
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One record as read. `position` is the place in the topic, from 0, gap-free for readers of these adapters. */
export interface PositionedRecord extends LogRecord {
  readonly topic: string;
  readonly position: bigint;
}

/**
 * Handles records of one topic in order. Resolving lets the group's position be committed, soon and in order, before the
 * subscription ends in any case; rejecting delivers the same again.
 */
export type RecordHandler = (topic: string, records: readonly PositionedRecord[]) => Promise<void>;

/** Topics to follow: these, or those that are named each time it is asked. The list only grows. */
export type TopicList = readonly string[] | (() => readonly string[]);

/** The topics of a list as it is now. */
export function topicsOf(topics: TopicList): readonly string[] {
  return typeof topics === 'function' ? topics() : topics;
}

/** A running consumption. */
export interface Subscription {
  /** Ends consumption; resolves when no handler runs any more. */
  stop(): Promise<void>;
}

/** The record is larger than `MAX_RECORD_BYTES`; nothing of the batch was written. */
export class OversizedRecordError extends Error {
  override readonly name = 'OversizedRecordError';
}

/**
 * The shared log. One topic per agency with one partition: order within a topic is total. Delivery is at least once.
 * Both adapters pass the conformance suite of @acogida/testing.
 */
export interface EventLog {
  /** Creates the topic if it is missing. */
  ensureTopic(topic: string): Promise<void>;
  /** Writes all records in order and resolves when they are durable. @throws OversizedRecordError */
  publish(topic: string, records: readonly LogRecord[]): Promise<void>;
  /**
   * Delivers every record of the topics to the group, each topic in order, from the group's committed position, else from
   * `from`. A topic that does not exist yet is picked up when it appears; so is one that `topics` names later.
   */
  subscribe(options: {
    readonly group: string;
    readonly topics: TopicList;
    readonly from: 'beginning' | 'end';
    readonly handler: RecordHandler;
  }): Promise<Subscription>;
  /** Reads a topic from a position to its present end, without a group, in pages. */
  read(topic: string, from: bigint): AsyncIterable<readonly PositionedRecord[]>;
  /** Position after the last record; 0 for an empty or missing topic. */
  end(topic: string): Promise<bigint>;
  close(): Promise<void>;
}

/** Name of an agency's topic. */
export function topicOf(agencyId: string): string {
  return `acogida.${agencyId}.v1`;
}

/** The agency whose topic it is; undefined for any other name. */
export function agencyOfTopic(topic: string): string | undefined {
  return /^acogida\.(.+)\.v1$/.exec(topic)?.[1];
}

/** A contract event that was verified, opened and validated against its schema. */
export interface ReceivedEvent {
  readonly id: string;
  readonly source: string;
  readonly class: ContractClass;
  readonly subject: string;
  readonly number: number;
  /** Envelope time: when the source recorded it. */
  readonly time: string;
  /** Lifted to the current version of its type; `schemaVersion` says the current one. */
  readonly payload: ContractPayload;
  /** The clock reading was too far ahead to be trusted (flagged; order by causation). */
  readonly clockAhead: boolean;
}

/** Thrown by a policy: its reaction comes to nothing. All that it did for the event is undone, and the event counts as applied. */
export class VoidReactionError extends Error {
  override readonly name = 'VoidReactionError';
}

/**
 * A reaction to another agency's event: a plain function `when-x-then-y`, run in the batch's transaction. Throwing a
 * transient database error retries the batch, `VoidReactionError` undoes this reaction alone; any other error quarantines the event
 * and holds back its lane.
 */
export interface Policy {
  /** `when-referral-requested-then-receive-referral` */
  readonly name: string;
  /** Specific contract type it reacts to. */
  readonly on: string;
  /** @param batch the opened events that are read in one go with it: no read model knows of them yet */
  react(event: ReceivedEvent, transaction: Transaction, batch?: readonly ReceivedEvent[]): Promise<void>;
}

/** A read model over other agencies' events: gets the applied events of a batch and writes set-wise. */
export interface ContractProjection {
  readonly name: string;
  /** Contract types whose content it keeps; of any when left out. It is shown the others all the same. */
  readonly types?: ReadonlySet<string>;
  /**
   * `opened` are validated events; `sealed` are those known only by class: of an unknown type, or sealed for others. One that was
   * shown sealed is shown opened when its key comes.
   */
  apply(
    batch: { readonly opened: readonly ReceivedEvent[]; readonly sealed: readonly UnopenedEvent[] },
    transaction: Transaction,
  ): Promise<void>;
  reset(transaction: Transaction): Promise<void>;
  /**
   * Forgets what it has of a case that is being erased, as if its events had never been opened; says how many rows. Every read
   * model with a column for cases has it.
   */
  forget?(transaction: Transaction, caseId: string): Promise<number>;
  /** Begins to build the read model beside the present one; without it a rebuild resets and applies page by page. */
  readonly replay?: (transaction: Transaction) => Promise<ContractReplay>;
}

/** When this node received an event: an observation that a rebuild keeps. */
export interface Received {
  readonly receivedAt: string;
}

/** Events of one agency in number order, for a rebuild. Those of one agency come in order, agencies alternate. */
export interface ReplayPage {
  readonly opened: readonly (ReceivedEvent & Received)[];
  readonly sealed: readonly (UnopenedEvent & Received)[];
}

/** A read model that is being built from the whole history. Readers see the present one until the transaction commits. */
export interface ContractReplay {
  /** The next page is prepared while this one is written. */
  add(page: ReplayPage): Promise<void>;
  /** Completes the read model and puts it in the place of the present one. */
  finish(): Promise<void>;
}

/** What can be said of an event that was verified and is not understood here. */
export interface UnopenedEvent {
  readonly id: string;
  readonly source: string;
  readonly class: ContractClass;
  readonly subject: string;
  readonly number: number;
  readonly time: string;
  /** `sealed`: for others, or under a key that this node does not have, or has no more. */
  readonly reason: 'unknown-type' | 'sealed';
}
