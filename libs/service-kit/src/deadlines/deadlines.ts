import { type Clock, instantAfter } from '@acogida/core';
import { isTransientDatabaseError } from '@acogida/event-store';
import { takeTurn, type TurnParts } from './deadline-turn.ts';
import type { AlarmClock, OpenDeadline } from './port.ts';

/** How often the node looks of itself, so that a wake-up that is lost costs a minute. */
const LOOK_INTERVAL_MS = 60_000;
/** Deadlines that are asked for together. */
const PAGE_SIZE = 100;
/** Turns of one look; what is left is for the next, which is wanted at once. */
const MAX_TURNS = 10_000;
/** Tries of one turn when other commands keep moving the stream. */
const MAX_TRIES = 3;
const FIRST_RETRY_DELAY_MS = 1_000;
const LAST_RETRY_DELAY_MS = 60 * 60 * 1_000;

/** Told of every turn; must not throw. `kind` is the one of the deadline, a code. */
export interface TurnObserver {
  onHandled(kind: string): void;
  onFailed(kind: string, error: unknown): void;
}

/** What deadlines need. */
export interface DeadlinesOptions extends TurnParts {
  readonly clock: Clock;
  readonly alarm: AlarmClock;
  readonly observer: TurnObserver;
  /** Told when a look failed as a whole (the database was away); the next one takes its work over. */
  readonly onError: (error: unknown) => void;
  /** Whether commands may be decided now; nothing is done, and nothing is lost, while not. Always when left out. */
  readonly mayAct?: () => boolean;
  /** Run before the first look, until it resolves: what is open from before. */
  readonly prepare?: (signal: AbortSignal) => Promise<void>;
  /** Something was recorded: wakes the relay. Must not throw. */
  readonly onEffect?: () => void;
  readonly lookIntervalMs?: number;
}

type Turn = 'handled' | 'failed' | 'gone' | 'busy';

/**
 * The open deadlines of a node: each that has come due by the node's clock gets its turn, in a transaction of its own with
 * the command that it leads to. So it happens once, however often the process ends in between, and after a time of being
 * away all that came due meanwhile happens first, the longest due first.
 */
export class Deadlines {
  readonly #options: DeadlinesOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isPrepared: boolean;
  #lastLookedMs: number | undefined;

  constructor(options: DeadlinesOptions) {
    this.#options = options;
    this.#isPrepared = options.prepare === undefined;
  }

  /**
   * Gives every deadline that is due now its turn, those included that become due through it; says how many were handled.
   * One look at a time: it begins when the one under way has ended. A turn that fails is put off and reported.
   *
   * @throws what the database throws; each turn is then either done or still to come
   */
  runDue(): Promise<number> {
    this.#waiting += 1;
    const look = this.#looking.then(() => this.#look()).finally(() => (this.#waiting -= 1));
    this.#looking = look.catch(() => {});
    return look;
  }

  /** Follows the alarm clock from now on, and looks at once for what came due before. */
  async start(): Promise<void> {
    const { alarm, lookIntervalMs = LOOK_INTERVAL_MS } = this.#options;
    this.#lastLookedMs = performance.now();
    this.#timer = setInterval(() => void this.#lookSafely(), lookIntervalMs).unref();
    await alarm.start(() => this.#lookSafely());
    void this.#lookSafely();
  }

  /** Resolves when no turn is under way and none will follow. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#options.alarm.stop();
    await this.#looking;
  }

  /** Whether a look succeeded lately, or none was wanted yet: what comes due gets its turn. */
  isRunning(): boolean {
    const { lookIntervalMs = LOOK_INTERVAL_MS } = this.#options;
    return this.#lastLookedMs === undefined || performance.now() - this.#lastLookedMs < 3 * lookIntervalMs;
  }

  /** One more look where none is waiting already: it will see what this one would. */
  async #lookSafely(): Promise<void> {
    if (this.#waiting > 1 || this.#stopping.signal.aborted) return;
    await this.runDue().catch((error: unknown) => this.#options.onError(error));
  }

  async #look(): Promise<number> {
    const { store, clock, mayAct, prepare } = this.#options;
    if (this.#stopping.signal.aborted || mayAct?.() === false) return 0;
    if (!this.#isPrepared) {
      await prepare?.(this.#stopping.signal);
      this.#isPrepared = true;
    }
    let handled = 0;
    for (let turns = 0; turns < MAX_TURNS && !this.#stopping.signal.aborted; turns += PAGE_SIZE) {
      const page = await store.due(clock.now(), PAGE_SIZE);
      const outcomes = await this.#take(page);
      handled += outcomes.filter((outcome) => outcome === 'handled').length;
      // Also when there was none: whoever has those of the page goes on with what comes after them.
      if (outcomes.every((outcome) => outcome === 'busy' || outcome === 'gone')) break;
    }
    await this.#wantNext();
    this.#lastLookedMs = performance.now();
    return handled;
  }

  async #take(page: readonly OpenDeadline[]): Promise<readonly Turn[]> {
    const outcomes: Turn[] = [];
    for (const deadline of page) {
      if (this.#stopping.signal.aborted) break;
      outcomes.push(await this.#turn(deadline));
    }
    return outcomes;
  }

  async #turn(deadline: OpenDeadline): Promise<Turn> {
    const { observer, onEffect, store, clock } = this.#options;
    try {
      const outcome = await this.#tryTurn(deadline);
      if (outcome !== 'taken') return outcome;
    } catch (error) {
      await store.postpone(deadline, instantAfter(clock.now(), retryDelayMs(deadline.failures)));
      observer.onFailed(deadline.kind, error);
      return 'failed';
    }
    observer.onHandled(deadline.kind);
    onEffect?.();
    return 'handled';
  }

  async #tryTurn(deadline: OpenDeadline): Promise<'taken' | 'gone' | 'busy'> {
    const { store, clock } = this.#options;
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.turn(deadline, (transaction) => takeTurn(this.#options, deadline, clock.now(), transaction));
      } catch (error) {
        if (tries === MAX_TRIES || !isTransientDatabaseError(error)) throw error;
      }
    }
  }

  /** Not at once: a deadline that another process is busy with would have this one look again and again. */
  async #wantNext(): Promise<void> {
    const { store, clock, alarm } = this.#options;
    const next = await store.nextAt();
    if (next === null) return;
    const soonest = instantAfter(clock.now(), FIRST_RETRY_DELAY_MS);
    await alarm.wakeAt(next < soonest ? soonest : next);
  }
}

/** Doubles with each failure, to an hour at most. */
function retryDelayMs(failures: number): number {
  return Math.min(FIRST_RETRY_DELAY_MS * 2 ** Math.min(failures, 20), LAST_RETRY_DELAY_MS);
}
