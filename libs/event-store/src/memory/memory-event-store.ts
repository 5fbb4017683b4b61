import { type Clock, type Ids, type Instant, type StepObserver, unobserved } from '@acogida/core';
import type { NewOutboxRow, StreamHead } from '../append-rows.ts';
import { movedGuards, refuseMovedGuards, sealingGuardsOf } from '../append-guards.ts';
import { GuardMovedError, IdempotencyConflictError, StreamConflictError } from '../errors.ts';
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
import { refuseMalformed } from '../refuse-malformed.ts';
import { type AppendSealing, plainSealing, type StoreSealing } from '../store-sealing.ts';
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
  /** Keys of cases, which publishing is sealed and guarded by. What is kept here stays plain all the same. */
  readonly sealing?: Pick<StoreSealing, 'prepare' | 'guardsMoved'>;
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

interface Appended {
  readonly result: AppendResult;
  readonly publishes: boolean;
  /** What its transaction was sealed with. */
  readonly texts: AppendSealing;
}

interface KeptReply {
  readonly fingerprint: string;
  readonly reply: StoredReply;
  readonly recordedAt: Instant;
}

const PAGE_SIZE = 1_000;

/** How often it is sealed again when keys moved meanwhile. */
const MAX_ATTEMPTS = 3;

/**
 * Streams of one node in memory, with the rows, chains and outbox that PostgreSQL would get; it passes the same conformance
 * suite (@acogida/testing). It keeps what it is given as it is: it knows nothing of damaged rows or older releases.
 */
export class MemoryEventStore implements EventStore {
  readonly #options: MemoryEventStoreOptions;
  readonly #database: MemoryDatabase;
  readonly #preparation: Omit<Preparation, 'texts'>;
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
      randomSalt: options.randomSalt ?? saltSource(),
      chainsSince: () => null, // no older copy of it is ever restored
    };
    this.#streams = database.table<MemoryStream>('es.stream');
    this.#replies = database.table<KeptReply>('es.idempotency_reply');
    this.#outbox = memoryOutbox(database);
  }

  /** See the port. */
  async append(request: AppendRequest): Promise<AppendResult> {
    const [result] = await this.appendTogether([request]);
    return result as AppendResult;
  }

  /** See the port. */
  async appendTogether(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    refuseMalformed(requests);
    const { observer = unobserved } = this.#options;
    const detail = {
      count: requests.reduce((count, { events }) => count + events.length, 0),
      correlationIds: requests.map(({ metadata }) => metadata.correlationId),
    };
    const appended = await observer.around('append', detail, () =>
      this.#database.transaction((transaction) => this.#appendAll(transaction, requests)),
    );
    appended[0]?.texts.committed();
    if (appended.some(({ publishes }) => publishes)) this.#options.onCommitted?.();
    return appended.map(({ result }) => result);
  }

  /** See the port. */
  async appendWithin(transaction: Transaction, request: AppendRequest): Promise<AppendResult> {
    const [result] = await this.appendTogetherWithin(transaction, [request]);
    return result as AppendResult;
  }

  /** See the port. */
  async appendTogetherWithin(
    transaction: Transaction,
    requests: readonly AppendRequest[],
  ): Promise<readonly AppendResult[]> {
    refuseMalformed(requests);
    return (await this.#appendAll(transaction, requests)).map(({ result }) => result);
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

  async #appendAll(transaction: Transaction, requests: readonly AppendRequest[]): Promise<readonly Appended[]> {
    for (const { idempotency } of requests) {
      const kept = idempotency && this.#replies.rows(transaction).get(idempotency.key);
      if (kept !== undefined) throw new IdempotencyConflictError(kept.fingerprint, kept.reply);
    }
    // Before anything is written: a guard on a stream that is moved here means where it stood.
    for (const request of requests) this.#refuseMoved(transaction, request);
    const texts = await this.#textsFor(transaction, requests);
    // All of it before any is written: what is refused here leaves nothing in the transaction of the caller.
    const prepared = requests.map((request) => {
      const found = this.#streams.rows(transaction).get(request.stream);
      return prepareAppend(request, found?.head, { ...this.#preparation, texts });
    });
    const appended: Omit<Appended, 'texts'>[] = [];
    for (const [index, request] of requests.entries()) {
      appended.push(await this.#appendOne(transaction, request, prepared[index] as PreparedAppend));
    }
    await texts.keepKeys(transaction);
    return appended.map((each) => ({ ...each, texts }));
  }

  /** Transactions run one after the other: what stands here stands until the commit. */
  #refuseMoved(transaction: Transaction, request: AppendRequest): void {
    const { stream, expectedVersion } = request;
    const actualVersion = this.#versionOf(transaction, stream);
    if (actualVersion !== expectedVersion) throw new StreamConflictError(stream, expectedVersion, actualVersion);
    refuseMovedGuards(request, (guarded) => this.#versionOf(transaction, guarded));
  }

  /** Keys whose guards stand. @throws GuardMovedError they still move */
  async #textsFor(transaction: Transaction, requests: readonly AppendRequest[]): Promise<AppendSealing> {
    const { sealing = plainSealing } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const texts = await sealing.prepare(requests, transaction);
      const guards = requests.flatMap((request) => sealingGuardsOf(request, texts));
      const moved = movedGuards(guards, (stream) => this.#versionOf(transaction, stream));
      if (moved.length === 0) return texts;
      sealing.guardsMoved?.(moved);
      if (attempt === MAX_ATTEMPTS) throw new GuardMovedError(moved);
    }
  }

  #versionOf(transaction: Transaction, stream: string): number {
    return this.#streams.rows(transaction).get(stream)?.head.version ?? 0;
  }

  async #appendOne(
    transaction: Transaction,
    request: AppendRequest,
    prepared: PreparedAppend,
  ): Promise<Omit<Appended, 'texts'>> {
    const before = this.#streams.rows(transaction).get(request.stream)?.events ?? [];
    const events = this.#write(transaction, prepared, before);
    const { idempotency } = request;
    const { version, recordedAt } = prepared.row;
    if (idempotency !== undefined) {
      const reply = structuredClone(idempotency.reply({ version, events: prepared.recorded }));
      this.#replies.set(transaction, idempotency.key, { fingerprint: idempotency.fingerprint, reply, recordedAt });
    }
    await this.#project(transaction, request, version, events);
    return { result: { version, events }, publishes: prepared.outbox.length > 0 };
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
        other_chains: row.otherChains,
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
      const isNew = version === events.length;
      if (state !== undefined) await projection.applyStates?.([{ stream, version, isNew, state }], transaction);
    }
  }
}
