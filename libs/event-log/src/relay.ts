import { type Clock, type StepObserver, unobserved } from '@acogida/core';
import { compareTail } from './relay-comparison.ts';
import type { RelayPlace } from './relay-cursor.ts';
import { publishHead } from './relay-heartbeat.ts';
import { OwnTopic } from './relay-own-topic.ts';
import {
  endsRelay,
  HEARTBEAT_INTERVAL_MS,
  MAX_BATCH_EVENTS,
  type RelayOptions,
  TopicAheadError,
} from './relay-port.ts';
import { acknowledge, publishEvents, type PublishingRelay } from './relay-publishing.ts';
import { recover } from './relay-recovery.ts';
import { type OutboxRow, prepareBatch, type StoredEvent, underOneKey } from './relay-sequencing.ts';

const POLL_INTERVAL_MS = 1_000;
const COMPARE_INTERVAL_MS = 3_600_000;
/** Within this time the next batch is expected to bring the acknowledgement along. */
const ACKNOWLEDGE_AFTER_MS = 50;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * Brings a node's committed contract events to the log, in order and without gap (architecture.md §3, point 3). Of two
 * relays of one node the one started last writes; the other notices at its next write and stops.
 *
 * It keeps its place in memory: every write says which term and number it believes in, and changes nothing where that is not
 * so. What is published are the very bytes that were stored and committed just before; after a failure or a restart they are
 * read from the store.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #observer: StepObserver;
  readonly #ownTopic: OwnTopic;
  #term = 0;
  #place: RelayPlace | undefined;
  /** Through which number the database knows that the log has everything; no further than the place says. */
  #acknowledgedThrough = 0;
  /** The topic does not end before this position unless it lost something. */
  #leastEnd = 0n;
  #spokeAtMs = 0;
  #comparedAtMs: number | undefined;
  #running: Promise<void> | null = null;
  #stopping = false;
  #woken = false;
  #isBackingOff = false;
  #owesTurn = true;
  #interrupt: () => void = () => {};

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#observer = options.observer ?? unobserved;
    this.#ownTopic = new OwnTopic({ ...options, keys: options.recovery?.ownKeys });
  }

  /** Takes over: raises the term and starts to work in the background. @throws what the database throws */
  async start(): Promise<void> {
    if (this.#running !== null) return;
    await this.takeOver();
    this.#stopping = false;
    this.#spokeAtMs = performance.now();
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

  /** Says that a reader misses something of this agency: the topic is compared again. */
  compareAgain(): void {
    this.#comparedAtMs = undefined;
    this.wake();
  }

  /** Raises the term: every other relay of this node is deposed. Part of `start`. */
  async takeOver(): Promise<void> {
    const { term, place } = await this.#options.store.takeOver();
    this.#term = term;
    this.#standAt(place);
    this.#comparedAtMs = undefined;
  }

  /** Gives numbers to all committed events; returns how many. @throws RelayDeposedError */
  async sequence(): Promise<number> {
    return untilNone(async () => (await this.#sequenceOnce(await this.#knownPlace())).length);
  }

  /** Publishes all that is stored; returns how many. @throws RelayDeposedError and what the log throws */
  async publish(): Promise<number> {
    this.#standAt(await this.#options.store.loadPlace(this.#term));
    const count = await untilNone(async () => this.#publishStored(await this.#knownPlace()));
    await this.#acknowledge();
    return count;
  }

  #publishing(): PublishingRelay {
    const { store, agencyId, log } = this.#options;
    return { store, agencyId, log, term: this.#term, observer: this.#observer };
  }

  #standAt(place: RelayPlace): void {
    this.#place = place;
    this.#acknowledgedThrough = place.publishedThrough;
  }

  async #knownPlace(): Promise<RelayPlace> {
    if (this.#place === undefined) this.#standAt(await this.#options.store.loadPlace(this.#term));
    return this.#place as RelayPlace;
  }

  async #work(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.#stopping) {
      try {
        await this.#round();
        backoffMs = FIRST_BACKOFF_MS;
        await this.#rest();
      } catch (error) {
        await this.#forgetPlace();
        this.#options.onError?.(error);
        if (endsRelay(error)) return;
        this.#isBackingOff = true;
        await this.#pause(backoffMs);
        this.#isBackingOff = false;
        backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
      }
    }
    await this.#acknowledge().catch((error: unknown) => this.#options.onError?.(error));
  }

  /**
   * After a failure nothing is taken for granted: neither the place, nor that a log that was away came back with its tail
   * (what is published next must not leave a gap).
   */
  async #forgetPlace(): Promise<void> {
    await this.#acknowledge().catch(() => {});
    this.#place = undefined;
    this.#comparedAtMs = undefined;
  }

  async #round(): Promise<void> {
    if (this.#isComparisonDue()) await this.#compare();
    // In turns: under a steady stream of commits, sequencing first until nothing is left would publish nothing.
    while (!this.#stopping) {
      const place = await this.#knownPlace();
      if (place.publishedThrough < place.lastNumber) {
        await this.#publishStored(place);
        continue;
      }
      this.#woken = false;
      const stored = await this.#sequenceOnce(place);
      await this.#publish(stored);
      await this.#turn(); // now, and not with the next round: this node itself is asked by what counts
      // Whoever commits from here on wakes; what another process commits is seen by the poll.
      if (stored.length < MAX_BATCH_EVENTS && !this.#woken) break;
    }
    if (!this.#stopping && this.#msUntilHead() <= 0) await this.#speak();
  }

  /** Until something is to be done. What the log has is written down by itself only where no batch follows soon. */
  async #rest(): Promise<void> {
    if (this.#acknowledgedThrough < (this.#place?.publishedThrough ?? 0)) {
      await this.#pause(ACKNOWLEDGE_AFTER_MS);
      if (!this.#woken) await this.#acknowledge();
    }
    await this.#pause(this.#msUntilNextRound());
  }

  /** Not needed for order or safety: what is published without it is published again after a crash. */
  async #acknowledge(): Promise<void> {
    const through = this.#place?.publishedThrough ?? 0;
    if (through <= this.#acknowledgedThrough) return;
    await acknowledge(this.#publishing(), through, through - this.#acknowledgedThrough);
    this.#acknowledgedThrough = through;
  }

  #isComparisonDue(): boolean {
    const intervalMs = this.#options.compareIntervalMs ?? COMPARE_INTERVAL_MS;
    return this.#comparedAtMs === undefined || performance.now() - this.#comparedAtMs > intervalMs;
  }

  async #compare(): Promise<void> {
    await this.#acknowledge();
    const { store } = this.#options;
    const { turningPoints } = this.#options;
    const relay = { store, term: this.#term, ownTopic: this.#ownTopic, turningPoints };
    let comparison = await compareTail(relay);
    if (comparison.isOlderCopy || (await store.isRecoveryUnderWay())) {
      const { recovery, clock } = this.#options;
      if (recovery === undefined || clock === undefined) {
        throw new TopicAheadError(comparison.greatest, comparison.place.lastNumber);
      }
      recovery.onStarted?.();
      await recover({ ...this.#options, ...relay, recovery, clock }, comparison);
      comparison = await compareTail(relay);
      this.#owesTurn = true;
    }
    this.#standAt(comparison.place);
    this.#leastEnd = comparison.end;
    await this.#options.onTailCompared?.();
    this.#comparedAtMs = performance.now();
  }

  async #sequenceOnce(place: RelayPlace): Promise<readonly StoredEvent[]> {
    const { store } = this.#options;
    await this.#turn();
    const found = await store.nextRows(this.#term);
    if (found.length === 0) return [];
    const rows = underOneKey(found, place.lastNumber + 1, this.#options);
    this.#owesTurn = this.#options.turningPoints?.isOne(rows.at(-1) as OutboxRow) === true;
    const batch = prepareBatch(this.#options, place, rows);
    await this.#observer.around('sequence', { count: rows.length }, () => store.storeBatch(this.#term, place, batch));
    this.#place = batch.place;
    this.#acknowledgedThrough = place.publishedThrough;
    if (rows.length < found.length) this.#woken = true;
    return batch.events;
  }

  /** Nothing is signed before it is known whose key counts: also after a crash right behind such an event. */
  async #turn(): Promise<void> {
    if (!this.#owesTurn) return;
    await this.#options.turningPoints?.onSequenced();
    this.#owesTurn = false;
  }

  async #publishStored(place: RelayPlace): Promise<number> {
    const events = await this.#options.store.storedAfter(place.publishedThrough);
    await this.#publish(events);
    return events.length;
  }

  async #publish(events: readonly StoredEvent[]): Promise<void> {
    await publishEvents(this.#publishing(), events, (publishedThrough, count) => {
      this.#place = { ...(this.#place as RelayPlace), publishedThrough };
      this.#leastEnd += BigInt(count);
      this.#spokeAtMs = performance.now();
    });
  }

  #msUntilHead(): number {
    if (this.#options.clock === undefined) return Number.POSITIVE_INFINITY;
    const intervalMs = this.#options.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS;
    return this.#spokeAtMs + intervalMs - performance.now();
  }

  #msUntilNextRound(): number {
    return Math.max(1, Math.min(this.#options.pollIntervalMs ?? POLL_INTERVAL_MS, this.#msUntilHead()));
  }

  /** Signs the head, or compares the topic anew when it is shorter than it was: an idle relay notices no other way. */
  async #speak(): Promise<void> {
    await this.#acknowledge();
    const end = await this.#ownTopic.end();
    if (end < this.#leastEnd) {
      this.compareAgain();
      return;
    }
    await this.#turn();
    const place = await this.#knownPlace();
    const clock = this.#options.clock as Clock;
    this.#place = await publishHead({ ...this.#options, clock, term: this.#term }, place, end);
    this.#leastEnd = end + 1n;
    this.#spokeAtMs = performance.now();
  }

  /** Less when there is something to do. */
  async #pause(ms: number): Promise<void> {
    if (this.#stopping || (this.#woken && !this.#isBackingOff)) return;
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
