import type { Clock, Ids } from '@acogida/core';
import type { Pool } from 'pg';
import { appendBatch, type AppendContext, type AppendOutcome } from './append-batch.ts';
import { lookAgain, storedReplyOf } from './append-statements.ts';
import { GroupCommit } from './group-commit.ts';
import type { HybridClockSource } from './hybrid-clock-source.ts';
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
} from './port.ts';
import { randomSalt } from './prepare-append.ts';
import { ProcedureCatalogue } from './procedure-catalogue.ts';
import { readAllEvents, readVerifiedStream } from './read-events.ts';
import { inTransaction } from './transaction-scope.ts';
import { isConnectionLost } from './transient-error.ts';

/** What a store of one node is made of. */
export interface PostgresEventStoreOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** The node's one hybrid clock, shared with the inbox that observes received readings. */
  readonly hybridClock: HybridClockSource;
  readonly ids: Ids;
  readonly seal: SealForOutbox;
  /** Every procedure of the node: says which event versions exist and how old ones are lifted. */
  readonly procedures: readonly AnyProcedure[];
  readonly inlineProjections?: readonly InlineProjection[];
  /** Called after a commit of `append` that left something to publish: wakes the relay. Must not throw. */
  readonly onCommitted?: () => void;
  /** 32 hex digits, unpredictable. */
  readonly randomSalt?: () => string;
  /** Append transactions under way at the same time; default 1: what arrives meanwhile becomes the next, larger batch. */
  readonly parallelFlushes?: number;
  /** Appends of one transaction at most; default 256. */
  readonly maxBatch?: number;
  /** Events per page of `readAll`; default 1000. */
  readonly pageSize?: number;
}

/** As the port says; the table checks it too. */
const MAX_KEY_LENGTH = 300;

/** Streams on PostgreSQL with group commit, two hash chains per stream, outbox and idempotency replies. */
export class PostgresEventStore implements EventStore {
  readonly #pool: Pool;
  readonly #context: AppendContext;
  readonly #pageSize: number;
  readonly #groupCommit: GroupCommit;

  constructor(options: PostgresEventStoreOptions) {
    this.#pool = options.pool;
    this.#pageSize = options.pageSize ?? 1000;
    this.#context = {
      catalogue: new ProcedureCatalogue(options.procedures),
      clock: options.clock,
      hybridClock: options.hybridClock,
      ids: options.ids,
      seal: options.seal,
      randomSalt: options.randomSalt ?? randomSalt,
      inlineProjections: options.inlineProjections ?? [],
    };
    this.#groupCommit = new GroupCommit({
      commit: (requests) => this.#commit(requests),
      isOutage: isConnectionLost,
      onCommitted: options.onCommitted ?? (() => {}),
      parallelFlushes: options.parallelFlushes ?? 1,
      maxBatch: options.maxBatch ?? 256,
    });
  }

  /**
   * See the port. A lost connection rejects with a transient error and leaves open whether the commit came through: only a
   * retry under the same idempotency key, or at the same expected version, is safe. A request may be computed more than
   * once before it is committed, so `idempotency.reply` must be pure.
   */
  async append(request: AppendRequest): Promise<AppendResult> {
    refuseMalformed(request);
    return this.#groupCommit.append(request);
  }

  /** See the port. The caller wakes the relay after its commit. */
  async appendWithin(transaction: Transaction, request: AppendRequest): Promise<AppendResult> {
    refuseMalformed(request);
    const [outcome] = await appendBatch(transaction, [request], this.#context);
    if (outcome?.accepted === true) return outcome.result;
    throw outcome?.error;
  }

  async readStream(stream: string, transaction?: Transaction): Promise<readonly RecordedEvent[]> {
    return readVerifiedStream(transaction ?? this.#pool, stream, this.#context.catalogue);
  }

  async findReply(key: string): Promise<{ readonly fingerprint: string; readonly reply: StoredReply } | undefined> {
    const { replies } = await lookAgain(this.#pool, [], [key]);
    const kept = replies.get(key);
    return kept === undefined ? undefined : { fingerprint: kept.fingerprint, reply: storedReplyOf(kept) };
  }

  /** See `readAllEvents`: one snapshot, `fromPosition` included. */
  readAll(fromPosition = '0'): AsyncIterable<readonly RecordedEvent[]> {
    return readAllEvents(this.#pool, this.#context.catalogue, fromPosition, this.#pageSize);
  }

  /** Resolves when no append is in flight any more: for an orderly shutdown, after the edge stopped taking commands. */
  async drain(): Promise<void> {
    await this.#groupCommit.drain();
  }

  async #commit(requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> {
    return inTransaction(this.#pool, (client) => appendBatch(client, requests, this.#context));
  }
}

/** Mistakes of the calling code, caught before they could break a shared transaction. */
function refuseMalformed(request: AppendRequest): void {
  if (request.events.length === 0 && request.idempotency === undefined) {
    throw new RangeError('an append holds events, or an idempotency reply, or both');
  }
  if (request.idempotency !== undefined && request.idempotency.key.length > MAX_KEY_LENGTH) {
    throw new RangeError(`an idempotency key has at most ${MAX_KEY_LENGTH} characters`);
  }
}
