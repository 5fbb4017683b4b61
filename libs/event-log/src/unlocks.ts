import { LogShortError } from './inbox-replay.ts';
import type { InboxStore, SealedEvent, Unlock } from './inbox-store.ts';
import type { Inbox } from './inbox.ts';
import type { EventLog } from './port.ts';
import { readAgain } from './sealed-records.ts';

/** Events of one subject that are read again at once. */
const PAGE_EVENTS = 200;
/** Subjects whose events are looked for on the log together: to read from Kafka costs a group, which takes far longer than a page. */
const SUBJECTS_AT_ONCE = 32;
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

/** What became of some subjects. */
interface Done {
  readonly opened: number;
  /** The log lacks an event of one of them, which stays wanted. */
  readonly short: LogShortError | undefined;
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
      const left = await this.#notInVain(source, wanted);
      for (let first = 0; first < left.length; first += SUBJECTS_AT_ONCE) {
        const done = await this.#do(source, left.slice(first, first + SUBJECTS_AT_ONCE));
        opened += done.opened;
        short ??= done.short; // the others are there
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

  async #do(source: string, unlocks: readonly Unlock[]): Promise<Done> {
    const { store, inbox, log } = this.#options;
    const done: { opened: number; short: LogShortError | undefined } = { opened: 0, short: undefined };
    let pending = unlocks.map((unlock) => ({ unlock, after: 0 }));
    while (pending.length > 0 && !this.#isStopped) {
      const pages = await this.#sealedOf(source, pending);
      const found = await readAgain(
        log,
        source,
        pages.flatMap(({ events }) => events),
      );
      pending = [];
      for (const { unlock, events } of pages) {
        const records = events.flatMap(({ leaf }) => found.get(leaf) ?? []);
        const opened = await inbox.unlocking.open({ source, subject: unlock.subject }, records);
        if (opened === null) return done; // until people decide
        done.opened += opened;
        const after = events.at(-1)?.number ?? 0;
        if (records.length < events.length) done.short ??= new LogShortError(source, after);
        else if (events.length < PAGE_EVENTS) await store.closeUnlock(unlock);
        else pending.push({ unlock, after });
      }
    }
    return done;
  }

  #sealedOf(
    source: string,
    pending: readonly { readonly unlock: Unlock; readonly after: number }[],
  ): Promise<readonly { readonly unlock: Unlock; readonly events: readonly SealedEvent[] }[]> {
    return this.#options.store.withSourceLocked(source, async (locked) => {
      const pages = [];
      for (const { unlock, after } of pending) {
        pages.push({ unlock, events: await locked.sealedOf(unlock.subject, after, PAGE_EVENTS) });
      }
      return pages;
    });
  }
}

/** In the order in which they come. */
function bySource(unlocks: readonly Unlock[]): ReadonlyMap<string, readonly Unlock[]> {
  const sources = new Map<string, Unlock[]>();
  for (const unlock of unlocks) sources.set(unlock.source, [...(sources.get(unlock.source) ?? []), unlock]);
  return sources;
}
