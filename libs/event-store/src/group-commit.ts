import type { AppendOutcome } from './append-outcomes.ts';
import type { AppendRequest, AppendResult } from './port.ts';

interface PendingAppend {
  /** More than one: all of them, or none. */
  readonly requests: readonly AppendRequest[];
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Settings of a group commit. */
export interface GroupCommitOptions {
  /**
   * Runs one batch in a transaction of its own and commits it; rejects when the transaction failed as a whole. Requests that
   * belong together stand in one list, and are all accepted or all refused.
   */
  readonly commit: (units: readonly (readonly AppendRequest[])[]) => Promise<readonly (readonly AppendOutcome[])[]>;
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

  /** Puts requests that belong together, one or more, into the next batch; settles after its commit. */
  append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ requests, resolve, reject });
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
        for (const { requests } of batch) for (const claim of claimsOf(requests)) this.#busy.delete(claim);
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
      const claims = claimsOf(pending.requests);
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
    let outcomes: readonly (readonly AppendOutcome[])[];
    try {
      outcomes = await this.#options.commit(batch.map((pending) => pending.requests));
    } catch (error) {
      if (batch.length === 1 || this.#options.isOutage(error)) for (const pending of batch) pending.reject(error);
      // Something in the batch broke the shared transaction: alone, only the culprit fails.
      else for (const pending of batch) await this.#flush([pending]);
      return;
    }
    this.#settle(batch, outcomes);
  }

  #settle(batch: readonly PendingAppend[], outcomes: readonly (readonly AppendOutcome[])[]): void {
    batch.forEach((pending, index) => {
      const results: AppendResult[] = [];
      for (const outcome of outcomes[index] ?? []) {
        if (outcome.accepted) results.push(outcome.result);
        else pending.reject(outcome.error);
      }
      pending.resolve(results); // of no effect where it was refused
    });
    if (outcomes.flat().some((outcome) => outcome.accepted && outcome.publishes)) this.#options.onCommitted();
  }
}

function claimsOf(requests: readonly AppendRequest[]): readonly string[] {
  return requests.flatMap(({ stream, idempotency }) =>
    idempotency === undefined ? [`stream ${stream}`] : [`stream ${stream}`, `key ${idempotency.key}`],
  );
}
