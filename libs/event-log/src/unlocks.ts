import { LogShortError } from './inbox-replay.ts';
import type { InboxStore, Unlock } from './inbox-store.ts';
import type { Inbox } from './inbox.ts';
import type { EventLog } from './port.ts';
import { readAgain } from './sealed-records.ts';

/** Events that are read again at once. */
const PAGE_EVENTS = 200;
/** After a failure, in milliseconds. */
const RETRY_DELAY_MS = 5_000;

/** What reading sealed events again needs. */
export interface UnlocksOptions {
  readonly store: InboxStore;
  readonly log: Pick<EventLog, 'read'>;
  readonly inbox: Pick<Inbox, 'unlocking'>;
  /** Every failure of a run that nobody waits for; LogShortError: the log lacks an event that was received. */
  readonly onError?: (error: unknown) => void;
  /** Until the next run after one that failed, in milliseconds; 5 s by default. */
  readonly retryDelayMs?: number;
}

/**
 * Reads events again that were sealed when they came and whose keys have come since (`InboxStore.wantUnlock`), from the shared log, and
 * lets them take effect in the order of their numbers. What is wanted outlives the process; what was opened is not opened twice.
 */
export class Unlocks {
  readonly #options: UnlocksOptions;
  #running: Promise<unknown> = Promise.resolve();
  #isWoken = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UnlocksOptions) {
    this.#options = options;
  }

  /** To be called at start, and whenever what wanted something is committed. Costs one query when there is nothing to do. */
  wake(): void {
    if (this.#isWoken || this.#isStopped) return;
    this.#isWoken = true;
    const begin = (): Promise<unknown> => {
      this.#isWoken = false;
      return this.#isStopped ? Promise.resolve() : this.#attempt();
    };
    this.#running = this.#running.then(begin, begin);
  }

  /**
   * Does all that is wanted by now; returns how many events opened.
   *
   * @throws LogShortError, transient database errors and what the log throws: what is not done is done by the next run
   */
  run(): Promise<number> {
    const work = (): Promise<number> => this.#runAll();
    const result = this.#running.then(work, work);
    this.#running = result.catch(() => {});
    return result;
  }

  /** Ends the work after the page it is at; resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #attempt(): Promise<void> {
    try {
      await this.#runAll();
    } catch (error) {
      this.#options.onError?.(error);
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.wake();
      }, this.#options.retryDelayMs ?? RETRY_DELAY_MS).unref();
    }
  }

  async #runAll(): Promise<number> {
    let opened = 0;
    let short: LogShortError | undefined;
    for (const [source, wanted] of bySource(await this.#options.store.openUnlocks())) {
      if (this.#isStopped) break;
      for (const unlock of await this.#notInVain(source, wanted)) {
        try {
          opened += await this.#do(unlock);
        } catch (error) {
          if (!(error instanceof LogShortError)) throw error;
          short ??= error; // the others are there
        }
      }
    }
    if (short !== undefined) throw short;
    return opened;
  }

  /** Most keys come before what they open: all that nothing waits for is done at once. */
  async #notInVain(source: string, wanted: readonly Unlock[]): Promise<readonly Unlock[]> {
    // Holding the agency's row waits for a batch that was read before the keys came.
    const vain = await this.#options.store.withSourceLocked(source, (locked) => locked.closeVainUnlocks());
    return wanted.filter(({ subject }) => !vain.has(subject));
  }

  async #do(unlock: Unlock): Promise<number> {
    const { store, inbox, log } = this.#options;
    const { source, subject } = unlock;
    let opened = 0;
    let after = 0;
    while (!this.#isStopped) {
      const events = await store.withSourceLocked(source, (locked) => locked.sealedOf(subject, after, PAGE_EVENTS));
      const records = await readAgain(log, source, events);
      const openedNow = await inbox.unlocking.open({ source, subject }, records);
      if (openedNow === null) return opened; // until people decide
      opened += openedNow;
      if (records.length < events.length) throw new LogShortError(source, events.at(-1)?.number ?? 0);
      const last = events.at(-1);
      if (last === undefined || events.length < PAGE_EVENTS) {
        await store.closeUnlock(unlock);
        return opened;
      }
      after = last.number;
    }
    return opened;
  }
}

/** In the order in which they come. */
function bySource(unlocks: readonly Unlock[]): ReadonlyMap<string, readonly Unlock[]> {
  const sources = new Map<string, Unlock[]>();
  for (const unlock of unlocks) sources.set(unlock.source, [...(sources.get(unlock.source) ?? []), unlock]);
  return sources;
}
