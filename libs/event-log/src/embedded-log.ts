import { type StepObserver, unobserved } from '@acogida/core';
import pg from 'pg';
import { createLogTables, WAKE_CHANNEL } from './embedded-log-schema.ts';
import { WakeListener } from './embedded-log-listener.ts';
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
  /** How long a record may wait when a notification was lost. */
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

// One statement, so one transaction and one round trip: the lock on the topic's row is what gives contiguous positions
// that also become visible in order.
const PUBLISH = `
  WITH topic AS (
    UPDATE log_topic SET next_position = next_position + cardinality($2::text[])
    WHERE topic = $1 RETURNING next_position - cardinality($2::text[]) AS first
  ), written AS (
    INSERT INTO log_record (topic, position, value, headers)
    SELECT $1, topic.first + record.place - 1, record.value, record.headers
    FROM topic, unnest($2::text[], $3::text[]) WITH ORDINALITY AS record (value, headers, place)
  )
  SELECT pg_notify('${WAKE_CHANNEL}', $1) FROM topic`;

const PAGE = `SELECT position, value, headers FROM log_record
  WHERE topic = $1 AND position >= $2 AND position < $3 ORDER BY position LIMIT ${RECORDS_PER_PAGE}`;

const JOIN_GROUP = `
  INSERT INTO log_group (group_name, topic, position)
  SELECT $1, wanted.topic, CASE WHEN $3 THEN coalesce(log_topic.next_position, 0) ELSE 0 END
  FROM unnest($2::text[]) AS wanted (topic) LEFT JOIN log_topic ON log_topic.topic = wanted.topic
  ON CONFLICT DO NOTHING`;

// No topic has as many records.
const NO_LIMIT = 2n ** 63n - 1n;

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
    this.#pollIntervalMs = options.pollIntervalMs ?? 500;
    this.#report = options.report;
    this.#observer = options.observer ?? unobserved;
    this.#pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max: 4,
      connectionTimeoutMillis: 5_000,
      application_name: 'acogida-log',
    });
    // An idle connection that breaks would otherwise end the process; the next query opens another.
    this.#pool.on('error', () => this.#report?.('warn', 'an idle connection to the log database broke'));
    this.#listener = new WakeListener(options.databaseUrl, this.#report);
  }

  async ensureTopic(topic: string): Promise<void> {
    await this.#query('INSERT INTO log_topic (topic) VALUES ($1) ON CONFLICT DO NOTHING', [topic]);
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
    let isAsking = false;
    const poll = setInterval(() => {
      if (isAsking) return;
      isAsking = true;
      void follow()
        .then(() => this.#wakeThoseBehind(group, loops))
        .catch(() => {}) // the server is away: the next tick asks again
        .finally(() => {
          isAsking = false;
        });
    }, this.#pollIntervalMs);
    const subscription = {
      stop: async () => {
        isStopped = true;
        clearInterval(poll);
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
    for (let position = from; position < end;) {
      const page = await this.#page(topic, position, end);
      if (page.length === 0) throw new MissingRecordsError(topic, position, end);
      yield page;
      position += BigInt(page.length);
    }
  }

  async end(topic: string): Promise<bigint> {
    const { rows } = await this.#query<{ next_position: string }>(
      'SELECT next_position FROM log_topic WHERE topic = $1',
      [topic],
    );
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
      nextPage: async () => {
        const { rows } = await this.#query<{ position: string }>(
          'SELECT position FROM log_group WHERE group_name = $1 AND topic = $2',
          [group, topic],
        );
        return this.#page(topic, BigInt(rows[0]?.position ?? 0), NO_LIMIT);
      },
      commit: async (position) => {
        await this.#query(
          'UPDATE log_group SET position = greatest(position, $3) WHERE group_name = $1 AND topic = $2',
          [group, topic, position.toString()],
        );
      },
      ...(this.#report === undefined ? {} : { report: this.#report }),
    });
  }

  async #wakeThoseBehind(group: string, loops: ReadonlyMap<string, ConsumptionLoop>): Promise<void> {
    try {
      const { rows } = await this.#query<{ topic: string }>(
        `SELECT topic FROM log_group JOIN log_topic USING (topic)
         WHERE group_name = $1 AND topic = ANY ($2::text[]) AND position < next_position`,
        [group, [...loops.keys()]],
      );
      for (const { topic } of rows) loops.get(topic)?.wake();
    } catch {
      // The server is away: the next tick asks again.
    }
  }

  async #page(topic: string, from: bigint, end: bigint): Promise<readonly PositionedRecord[]> {
    const { rows } = await this.#query<RecordRow>(PAGE, [topic, from.toString(), end.toString()]);
    return rows.map((row) => ({
      topic,
      position: BigInt(row.position),
      value: row.value,
      headers: JSON.parse(row.headers) as Record<string, string>,
    }));
  }

  async #query<R extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<pg.QueryResult<R>> {
    this.#tables ??= createLogTables(this.#pool);
    try {
      await this.#tables;
    } catch (error) {
      this.#tables = undefined;
      throw error;
    }
    return this.#pool.query<R>(sql, values);
  }
}
