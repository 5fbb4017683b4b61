import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Instant } from '@acogida/core';
import type { ReadModelWriter } from '@acogida/event-store';
import { Logger, run, type Runner, runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { AlarmClock } from './port.ts';

/** Schema of the job tables. */
export const JOB_SCHEMA = 'jobs';

/** The one job there is: it has no payload, so that its table holds neither stream nor case. */
const TASK = 'look-at-deadlines';

/** One listens for new jobs, one runs them. */
const POOL_SIZE = 2;
const CONNECTION_TIMEOUT_MS = 10_000;

/** How often jobs of the future are looked at; one that is wanted at once runs at once. */
const POLL_INTERVAL_MS = 2_000;
const RESTART_DELAY_MS = 5_000;
/** Longest that a stop waits for a worker that cannot note its end: the database is away. */
const STOP_TIMEOUT_MS = 5_000;

// A wake-up that is pending and not later will do, since each look wants the next one: most appends write no job at all,
// which spares them the NOTIFY that comes with it (architecture.md §3). No job key: appends would wait for each other on it.
const WAKE = {
  name: 'deadline-wake',
  text: `
    SELECT ${JOB_SCHEMA}.add_job('${TASK}', run_at => now() + $1 * interval '1 millisecond')
     WHERE NOT EXISTS (
       SELECT FROM ${JOB_SCHEMA}.jobs
        WHERE task_identifier = '${TASK}' AND locked_at IS NULL AND attempts < max_attempts
          AND run_at <= now() + $1 * interval '1 millisecond')`,
};

/** What an alarm clock in the node's database needs. */
export interface GraphileAlarmClockOptions {
  /** The node's, for what is wanted outside a transaction. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** For the connections of the worker. */
  readonly databaseUrl: string;
  /** The node's: the database only counts how long it is until then. */
  readonly clock: Clock;
  /** Told when the database is away or the worker ended: it is started again. */
  readonly onError: (error: unknown) => void;
  /** In milliseconds; 2000 when left out. */
  readonly pollIntervalMs?: number;
  /** In milliseconds; 5000 when left out. */
  readonly restartDelayMs?: number;
}

/** The library's own messages stay out of the log: they repeat what a database said. */
function silentLogger(onError: (error: unknown) => void = () => {}): Logger {
  return new Logger(() => (level, _message, meta) => {
    if ((level as string) === 'error') onError(meta?.['fatalError'] ?? meta?.['error']);
  });
}

/** Creates or updates the job tables. Not for several processes at once: `migrate` calls it under its lock. */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  await runMigrations({
    connectionString: databaseUrl,
    maxPoolSize: 1,
    schema: JOB_SCHEMA,
    logger: silentLogger(),
  });
}

/** Connections of the worker alone: it wants listeners that the pool of the node does not have. */
function openWorkerPool(connectionString: string, onError: (error: unknown) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'acogida-alarm',
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/**
 * An alarm clock of jobs in the node's own database (graphile-worker): a wake-up is wanted in the transaction that opens a
 * deadline, and stays wanted when the process ends. It counts time, it never judges what is due.
 */
export class GraphileAlarmClock implements AlarmClock {
  readonly #options: GraphileAlarmClockOptions;
  readonly #stopping = new AbortController();
  #runner: Runner | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: GraphileAlarmClockOptions) {
    this.#options = options;
  }

  async wakeAt(at: Instant, transaction: ReadModelWriter = this.#options.pool): Promise<void> {
    const withinMs = Math.max(0, Date.parse(at) - Date.parse(this.#options.clock.now()));
    await transaction.query({ ...WAKE, values: [withinMs] });
  }

  async start(onWake: () => Promise<void>): Promise<void> {
    this.#running = this.#keepRunning(onWake);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#stopRunner();
    await this.#running;
  }

  /** The worker ends when it could not note what it did; it is started again until the clock is stopped. */
  async #keepRunning(onWake: () => Promise<void>): Promise<void> {
    const { databaseUrl, onError, restartDelayMs = RESTART_DELAY_MS } = this.#options;
    const { signal } = this.#stopping;
    const pool = openWorkerPool(databaseUrl, onError);
    while (!signal.aborted) {
      try {
        this.#runner = await this.#runOn(pool, onWake);
        const ended = this.#runner.promise;
        ended.catch(() => {}); // it may end in between
        if (signal.aborted) await this.#stopRunner();
        await ended;
      } catch (error) {
        onError(error);
      }
      await delay(restartDelayMs, undefined, { signal }).catch(() => {});
    }
    await pool.end();
  }

  #runOn(pgPool: pg.Pool, onWake: () => Promise<void>): Promise<Runner> {
    return run({
      pgPool,
      schema: JOB_SCHEMA,
      taskList: { [TASK]: onWake },
      parsedCronItems: [],
      concurrency: 1,
      pollInterval: this.#options.pollIntervalMs ?? POLL_INTERVAL_MS,
      noHandleSignals: true,
      logger: silentLogger(this.#options.onError),
      // Without batches nobody awaits the end of a job: a failure there would be an unhandled rejection, which ends the node.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
  }

  /** Resolves when the worker has ended, or could not in time. */
  async #stopRunner(): Promise<void> {
    const stopped = this.#runner?.stop().catch(() => {}); // it may have ended by itself
    const timer = new AbortController();
    await Promise.race([stopped, delay(STOP_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }
}
