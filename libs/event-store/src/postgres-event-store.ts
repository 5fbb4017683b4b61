import { type Clock, type Ids, type Instant, type StepObserver, unobserved } from '@acogida/core';
import type { Pool } from 'pg';
import { appendBatch, type AppendContext, appendKnownBatch, KnownHeadsMovedError } from './append-batch.ts';
import { BatchOutdatedError } from './append-guards.ts';
import { type AppendOutcome, type Bond, flattened, regrouped, resultsOf } from './append-outcomes.ts';
import { keptReplyOf, type ReplyRow, type StreamHead } from './append-rows.ts';
import { deleteReplies, findReplies } from './append-statements.ts';
import { inAppendTransaction } from './append-transaction.ts';
import { GroupCommit } from './group-commit.ts';
import type { HybridClockSource } from './hybrid-clock-source.ts';
import { KnownHeads } from './known-heads.ts';
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
import { saltSource } from './prepare-append.ts';
import { ProcedureCatalogue } from './procedure-catalogue.ts';
import { readAllEvents } from './read-all.ts';
import { readVerifiedStreams, readVerifiedStreamsFrom, type StreamRead } from './read-events.ts';
import { ReadGroup } from './read-group.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { type AppendSealing, plainSealing, type StoreSealing } from './store-sealing.ts';
import { isConnectionLost, StreamMovedError } from './transient-error.ts';

/** What a store of one node is made of. */
export interface PostgresEventStoreOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** The node's one hybrid clock, shared with the inbox that observes received readings. */
  readonly hybridClock: HybridClockSource;
  readonly ids: Ids;
  readonly seal: SealForOutbox;
  /** Encrypts what the tables hold of cases. Left out, everything is kept plain: for stores that hold no case. */
  readonly sealing?: StoreSealing;
  /** Every procedure of the node: says which event versions exist and how old ones are lifted. */
  readonly procedures: readonly AnyProcedure[];
  readonly inlineProjections?: readonly InlineProjection[];
  /** Called after a commit of `append` that left something to publish: wakes the relay. Must not throw. */
  readonly onCommitted?: () => void;
  /** 32 hex digits, unpredictable. */
  readonly randomSalt?: () => string;
  /** Since which incarnation the sealed chains are begun anew (`RecoveryGate.chainsSince`); by default none ever was. */
  readonly chainsSince?: () => number | null;
  /**
   * Append transactions under way at the same time; default 2: one is prepared here while the database writes the other. What
   * was committed before an append was asked for has lower positions in any case.
   */
  readonly parallelFlushes?: number;
  /** Appends of one transaction at most; default 256. */
  readonly maxBatch?: number;
  /** Events per page of `readAll`; default 1000. */
  readonly pageSize?: number;
  /** Streams whose head is remembered, about 300 bytes each; default 10,000. */
  readonly knownHeads?: number;
  /** Stands around every append transaction of `append`. */
  readonly observer?: StepObserver;
}

/** A second round trip may start while the first is under way; more would only make the groups smaller. */
const PARALLEL_READS = 2;
/** Below, the round trips of a second transaction cost more than it saves. */
const MIN_SHARE = 16;
/** Streams, or keys, of one round trip. */
const MAX_READS = 64;

/** Each attempt finds the keys that the one before ran into. */
const MAX_KEY_ATTEMPTS = 3;

const REPLIES_PER_DELETION = 1000;
const EMPTY_STREAM: StreamRead = { events: [], head: null };

/** Streams on PostgreSQL with group commit, two hash chains per stream, outbox and idempotency replies. */
export class PostgresEventStore implements EventStore {
  readonly #pool: Pool;
  readonly #context: Omit<AppendContext, 'texts' | 'bonds'>;
  readonly #sealing: StoreSealing;
  readonly #pageSize: number;
  readonly #groupCommit: GroupCommit;
  readonly #heads: KnownHeads;
  readonly #streams: ReadGroup<StreamRead | Error>;
  readonly #replies: ReadGroup<ReplyRow | undefined>;
  readonly #cases: ReadGroup<AppendSealing>;
  readonly #observer: StepObserver;

