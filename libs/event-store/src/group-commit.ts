import type { AppendOutcome } from './append-batch.ts';
import type { AppendRequest, AppendResult } from './port.ts';

interface PendingAppend {
  readonly request: AppendRequest;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Settings of a group commit. */
export interface GroupCommitOptions {
  /** Runs one batch in a transaction of its own and commits it; rejects when the transaction failed as a whole. */
  readonly commit: (requests: readonly AppendRequest[]) => Promise<readonly AppendOutcome[]>;
  /** Whether a failure of the whole says nothing of any single request: then all get it and nothing is run again. */
  readonly isOutage: (error: unknown) => boolean;
  /** Called after a commit that left something to publish. */
  readonly onCommitted: () => void;
  /** Transactions under way at the same time. */
  readonly parallelFlushes: number;
  /** Requests of one transaction at most. */
  readonly maxBatch: number;
  /** Smallest batch worth a transaction of its own: from twice as many on, what is waiting is shared among free flushes. */
  readonly minShare: number;
}

/**
 * Lets appends that are in flight at the same time share a transaction. A stream, and an idempotency key, is in at most one
 * batch at a time: a second append to it waits for the next, so requests of one process never fight over a row.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #pending: PendingAppend[] = [];
  readonly #busy = new Set<string>();
  #flushes = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Puts a request into the next batch; settles after its commit. */
  append(request: AppendRequest): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ request, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when no append is in flight any more. */
  drain(): Promise<void> {
    if (this.#pending.length === 0 && this.#flushes === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Waits for the end of this turn of the event loop, so that a burst of arrivals becomes one batch. */
  #schedule(): void {
    if (this.#scheduled || this.#flushes >= this.#options.parallelFlushes) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#fill();
    });
  }

  #fill(): void {
    while (this.#flushes < this.#options.parallelFlushes) {
      const batch = this.#takeBatch();
      if (batch.length === 0) break;
      this.#flushes += 1;
      void this.#flush(batch).finally(() => {
        this.#flushes -= 1;
        for (const { request } of batch) for (const claim of claimsOf(request)) this.#busy.delete(claim);
        if (this.#pending.length > 0) this.#schedule();
        else if (this.#flushes === 0) for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
  }

  #takeBatch(): readonly PendingAppend[] {
    const limit = this.#shareOf(this.#pending.length);
    const batch: PendingAppend[] = [];
    const later: PendingAppend[] = [];
    for (const pending of this.#pending) {
      const claims = claimsOf(pending.request);
      if (batch.length < limit && !claims.some((claim) => this.#busy.has(claim))) {
        for (const claim of claims) this.#busy.add(claim);
        batch.push(pending);
      } else {
        later.push(pending);
      }
    }
    this.#pending = later;
    return batch;
  }

  /** One transaction can be prepared here while the database writes the other. */
  #shareOf(waiting: number): number {
    const { parallelFlushes, maxBatch, minShare } = this.#options;
    return Math.min(maxBatch, Math.max(minShare, Math.ceil(waiting / (parallelFlushes - this.#flushes))));
  }

  async #flush(batch: readonly PendingAppend[]): Promise<void> {
    let outcomes: readonly AppendOutcome[];
    try {
      outcomes = await this.#options.commit(batch.map((pending) => pending.request));
    } catch (error) {
      if (batch.length === 1 || this.#options.isOutage(error)) for (const pending of batch) pending.reject(error);
      // Something in the batch broke the shared transaction: alone, only the culprit fails.
      else for (const pending of batch) await this.#flush([pending]);
      return;
    }
    this.#settle(batch, outcomes);
  }

  #settle(batch: readonly PendingAppend[], outcomes: readonly AppendOutcome[]): void {
    batch.forEach((pending, index) => {
      const outcome = outcomes[index];
      if (outcome?.accepted === true) pending.resolve(outcome.result);
      else pending.reject(outcome?.error);
    });
    if (outcomes.some((outcome) => outcome.accepted && outcome.publishes)) this.#options.onCommitted();
  }
}

function claimsOf(request: AppendRequest): readonly string[] {
  const stream = `stream ${request.stream}`;
  return request.idempotency === undefined ? [stream] : [stream, `key ${request.idempotency.key}`];
}
