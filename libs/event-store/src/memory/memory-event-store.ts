import { type Clock, type Ids, type Instant, type StepObserver, unobserved } from '@acogida/core';
import type { NewOutboxRow, StreamHead } from '../append-rows.ts';
import { IdempotencyConflictError, StreamConflictError } from '../errors.ts';
import type { HybridClockSource } from '../hybrid-clock-source.ts';
import type {
  AnyProcedure,
  AppendRequest,
  AppendResult,
  EventStore,
  InlineProjection,
  RecordedEvent,
  SealForOutbox,
  StoredReply,
  Transaction,
} from '../port.ts';
import { type Preparation, prepareAppend, type PreparedAppend, saltSource } from '../prepare-append.ts';
import { ProcedureCatalogue } from '../procedure-catalogue.ts';
import type { MemoryDatabase, MemoryTable } from './memory-database.ts';

/** An event that is to be published, as `es.outbox` has it. */
export interface MemoryOutboxRow extends NewOutboxRow {
  readonly outboxId: string;
  /** Null until the relay gave it one. */
  readonly number: number | null;
}

/** The outbox of the node that keeps this database; keyed by `outboxId`, in the order of insertion. */
export function memoryOutbox(database: MemoryDatabase): MemoryTable<MemoryOutboxRow> {
  return database.table<MemoryOutboxRow>('es.outbox');
}

/** What a store of one simulated node is made of. */
export interface MemoryEventStoreOptions {
  readonly database: MemoryDatabase;
  readonly clock: Clock;
  readonly hybridClock: HybridClockSource;
  readonly ids: Ids;
  readonly seal: SealForOutbox;
  readonly procedures: readonly AnyProcedure[];
  /** Those that write SQL cannot be among them. */
  readonly inlineProjections?: readonly InlineProjection[];
  readonly onCommitted?: () => void;
  /** 32 hex digits. */
  readonly randomSalt?: () => string;
  /** Stands around every transaction of `append`. */
  readonly observer?: StepObserver;
}

interface MemoryStream {
  readonly head: StreamHead;
  readonly events: readonly RecordedEvent[];
}

interface KeptReply {
  readonly fingerprint: string;
  readonly reply: StoredReply;
  readonly recordedAt: Instant;
}

const PAGE_SIZE = 1_000;
/** As the port says. */
const MAX_KEY_LENGTH = 300;

/** Nothing is written anywhere, so nothing needs to be encrypted. */
const plainTexts: Preparation['texts'] = { protect: (_caseId, _place, text) => ({ text, sealedBy: null }) };

/**
 * Streams of one node in memory, with the rows, chains and outbox that PostgreSQL would get; it passes the same conformance
 * suite (@acogida/testing). It keeps what it is given as it is: it knows nothing of damaged rows or older releases.
 */
export class MemoryEventStore implements EventStore {
  readonly #options: MemoryEventStoreOptions;
  readonly #database: MemoryDatabase;
  readonly #preparation: Preparation;
  readonly #streams: MemoryTable<MemoryStream>;
  readonly #replies: MemoryTable<KeptReply>;
  readonly #outbox: MemoryTable<MemoryOutboxRow>;