  constructor(options: PostgresEventStoreOptions) {
    this.#pool = options.pool;
    this.#pageSize = options.pageSize ?? 1000;
    this.#sealing = options.sealing ?? plainSealing;
    this.#context = {
      sealing: this.#sealing,
      catalogue: new ProcedureCatalogue(options.procedures),
      clock: options.clock,
      hybridClock: options.hybridClock,
      ids: options.ids,
      seal: options.seal,
      randomSalt: options.randomSalt ?? saltSource(),
      chainsSince: options.chainsSince ?? (() => null),
      inlineProjections: options.inlineProjections ?? [],
    };
    this.#heads = new KnownHeads(options.knownHeads ?? 10_000);
    this.#observer = options.observer ?? unobserved;
    const grouping = { isOutage: isConnectionLost, parallelReads: PARALLEL_READS, maxKeys: MAX_READS };
    this.#streams = new ReadGroup<StreamRead | Error>({
      read: (streams) => readVerifiedStreamsFrom(this.#pool, streams, this.#context),
      ...grouping,
    });
    this.#replies = new ReadGroup<ReplyRow | undefined>({ read: (keys) => findReplies(this.#pool, keys), ...grouping });
    this.#cases = new ReadGroup<AppendSealing>({ read: (cases) => this.#prepareCases(cases), ...grouping });
    this.#groupCommit = new GroupCommit({
      commit: (units) => this.#commit(units),
      isOutage: isConnectionLost,
      onCommitted: options.onCommitted ?? (() => {}),
      parallelFlushes: options.parallelFlushes ?? 2,
      maxBatch: options.maxBatch ?? 256,
      minShare: MIN_SHARE,
    });
  }

  /**
   * See the port. A lost connection rejects with a transient error and leaves open whether the commit came through: only a
   * retry under the same idempotency key, or at the same expected version, is safe. A request may be computed more than
   * once before it is committed, so `idempotency.reply` must be pure.
   */
  async append(request: AppendRequest): Promise<AppendResult> {
    const [result] = await this.appendTogether([request]);
    return result as AppendResult;
  }

  /** See the port, and `append`. */
  async appendTogether(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    refuseMalformed(requests);
    if (requests.length === 0) return [];
    // Looked for here, so that those that they are committed with need not wait for it.
    for (const { caseId, opensCase } of requests) {
      if (caseId !== null && opensCase !== true && !this.#sealing.hasKeysOf(caseId)) await this.#cases.read(caseId);
    }
    return this.#groupCommit.append(requests);
  }

  /** See the port. The caller wakes the relay after its commit. */
  async appendWithin(transaction: Transaction, request: AppendRequest): Promise<AppendResult> {
    const [result] = await this.appendTogetherWithin(transaction, [request]);
    return result as AppendResult;
  }

  /** See the port, and `appendWithin`. */
  async appendTogetherWithin(
    transaction: Transaction,
    requests: readonly AppendRequest[],
  ): Promise<readonly AppendResult[]> {
    refuseMalformed(requests);
    const { bonds } = flattened([requests]);
    // Whether they move is for the caller to decide.
    this.#heads.forget(requests.map(({ stream }) => stream));
    this.#sealing.guardsMoved?.(requests.map(({ stream, expectedVersion: version }) => ({ stream, version })));
    for (let attempt = 1; ; attempt += 1) {
      const texts = await this.#sealing.prepare(requests, transaction);
      try {
        return resultsOf(await appendBatch(transaction, requests, { ...this.#context, texts, bonds }, transaction));
      } catch (error) {
        if (this.#sealing.isOutdated(error)) throw new StreamMovedError(requests[0]?.stream ?? '', error);
        if (error instanceof BatchOutdatedError && error.guards.length === 0) throw error.refusal; // some were written
        this.#prepareAgainOr(error, attempt); // nothing was written yet
      }
    }
  }

  /** See the port. Outside a transaction, reads that are wanted at the same time share a round trip. */
  async readStream(stream: string, transaction?: Transaction): Promise<readonly RecordedEvent[]> {
    const read =
      transaction === undefined
        ? await this.#streams.read(stream)
        : ((await readVerifiedStreams(transaction, [stream], this.#context)).get(stream) ?? EMPTY_STREAM);
    if (read instanceof Error) throw read;
    if (transaction === undefined && read.head !== null) this.#heads.keep(read.head);
    return read.events;
  }

  /** See the port. Shares round trips like `readStream`. */
  async findReply(key: string): Promise<{ readonly fingerprint: string; readonly reply: StoredReply } | undefined> {
    const kept = await this.#replies.read(key);
    if (kept === undefined) return undefined;
    const sealing = this.#sealing;
    const isOpen = kept.sealed_by === null || sealing.knows(kept.sealed_by);
    return keptReplyOf(kept, isOpen ? sealing.reveal : await sealing.look([kept.sealed_by ?? '']));
  }

  /** See the port. A thousand at a time, each in a transaction of its own, so that no append waits for long. */
  async forgetReplies(olderThan: Instant, signal?: AbortSignal): Promise<number> {
    let forgotten = 0;
    for (;;) {
      const deleted = await deleteReplies(this.#pool, olderThan, REPLIES_PER_DELETION);
      forgotten += deleted;
      if (deleted < REPLIES_PER_DELETION || signal?.aborted === true) return forgotten;
    }
  }

  /** See `readAllEvents`: one snapshot, `fromPosition` included. */
  readAll(fromPosition = '0'): AsyncIterable<readonly RecordedEvent[]> {
    return readAllEvents(this.#pool, this.#context, fromPosition, this.#pageSize);
  }

  /** Resolves when no append is in flight any more: for an orderly shutdown, after the edge stopped taking commands. */
  async drain(): Promise<void> {
    await this.#groupCommit.drain();
  }

  #commit(units: readonly (readonly AppendRequest[])[]): Promise<readonly (readonly AppendOutcome[])[]> {
    const { requests, bonds } = flattened(units);
    const detail = {
      count: requests.reduce((count, request) => count + request.events.length, 0),
      correlationIds: requests.map((request) => request.metadata.correlationId),
    };
    return this.#observer.around('append', detail, async () => {
      const heads = this.#heads.headsFor(requests);
      // Whatever happens to them now, what is known of these streams holds only if the commit is confirmed.
      this.#heads.forget(requests.map((request) => request.stream));
      const outcomes =
        (heads && (await this.#commitKnown(requests, heads, bonds))) ?? (await this.#commitLocking(requests, bonds));
      for (const outcome of outcomes) if (outcome.accepted && outcome.head !== null) this.#heads.keep(outcome.head);
      return regrouped(units, outcomes);
    });
  }

  /** One statement for the usual case; undefined, and nothing written, when the heads were not as known. */
  async #commitKnown(
    requests: readonly AppendRequest[],
    heads: ReadonlyMap<string, StreamHead>,
    bonds: readonly Bond[],
  ): Promise<readonly AppendOutcome[] | undefined> {
    const texts = this.#sealing.begin(requests);
    if (texts === undefined) return undefined;
    try {
      const outcomes = await inAppendTransaction(this.#pool, (transaction, readModels) =>
        appendKnownBatch(transaction, requests, heads, { ...this.#context, texts, bonds }, readModels),
      );
      this.#committed(texts, requests, outcomes);
      return outcomes;
    } catch (error) {
      if (error instanceof KnownHeadsMovedError || this.#sealing.isOutdated(error)) return undefined;
      throw error;
    }
  }

  /** Looks before it writes. Again, where keys that it was sealed with moved, or another process came between. */
  async #commitLocking(requests: readonly AppendRequest[], bonds: readonly Bond[]): Promise<readonly AppendOutcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      const texts = await this.#sealing.prepare(requests);
      try {
        const outcomes = await inAppendTransaction(this.#pool, (transaction, readModels) =>
          appendBatch(transaction, requests, { ...this.#context, texts, bonds }, readModels),
        );
        this.#committed(texts, requests, outcomes);
        return outcomes;
      } catch (error) {
        this.#prepareAgainOr(error, attempt);
      }
    }
  }

  /** Keys that were to begin with a stream that was refused did not. */
  #committed(texts: AppendSealing, requests: readonly AppendRequest[], outcomes: readonly AppendOutcome[]): void {
    texts.committed();
    const refused = requests.filter((_, index) => outcomes[index]?.accepted !== true);
    if (refused.length === 0) return;
    this.#sealing.guardsMoved?.(refused.map(({ stream, expectedVersion: version }) => ({ stream, version })));
  }

  /** Returns where preparing again may help. @throws what is to be said otherwise */
  #prepareAgainOr(error: unknown, attempt: number): void {
    const isOutdated = error instanceof BatchOutdatedError;
    if (isOutdated && error.guards.length > 0) this.#sealing.guardsMoved?.(error.guards);
    if (attempt < MAX_KEY_ATTEMPTS && (isOutdated || this.#sealing.isOutdated(error))) return;
    throw isOutdated ? error.refusal : error;
  }

  async #prepareCases(cases: readonly string[]): Promise<ReadonlyMap<string, AppendSealing>> {
    const texts = await this.#sealing.prepare(cases.map((caseId) => ({ caseId })));
    return new Map(cases.map((caseId) => [caseId, texts]));
  }
}
