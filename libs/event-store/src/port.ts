import type { Decider, Instant, JsonObject, Upcaster } from '@acogida/core';
import type { Causation, ContractEvent } from '@acogida/contracts';
import type { ClientBase, QueryConfig } from 'pg';

/** A PostgreSQL client inside an open transaction. Whoever receives one neither commits nor rolls back. */
export type Transaction = Pick<ClientBase, 'query'>;

/**
 * Takes the statements of a read model, which run in order in the transaction that they are for. What they find cannot be
 * read: in an append they go out together with its commit. One that fails lets the whole transaction fail.
 */
export interface ReadModelWriter {
  /** @param statement one command */
  query(statement: string | QueryConfig, values?: unknown[]): Promise<unknown>;
}

/**
 * Whom a contract event is for: the agency's circles of the case (auditors and members, the circle of care, named agencies), or
 * one other agency alone (architecture.md §5). The same as `Audience` of @acogida/sealing.
 */
export type PublishedFor =
  | 'coded'
  | 'care'
  | 'restricted'
  | { readonly to: string; readonly under: 'offer-key' | 'member-key' }
  | { readonly to: string; readonly under: 'channel'; readonly channelId: string };

/** A contract event for one audience; `coded` where none is named, null: it stands in clear, as directory entries do. */
export type PublishedContract = ContractEvent & { readonly audience?: PublishedFor | null };

/** What an event becomes for others: nothing, one contract event, or a copy for each audience. */
export type Published = PublishedContract | readonly PublishedContract[] | null;

/** An event as `decide` returns it. */
export interface NewEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
  /**
   * The contract events it becomes, or null when it stays private. The first copy that is published keeps the id of the event,
   * further ones get ids of their own. Each audience has its own published chain of the stream (`publishedChainOf`).
   */
  readonly publish: Published;
}

/** An event as it stands in a stream, its data already lifted to the current version. */
export interface RecordedEvent<D = JsonObject> {
  readonly id: string;
  readonly stream: string;
  /** 1, 2, 3 … within the stream. */
  readonly version: number;
  /** Order of insertion in this node's store; not gap-free. */
  readonly position: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: Instant;
  readonly data: D;
  readonly metadata: EventMetadata;
  /** Its key was destroyed: it has no type, no data and no metadata any more. Only `readAll` gives such events. */
  readonly erased?: true;
}

/** A recorded event before the insertion that gives it its position. */
export type UnplacedEvent<D = JsonObject> = Omit<RecordedEvent<D>, 'position'>;

/** Who and what caused an event. `actor` is a token subject of the agency's own staff, kept private to the node. */
export interface EventMetadata {
  readonly correlationId: string;
  readonly causation: Causation | null;
  readonly actor: string;
}

/** The answer kept under an idempotency key in the same transaction as the events. */
export interface IdempotentReply {
  /** `<actor>:<Idempotency-Key>`, at most 300 characters. */
  readonly key: string;
  /** SHA-256 hex of method, path and canonical body: the same key with another request is refused. */
  readonly fingerprint: string;
  /** Computed from the recorded events just before they are written; status and JSON body are replayed as they are. */
  readonly reply: (result: { readonly version: number; readonly events: readonly UnplacedEvent[] }) => StoredReply;
}

/** A kept HTTP answer. */
export interface StoredReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject | null;
}

/** A stream that something was decided, or sealed, by, and the version that it must still have. */
export interface StreamGuard {
  readonly stream: string;
  /** 1 or more; 0, the stream must not exist, only beside a request that creates it (`appendTogether`). */
  readonly version: number;
}

/** One command's events for one stream: all or nothing. */
export interface AppendRequest {
  /** `<procedure>-<id>`, `case-intake-0b5c…`. */
  readonly stream: string;
  /** Version of the stream the decision was made on; 0 when the stream must not exist. */
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
  readonly metadata: EventMetadata;
  /** The case under whose key the events and the reply are kept; null: they say nothing of any case and stay plain. */
  readonly caseId: string | null;
  /** The case id was drawn for this request: nobody need look whether there are keys of it. */
  readonly opensCase?: boolean;
  /** State of the procedure after these events, as its decider folds it: for read models that are made of states. */
  readonly state?: unknown;
  readonly idempotency?: IdempotentReply;
  /** Other streams that must stand where they were when this was decided; nobody moves them before the commit. */
  readonly guards?: readonly StreamGuard[];
}

/** A stream that an append moved, with the state that its request said. */
export interface StreamState {
  readonly stream: string;
  readonly version: number;
  /** The append began it: nothing was kept of it before. */
  readonly isNew: boolean;
  readonly state: unknown;
}

/** The stream after an append. */
export interface AppendResult {
  readonly version: number;
  readonly events: readonly RecordedEvent[];
}

