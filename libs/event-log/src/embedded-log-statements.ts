import type pg from 'pg';
import { WAKE_CHANNEL } from './embedded-log-schema.ts';
import { RECORDS_PER_PAGE } from './log-limits.ts';

/**
 * How a connection for these statements is opened. Each has a name, so it is parsed and planned once; a plan lives as long as its
 * connection, longer than a topic stays short, and must not read or sort all of it when it is long.
 */
export const CONNECTION_OPTIONS = '-c enable_seqscan=off -c enable_bitmapscan=off';

/** Topic. Makes the topic where it is missing. */
export const ENSURE_TOPIC: pg.QueryConfig = {
  name: 'log-ensure-topic',
  text: 'INSERT INTO log_topic (topic) VALUES ($1) ON CONFLICT DO NOTHING',
};

/**
 * Topic, values, headers. One statement, so one transaction and one round trip: the lock on the topic's row is what gives contiguous
 * positions that also become visible in order.
 */
export const PUBLISH: pg.QueryConfig = {
  name: 'log-publish',
  text: `
    WITH topic AS (
      UPDATE log_topic SET next_position = next_position + cardinality($2::text[])
      WHERE topic = $1 RETURNING next_position - cardinality($2::text[]) AS first
    ), written AS (
      INSERT INTO log_record (topic, position, value, headers)
      SELECT $1, topic.first + record.place - 1, record.value, record.headers
      FROM topic, unnest($2::text[], $3::text[]) WITH ORDINALITY AS record (value, headers, place)
    )
    SELECT pg_notify('${WAKE_CHANNEL}', $1) FROM topic`,
};

/** Topic. The position after its last record. */
export const END: pg.QueryConfig = {
  name: 'log-end',
  text: 'SELECT next_position FROM log_topic WHERE topic = $1',
};

/** Group, topics, whether it begins at the end of those that are new to it. */
export const JOIN_GROUP: pg.QueryConfig = {
  name: 'log-join-group',
  text: `
    INSERT INTO log_group (group_name, topic, position)
    SELECT $1, wanted.topic, CASE WHEN $3 THEN coalesce(log_topic.next_position, 0) ELSE 0 END
    FROM unnest($2::text[]) AS wanted (topic) LEFT JOIN log_topic ON log_topic.topic = wanted.topic
    ON CONFLICT DO NOTHING`,
};

/** Topic, first position, position to end before, most records. A page of records. */
export const PAGE: pg.QueryConfig = {
  name: 'log-page',
  text: `
    SELECT position, value, headers FROM log_record
    WHERE topic = $1 AND position >= $2 AND position < $3 ORDER BY position LIMIT $4`,
};

// The position as a single value: joined, what is left of the topic would be sorted.
const AFTER = (position: string): string => `
    SELECT position, value, headers FROM log_record
    WHERE topic = $2 AND position >= (${position}) ORDER BY position LIMIT ${RECORDS_PER_PAGE}`;

/** Group, topic. The page after the group's position. */
export const NEXT_PAGE: pg.QueryConfig = {
  name: 'log-next-page',
  text: AFTER('SELECT position FROM log_group WHERE group_name = $1 AND topic = $2'),
};

/** Group, topic, position. Moves the group to the position, never back, and gives the page that follows. */
export const COMMIT: pg.QueryConfig = {
  name: 'log-commit',
  text: `
    WITH moved AS (
      UPDATE log_group SET position = greatest(position, $3) WHERE group_name = $1 AND topic = $2 RETURNING position
    )${AFTER('SELECT position FROM moved')}`,
};

/** Group, topics. Those in which records wait for the group. */
export const BEHIND: pg.QueryConfig = {
  name: 'log-behind',
  text: `
    SELECT topic FROM log_group JOIN log_topic USING (topic)
    WHERE group_name = $1 AND topic = ANY ($2::text[]) AND position < next_position`,
};
