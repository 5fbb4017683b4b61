import { inTransaction } from '@acogida/event-store';
import { compareTail } from './relay-comparison.ts';
import { publishStored, type PublishingRelay, workLeft } from './relay-publishing.ts';
import { RelayDeposedError, type RelayOptions, TopicAheadError } from './relay-port.ts';
import { sequenceBatch } from './relay-sequencing.ts';

const POLL_INTERVAL_MS = 1_000;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * Brings a node's committed contract events to the log, in order and without gap (architecture.md §3, point 3). Of two
 * relays of one node the one started last writes; the other notices at its next write and stops.
 */
export class Relay {
  readonly #options: RelayOptions;
  #term = 0;
  #running: Promise<void> | null = null;
  #stopping = false;
  #woken = false;
  #tailCompared = false;
  #isBackingOff = false;
  #interrupt: () => void = () => {};

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Takes over: raises the term and starts to work in the background. @throws what the database throws */
  async start(): Promise<void> {
    if (this.#running !== null) return;
    await this.takeOver();
    this.#stopping = false;
    this.#running = this.#work();
  }

  /** Ends the work; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#interrupt();
    await this.#running;
    this.#running = null;
  }

  /** Says that something was committed. Cheap; any number of calls become one round. */
  wake(): void {
    this.#woken = true;
    if (!this.#isBackingOff) this.#interrupt();
  }

  /** Raises the term: every other relay of this node is deposed. Part of `start`. */
  async takeOver(): Promise<void> {
    const { rows } = await this.#options.pool.query<{ term: number }>(
      'UPDATE relay.cursor SET term = term + 1 RETURNING term',
    );
    if (rows[0] === undefined) throw new Error('relay.cursor has no row');
    this.#term = rows[0].term;
    this.#tailCompared = false;
  }

  /** Gives numbers to all committed events; returns how many. @throws RelayDeposedError */
  async sequence(): Promise<number> {
    return untilNone(() => this.#sequenceOnce());
  }

  /** Publishes all that is stored; returns how many. @throws RelayDeposedError and what the log throws */
  async publish(): Promise<number> {
    return untilNone(() => this.#publishOnce());
  }

  #publishing(): PublishingRelay {
    const { pool, agencyId, log } = this.#options;
    return { pool, agencyId, log, term: this.#term };
  }

  async #work(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.#stopping) {
      this.#woken = false;
      try {
        await this.#round();
        backoffMs = FIRST_BACKOFF_MS;
        if (!this.#woken) await this.#pause(this.#options.pollIntervalMs ?? POLL_INTERVAL_MS);
      } catch (error) {
        // A log that was away may have come back without its tail: what is published next must not leave a gap.
        this.#tailCompared = false;
        this.#options.onError?.(error);
        if (error instanceof RelayDeposedError || error instanceof TopicAheadError) return;
        this.#isBackingOff = true;
        await this.#pause(backoffMs);
        this.#isBackingOff = false;
        backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
      }
    }
  }

  async #round(): Promise<void> {
    if (!this.#tailCompared) {
      await compareTail(this.#publishing());
      this.#tailCompared = true;
      this.#options.onTailCompared?.();
    }
    // In turns: under a steady stream of commits, sequencing first until nothing is left would publish nothing. Most
    // wake-ups at a node that only listens find nothing: one look is cheaper than an empty transaction.
    while (!this.#stopping) {
      const { unnumbered, unpublished } = await workLeft(this.#publishing());
      if (!unnumbered && !unpublished) return;
      if (unnumbered) await this.#sequenceOnce();
      await this.#publishOnce();
    }
  }

  #sequenceOnce(): Promise<number> {
    const { pool, agencyId, signer } = this.#options;
    const term = this.#term;
    return inTransaction(pool, (transaction) => sequenceBatch(transaction, { agencyId, signer, term }));
  }

  #publishOnce(): Promise<number> {
    return publishStored(this.#publishing());
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#interrupt = () => {};
  }
}

async function untilNone(round: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await round();
    if (count === 0) return total;
    total += count;
  }
}