/** A read model kept in the append transaction: gets all events of the batch at once and writes set-wise. */
export interface InlineProjection {
  readonly name: string;
  apply(events: readonly RecordedEvent[], transaction: ReadModelWriter): Promise<void>;
  /** Gets the streams of the batch whose requests said their state, right after `apply`. A replay of events has none. */
  applyStates?(streams: readonly StreamState[], transaction: ReadModelWriter): Promise<void>;
  /** Empties the read model for a rebuild. */
  reset(transaction: Transaction): Promise<void>;
  /** Forgets what it has of a case that is being erased; says how many rows. Every read model with a column for cases has it. */
  forget?(transaction: Transaction, caseId: string): Promise<number>;
}

/** Everything the edge needs to run one procedure. */
export interface ProcedureDefinition<C, S, E extends { readonly type: string; readonly data: object }> {
  /** Stream prefix, `case-intake`. */
  readonly name: string;
  readonly decider: Decider<C, S, E>;
  /** Current schema version per event type. */
  readonly versions: Readonly<Record<E['type'], number>>;
  readonly upcasters: readonly Upcaster[];
  /**
   * The contract events that a domain event becomes, one for each audience; null: it stays private. `state` is the state after
   * the event.
   */
  readonly publish: (event: E, state: S) => Published;
  /**
   * The case that a stream in this state is of: its private events and replies are kept encrypted under a key of that case.
   * Null where a stream says nothing of any case (directory), or not yet.
   *
   * @param id of the procedure instance, what follows its name in that of the stream
   */
  readonly caseOf: (state: S, id: string) => string | null;
  /**
   * Commands that a stream takes although a restore lost work on it that nobody has attested yet: what they add is true and makes
   * nobody less safe, whatever was lost. None where left out.
   */
  readonly takesUnattested?: (command: C) => boolean;
}

/** Any procedure, where the types of its parts do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- deciders are contravariant in their commands
export type AnyProcedure = ProcedureDefinition<any, any, any>;

/** Streams of one node on PostgreSQL. */
export interface EventStore {
  /**
   * Appends in one transaction: events, both hash chains, inline read models, idempotency reply and outbox. Appends in
   * flight at the same time may share a transaction; each is accepted or refused on its own.
   *
   * @throws StreamConflictError the stream is not at `expectedVersion`
   * @throws IdempotencyConflictError the key is already taken; carries the kept reply and its fingerprint
   * @throws StreamErasedError the key is already taken, and the case of the kept reply was erased
   * @throws GuardMovedError a stream of `guards` is not where it was
   */
  append(request: AppendRequest): Promise<AppendResult>;
  /**
   * The same for requests that belong together, each for another stream and under another idempotency key: all of them, or none.
   * Results are in the order of the requests. One that is refused refuses all, with its error; a taken key before all else.
   */
  appendTogether(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]>;
  /** The same within a transaction of the caller (policies). A conflict throws and poisons nothing: no row was written. */
  appendWithin(transaction: Transaction, request: AppendRequest): Promise<AppendResult>;
  /**
   * The same for requests that belong together, as in `appendTogether`.
   *
   * @throws StreamMovedError another process came between: the transaction has to be rolled back
   */
  appendTogetherWithin(transaction: Transaction, requests: readonly AppendRequest[]): Promise<readonly AppendResult[]>;
  /**
   * Reads a stream in order and verifies its private chain.
   *
   * @throws StreamCorruptedError the chain does not match; StreamErasedError it does, and the key of an event was destroyed
   */
  readStream(stream: string, transaction?: Transaction): Promise<readonly RecordedEvent[]>;
  /** The reply kept under an idempotency key. @throws StreamErasedError the case that it is of was erased */
  findReply(key: string): Promise<{ readonly fingerprint: string; readonly reply: StoredReply } | undefined>;
  /**
   * Forgets the replies kept before an instant; says how many. A request sent again after that is decided anew, on the state
   * it then finds. Ends early, with some of them left, once the signal is aborted.
   */
  forgetReplies(olderThan: Instant, signal?: AbortSignal): Promise<number>;
  /** Streams every event of the node in position order, in pages, for rebuilds. Erased ones are marked (`erased`). */
  readAll(fromPosition?: string): AsyncIterable<readonly RecordedEvent[]>;
}

/**
 * Seals what a stream publishes for one audience, inside the append transaction, synchronously (implemented by
 * @acogida/sealing, wired by service-kit). What stands in clear comes back unsealed: `keyId` null and `data` the canonical text
 * itself. Null: this copy is not to be published; the chain of its audience does not move.
 */
export type SealForOutbox = (unsealed: {
  readonly id: string;
  readonly class: string;
  readonly type: string;
  readonly caseId: string | null;
  /** Null: in clear. */
  readonly audience: PublishedFor | null;
  readonly text: string;
}) => { readonly subject: string; readonly keyId: string | null; readonly data: string } | null;