  constructor(options: MemoryEventStoreOptions) {
    const { database, clock, hybridClock, ids, seal, procedures } = options;
    this.#options = options;
    this.#database = database;
    this.#preparation = {
      catalogue: new ProcedureCatalogue(procedures),
      ...{ clock, hybridClock, ids, seal },
      texts: plainTexts,
      randomSalt: options.randomSalt ?? saltSource(),
    };
    this.#streams = database.table<MemoryStream>('es.stream');
    this.#replies = database.table<KeptReply>('es.idempotency_reply');
    this.#outbox = memoryOutbox(database);
  }

  /** See the port. */
  async append(request: AppendRequest): Promise<AppendResult> {
    const { observer = unobserved } = this.#options;
    const detail = { count: request.events.length, correlationIds: [request.metadata.correlationId] };
    const result = await observer.around('append', detail, () =>
      this.#database.transaction((transaction) => this.appendWithin(transaction, request)),
    );
    if (request.events.some(({ publish }) => publish !== null)) this.#options.onCommitted?.();
    return result;
  }

  /** See the port. */
  async appendWithin(transaction: Transaction, request: AppendRequest): Promise<AppendResult> {
    const { stream, expectedVersion, idempotency } = request;
    if (request.events.length === 0 && idempotency === undefined) {
      throw new RangeError('an append holds events, or an idempotency reply, or both');
    }
    if (idempotency !== undefined && idempotency.key.length > MAX_KEY_LENGTH) {
      throw new RangeError(`an idempotency key has at most ${MAX_KEY_LENGTH} characters`);
    }
    const kept = idempotency && this.#replies.rows(transaction).get(idempotency.key);
    if (kept !== undefined) throw new IdempotencyConflictError(kept.fingerprint, kept.reply);
    const found = this.#streams.rows(transaction).get(stream);
    const actualVersion = found?.head.version ?? 0;
    if (actualVersion !== expectedVersion) throw new StreamConflictError(stream, expectedVersion, actualVersion);
    const prepared = prepareAppend(request, found?.head, this.#preparation);
    const events = this.#write(transaction, prepared, found?.events ?? []);
    if (idempotency !== undefined) {
      const { version, recordedAt } = prepared.row;
      const reply = structuredClone(idempotency.reply({ version, events: prepared.recorded }));
      this.#replies.set(transaction, idempotency.key, { fingerprint: idempotency.fingerprint, reply, recordedAt });
    }
    await this.#project(transaction, request, prepared.row.version, events);
    return { version: prepared.row.version, events };
  }

  /** See the port. */
  async appendTogether(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const results = await this.#database.transaction(async (transaction) => {
      const appended: AppendResult[] = [];
      for (const request of requests) appended.push(await this.appendWithin(transaction, request));
      return appended;
    });
    this.#options.onCommitted?.();
    return results;
  }

  /** See the port. */
  async readStream(stream: string, transaction?: Transaction): Promise<readonly RecordedEvent[]> {
    return this.#streams.rows(transaction).get(stream)?.events ?? [];
  }

  /** See the port. */
  async findReply(key: string): Promise<{ readonly fingerprint: string; readonly reply: StoredReply } | undefined> {
    const kept = this.#replies.rows().get(key);
    return kept === undefined ? undefined : { fingerprint: kept.fingerprint, reply: kept.reply };
  }

  /** See the port. */
  async forgetReplies(olderThan: Instant): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const old = [...this.#replies.rows(transaction)].filter(([, { recordedAt }]) => recordedAt < olderThan);
      for (const [key] of old) this.#replies.delete(transaction, key);
      return old.length;
    });
  }

  /** See the port. */
  async *readAll(fromPosition = '0'): AsyncIterable<readonly RecordedEvent[]> {
    const from = BigInt(fromPosition);
    const events = [...this.#streams.rows().values()]
      .flatMap((stream) => stream.events)
      .filter(({ position }) => BigInt(position) >= from)
      .toSorted((one, other) => Number(BigInt(one.position) - BigInt(other.position)));
    for (let first = 0; first < events.length; first += PAGE_SIZE) yield events.slice(first, first + PAGE_SIZE);
  }

  #write(
    transaction: Transaction,
    { row, recorded, outbox }: PreparedAppend,
    before: readonly RecordedEvent[],
  ): readonly RecordedEvent[] {
    const position = (): string => String(this.#database.next('es.event'));
    const events = recorded.map((event): RecordedEvent => ({ position: position(), ...event }));
    if (events.length > 0) {
      const head: StreamHead = {
        ...{ name: row.stream, version: row.version, private_head: row.privateHead },
        ...{ published_version: row.publishedVersion, published_head: row.publishedHead },
      };
      this.#streams.set(transaction, row.stream, { head, events: [...before, ...events] });
    }
    for (const published of outbox) {
      const outboxId = String(this.#database.next('es.outbox'));
      this.#outbox.set(transaction, outboxId, { ...published, outboxId, number: null });
    }
    return events;
  }

  async #project(
    transaction: Transaction,
    { stream, state }: AppendRequest,
    version: number,
    events: readonly RecordedEvent[],
  ): Promise<void> {
    if (events.length === 0) return;
    for (const projection of this.#options.inlineProjections ?? []) {
      await projection.apply(events, transaction);
      if (state !== undefined) await projection.applyStates?.([{ stream, version, state }], transaction);
    }
  }
}
