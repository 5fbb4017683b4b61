import { type StepObserver, unobserved } from '@acogida/core';
import pg from 'pg';
import { createLogTables } from './embedded-log-schema.ts';
import { WakeListener } from './embedded-log-listener.ts';
import {
  BEHIND,
  COMMIT,
  CONNECTION_OPTIONS,
  END,
  ENSURE_TOPIC,
  JOIN_GROUP,
  NEXT_PAGE,
  PAGE,
  PUBLISH,
} from './embedded-log-statements.ts';
import { ConsumptionLoop, type LogReporter } from './log-consumption.ts';
import { assertRecordSizes, MissingRecordsError, RECORDS_PER_PAGE, UnknownTopicError } from './log-limits.ts';
import { TopicTurns } from './log-turns.ts';
import {
  type EventLog,
  type LogRecord,
  type PositionedRecord,
  type RecordHandler,
  type Subscription,
  type TopicList,
  topicsOf,
} from './port.ts';

/** How an embedded log is reached. */
export interface EmbeddedEventLogOptions {
  /** A database of its own; all nodes of the machine name the same one. */
  readonly databaseUrl: string;
  /** How long a record may wait when a notification was lost, in milliseconds; 2000 when left out. */
  readonly pollIntervalMs?: number;
  /** Stands around `offset-commit`. */
  readonly observer?: StepObserver;
  readonly report?: LogReporter;
}

interface RecordRow {
  readonly position: string;
  readonly value: string;
  readonly headers: string;
}

/** Asks PostgreSQL of every group: rarely, as the listener says nearly always what there is. */
const POLL_INTERVAL_MS = 2_000;
/** Whoever looks for one record finds it in the first page of a read; the next ones are larger. */
const FIRST_PAGE_RECORDS = 32;
/** Asks only this process which topics are named by now. */
const FOLLOW_INTERVAL_MS = 500;

/**
 * The shared log on PostgreSQL tables, for all nodes of one machine. Creates its tables by itself and lives through
 * restarts of the server. One process per group: two that consume with one group would each get every record.
 */
export class EmbeddedEventLog implements EventLog {
  readonly #pool: pg.Pool;
  readonly #listener: WakeListener;
  readonly #pollIntervalMs: number;
  readonly #report: LogReporter | undefined;
  readonly #observer: StepObserver;
  readonly #subscriptions = new Set<Subscription>();
  readonly #turns = new TopicTurns();
  #tables: Promise<void> | undefined;

  constructor(options: EmbeddedEventLogOptions) {
    this.#pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
    this.#report = options.report;
    this.#observer = options.observer ?? unobserved;
    this.#pool = new pg.Pool({
      connectionString: options.databaseUrl,
      options: CONNECTION_OPTIONS,
      max: 4,
      connectionTimeoutMillis: 5_000,
      application_name: 'acogida-log',
    });
    // An idle connection that breaks would otherwise end the process; the next query opens another.
    this.#pool.on('error', () => this.#report?.('warn', 'an idle connection to the log database broke'));
    this.#listener = new WakeListener(options.databaseUrl, this.#report);
  }

  async ensureTopic(topic: string): Promise<void> {
    await this.#query(ENSURE_TOPIC, [topic]);
  }

  async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    assertRecordSizes(records);
    if (records.length === 0) return;
    const values = records.map((record) => record.value);
    const headers = records.map((record) => JSON.stringify(record.headers));
    // The pool would hand publications that are not awaited to connections in any order.
    const { rowCount } = await this.#turns.take(topic, () => this.#query(PUBLISH, [topic, values, headers]));
    if (rowCount === 0) throw new UnknownTopicError(topic);
  }

  async subscribe(options: {
    readonly group: string;
    readonly topics: TopicList;
    readonly from: 'beginning' | 'end';
    readonly handler: RecordHandler;
  }): Promise<Subscription> {
    const { group, from } = options;
    const loops = new Map<string, ConsumptionLoop>();
    let isStopped = false;
    const follow = async (): Promise<void> => {
      const topics = topicsOf(options.topics).filter((topic) => !loops.has(topic));
      if (topics.length === 0 || isStopped) return;
      await this.#query(JOIN_GROUP, [group, topics, from === 'end']);
      for (const topic of topics) {
        if (loops.has(topic) || isStopped) continue;
        const loop = this.#loop(group, topic, options.handler);
        loops.set(topic, loop);
        loop.start();
      }
    };
    await follow();
    const unlisten = this.#listener.add((topic) => {
      if (topic !== undefined) loops.get(topic)?.wake();
      else for (const loop of loops.values()) loop.wake();
    });
    const timers = [
      setInterval(unlessBusy(follow), FOLLOW_INTERVAL_MS),
      setInterval(
        unlessBusy(() => this.#wakeThoseBehind(group, loops)),
        this.#pollIntervalMs,
      ),
    ];
    const subscription = {
      stop: async () => {
        isStopped = true;
        for (const timer of timers) clearInterval(timer);
        unlisten();
        this.#subscriptions.delete(subscription);
        await Promise.all([...loops.values()].map((loop) => loop.stop()));
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async *read(topic: string, from: bigint): AsyncIterable<readonly PositionedRecord[]> {
    const end = await this.end(topic);
    let limit = FIRST_PAGE_RECORDS;
    for (let position = from; position < end;) {
      const page = await this.#page(topic, PAGE, [topic, position.toString(), end.toString(), limit]);
      limit = Math.min(limit * 4, RECORDS_PER_PAGE);
      if (page.length === 0) throw new MissingRecordsError(topic, position, end);
      yield page;
      position += BigInt(page.length);
    }
  }

  async end(topic: string): Promise<bigint> {
    const { rows } = await this.#query<{ next_position: string }>(END, [topic]);
    return BigInt(rows[0]?.next_position ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#listener.close();
    await this.#pool.end();
  }

  #loop(group: string, topic: string, handler: RecordHandler): ConsumptionLoop {
    return new ConsumptionLoop({
      topic,
      handler,
      observer: this.#observer,
      nextPage: () => this.#page(topic, NEXT_PAGE, [group, topic]),
      commit: (position) => this.#page(topic, COMMIT, [group, topic, position.toString()]),
      ...(this.#report === undefined ? {} : { report: this.#report }),
    });
  }

  async #wakeThoseBehind(group: string, loops: ReadonlyMap<string, ConsumptionLoop>): Promise<void> {
    const { rows } = await this.#query<{ topic: string }>(BEHIND, [group, [...loops.keys()]]);
    for (const { topic } of rows) loops.get(topic)?.wake();
  }

  async #page(topic: string, statement: pg.QueryConfig, values: unknown[]): Promise<readonly PositionedRecord[]> {
    const { rows } = await this.#query<RecordRow>(statement, values);
    return rows.map((row) => ({
      topic,
      position: BigInt(row.position),
      value: row.value,
      headers: JSON.parse(row.headers) as Record<string, string>,
    }));
  }

  async #query<R extends pg.QueryResultRow>(statement: pg.QueryConfig, values: unknown[]): Promise<pg.QueryResult<R>> {
    this.#tables ??= createLogTables(this.#pool);
    try {
      await this.#tables;
    } catch (error) {
      this.#tables = undefined;
      throw error;
    }
    return this.#pool.query<R>({ ...statement, values });
  }
}

/** Runs work where it is not under way already; what fails, as the server is away, is left to the next time. */
function unlessBusy(work: () => Promise<void>): () => void {
  let isBusy = false;
  return () => {
    if (isBusy) return;
    isBusy = true;
    void work()
      .catch(() => {})
      .finally(() => {
        isBusy = false;
      });
  };
}
