import {
  eventParameters,
  headParameters,
  type NewEventRow,
  type NewOutboxRow,
  outboxParameters,
  type ReplyRow,
  replyParameters,
  type RequestRow,
  type StreamHead,
} from './append-rows.ts';
import { intArray, textArray } from './array-parameter.ts';
import type { StreamGuard, Transaction } from './port.ts';

/** What a batch finds when it starts. */
export interface BatchStart {
  readonly heads: ReadonlyMap<string, StreamHead>;
  readonly replies: ReadonlyMap<string, ReplyRow>;
  /** Versions of the streams that were to be guarded, as far as they exist. */
  readonly guarded: ReadonlyMap<string, number>;
}

/** What became of the rows of a batch. */
export interface BatchWritten {
  readonly accepted: ReadonlySet<string>;
  readonly claimed: ReadonlySet<string>;
  /** One per event of an accepted stream, in the order of the events. */
  readonly positions: readonly string[];
}

// One round trip: guarded streams locked against whoever moves them, heads locked in name order, keys already taken. Guards
// come before all heads, here and below; batches that lock each other's guards all the same are told so by PostgreSQL, and
// their requests then run alone. Replies are read in the snapshot from before the locks were won; a twin that committed
// meanwhile is met by the conditional insert of the key.
const START = `
  WITH guard AS MATERIALIZED (
    SELECT name, version FROM es.stream WHERE name = ANY($3::text[]) ORDER BY name FOR SHARE
  ), head AS MATERIALIZED (
    SELECT name, version, private_head, published_version, published_head, other_chains
    FROM es.stream WHERE name = ANY($1::text[]) AND (SELECT count(*) FROM guard) >= 0 ORDER BY name FOR UPDATE
  ), reply AS (
    SELECT key, fingerprint, status, headers, body, sealed_by FROM es.idempotency_reply WHERE key = ANY($2::text[])
  )
  SELECT
    (SELECT json_agg(head) FROM head) AS heads,
    (SELECT json_agg(reply) FROM reply) AS replies,
    (SELECT json_agg(guard) FROM guard) AS guards`;

/**
 * Locks the heads of all streams of the batch in a fixed order and finds which idempotency keys are taken. Guarded streams,
 * none of which the batch writes, stay where they are until the transaction ends.
 */
export async function startBatch(
  transaction: Transaction,
  streams: readonly string[],
  keys: readonly string[],
  guarded: readonly string[],
): Promise<BatchStart> {
  const { rows } = await transaction.query<{
    heads: StreamHead[] | null;
    replies: ReplyRow[] | null;
    guards: { name: string; version: number }[] | null;
  }>({
    name: 'es-start-batch',
    text: START,
    values: [textArray(streams), textArray(keys), textArray(guarded)],
  });
  const row = rows[0];
  return {
    heads: new Map((row?.heads ?? []).map((head) => [head.name, head])),
    replies: new Map((row?.replies ?? []).map((reply) => [reply.key, reply])),
    guarded: new Map((row?.guards ?? []).map(({ name, version }) => [name, version])),
  };
}

// One round trip for all rows of the batch. Each request is accepted by winning its head (conditional insert or update),
// which it may try only with its idempotency key claimed; events and outbox rows join the accepted heads.
const WRITE = `
  WITH request AS (
    SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[],
                         $7::text[], $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::int[])
      AS r (stream, version, private_head, published_version, published_head, other_chains,
            reply_key, fingerprint, status, headers, body, recorded_at, sealed_by, expected)
  ), claimed AS (
    INSERT INTO es.idempotency_reply (key, fingerprint, status, headers, body, recorded_at, sealed_by)
    SELECT reply_key, fingerprint, status, headers, body, recorded_at, sealed_by
    FROM request WHERE reply_key IS NOT NULL ORDER BY reply_key COLLATE "C"
    ON CONFLICT (key) DO NOTHING RETURNING key
  ), admitted AS (
    SELECT * FROM request
    WHERE version > expected AND (reply_key IS NULL OR reply_key IN (SELECT key FROM claimed))
  ), created AS (
    INSERT INTO es.stream (name, version, private_head, published_version, published_head, other_chains)
    SELECT stream, version, private_head, published_version, published_head, other_chains
    FROM admitted WHERE expected = 0 ORDER BY stream COLLATE "C"
    ON CONFLICT (name) DO UPDATE -- a stream of which a restore left only what it had published
      SET version = excluded.version, private_head = excluded.private_head,
          published_version = excluded.published_version, published_head = excluded.published_head,
          other_chains = excluded.other_chains
      WHERE es.stream.version = 0
    RETURNING name
  ), advanced AS (
    UPDATE es.stream AS head
    SET version = a.version, private_head = a.private_head,
        published_version = a.published_version, published_head = a.published_head, other_chains = a.other_chains
    FROM admitted AS a
    WHERE head.name = a.stream AND a.expected > 0 AND head.version = a.expected RETURNING head.name
  ), accepted AS (
    SELECT name FROM created UNION ALL SELECT name FROM advanced
  ), event_written AS (
    INSERT INTO es.event (stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed)
    SELECT stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed
    FROM unnest($15::text[], $16::int[], $17::uuid[], $18::text[], $19::int[], $20::text[],
                $21::text[], $22::text[], $23::text[], $24::text[], $25::bytea[]) WITH ORDINALITY
      AS e (stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed, place)
    WHERE e.stream IN (SELECT name FROM accepted) ORDER BY place
    RETURNING position
  ), outbox_written AS (
    INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
    SELECT event_id, stream, published_version, class, subject, key_id, data, "time", clock
    FROM unnest($26::uuid[], $27::text[], $28::int[], $29::text[], $30::text[], $31::text[], $32::text[],
                $33::text[], $34::text[]) WITH ORDINALITY
      AS o (event_id, stream, published_version, class, subject, key_id, data, "time", clock, place)
    WHERE split_part(o.stream, '~', 1) IN (SELECT name FROM accepted) ORDER BY place -- the chain names the audience as well
  )
  SELECT ARRAY(SELECT name FROM accepted) AS accepted, ARRAY(SELECT key FROM claimed) AS claimed,
         ARRAY(SELECT position::text FROM event_written ORDER BY position) AS positions`;

/** Writes the rows of a batch and says which streams were advanced and which keys were claimed. */
export async function writeBatch(
  transaction: Transaction,
  requests: readonly RequestRow[],
  events: readonly NewEventRow[],
  outbox: readonly NewOutboxRow[],
): Promise<BatchWritten> {
  const { rows } = await transaction.query<{ accepted: string[]; claimed: string[]; positions: string[] }>({
    name: 'es-write-batch',
    text: WRITE,
    values: [
      ...headParameters(requests),
      ...replyParameters(requests),
      intArray(requests.map((row) => row.expectedVersion)),
      ...eventParameters(events),
      ...outboxParameters(outbox),
    ],
  });
  const row = rows[0];
  return { accepted: new Set(row?.accepted), claimed: new Set(row?.claimed), positions: row?.positions ?? [] };
}

// The same when every head is known from before: all or nothing, so no row has to find the request that it belongs to.
// Locks are taken in the order of the two statements: guards, existing heads by name, keys, new heads by name; each part waits
// for the one before by asking for its count.
const WRITE_KNOWN = `
  WITH guard AS MATERIALIZED (
    SELECT name, version FROM es.stream WHERE name = ANY($47::text[]) ORDER BY name FOR SHARE
  ), standing AS MATERIALIZED (
    SELECT count(*) AS guards FROM guard JOIN unnest($47::text[], $48::int[]) AS g (name, version) USING (name, version)
  ), locked AS MATERIALIZED (
    SELECT name FROM es.stream
    WHERE name = ANY($7::text[]) AND (SELECT guards FROM standing) = $49 ORDER BY name FOR UPDATE
  ), claimed AS (
    INSERT INTO es.idempotency_reply (key, fingerprint, status, headers, body, recorded_at, sealed_by)
    SELECT * FROM unnest($15::text[], $16::text[], $17::int[], $18::text[], $19::text[], $20::text[], $21::text[])
      AS k (key, fingerprint, status, headers, body, recorded_at, sealed_by)
    WHERE (SELECT count(*) FROM locked) = $43
    ORDER BY key COLLATE "C"
    ON CONFLICT (key) DO NOTHING RETURNING 1
  ), created AS (
    INSERT INTO es.stream (name, version, private_head, published_version, published_head, other_chains)
    SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[])
      AS r (name, version, private_head, published_version, published_head, other_chains)
    WHERE (SELECT count(*) FROM claimed) = $44
    ORDER BY name COLLATE "C"
    ON CONFLICT (name) DO NOTHING RETURNING 1
  ), advanced AS (
    UPDATE es.stream AS head
    SET version = a.version, private_head = a.private_head,
        published_version = a.published_version, published_head = a.published_head, other_chains = a.other_chains
    FROM unnest($7::text[], $8::int[], $9::text[], $10::int[], $11::text[], $12::text[], $13::int[], $14::text[], $45::int[],
                $46::text[])
      AS a (stream, version, private_head, published_version, published_head, other_chains, expected, known_head,
            known_published, known_others)
    WHERE (SELECT count(*) FROM created) = $42
      AND head.name = a.stream AND head.version = a.expected AND head.private_head = a.known_head
      AND head.published_version = a.known_published AND head.other_chains = a.known_others -- a restore moves these alone
    RETURNING 1
  ), event_written AS (
    INSERT INTO es.event (stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed)
    SELECT stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed
    FROM unnest($22::text[], $23::int[], $24::uuid[], $25::text[], $26::int[], $27::text[],
                $28::text[], $29::text[], $30::text[], $31::text[], $32::bytea[]) WITH ORDINALITY
      AS e (stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed, place)
    WHERE (SELECT count(*) FROM advanced) = $43 AND (SELECT count(*) FROM created) = $42 ORDER BY place
    RETURNING position
  ), outbox_written AS (
    INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
    SELECT event_id, stream, published_version, class, subject, key_id, data, "time", clock
    FROM unnest($33::uuid[], $34::text[], $35::int[], $36::text[], $37::text[], $38::text[], $39::text[],
                $40::text[], $41::text[]) WITH ORDINALITY
      AS o (event_id, stream, published_version, class, subject, key_id, data, "time", clock, place)
    WHERE (SELECT count(*) FROM advanced) = $43 AND (SELECT count(*) FROM created) = $42 ORDER BY place
  )
  SELECT (SELECT count(*) FROM advanced) = $43 AND (SELECT count(*) FROM created) = $42
           AND (SELECT count(*) FROM claimed) = $44 AND (SELECT guards FROM standing) = $49 AS complete,
         ARRAY(SELECT position::text FROM event_written) AS positions`;

/**
 * Writes the rows of requests whose heads are known, with no statement before it. Resolves with the positions in the order
 * of the events, or with undefined when anything is not as expected: then the transaction must be rolled back.
 *
 * @param guards of different streams, none of which is written
 */
export async function writeKnownBatch(
  transaction: Transaction,
  requests: readonly RequestRow[],
  events: readonly NewEventRow[],
  outbox: readonly NewOutboxRow[],
  guards: readonly StreamGuard[],
): Promise<readonly string[] | undefined> {
  const advancing = requests.filter((row) => row.expectedVersion > 0);
  const creating = requests.filter((row) => row.expectedVersion === 0);
  const keyed = requests.filter((row) => row.reply !== null);
  const { rows } = await transaction.query<{ complete: boolean; positions: string[] }>({
    name: 'es-write-known-batch',
    text: WRITE_KNOWN,
    values: [
      ...headParameters(creating),
      ...headParameters(advancing),
      intArray(advancing.map((row) => row.expectedVersion)),
      textArray(advancing.map((row) => row.knownHead)),
      ...replyParameters(keyed),
      ...eventParameters(events),
      ...outboxParameters(outbox),
      creating.length,
      advancing.length,
      keyed.length,
      intArray(advancing.map((row) => row.knownPublishedVersion)),
      textArray(advancing.map((row) => row.knownOtherChains)),
      textArray(guards.map(({ stream }) => stream)),
      intArray(guards.map(({ version }) => version)),
      guards.length,
    ],
  });
  return rows[0]?.complete === true ? rows[0].positions : undefined;
}

/** The versions of some streams, as they are now. */
export async function versionsOf(
  database: Transaction,
  streams: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query<{ name: string; version: number }>(
    'SELECT name, version FROM es.stream WHERE name = ANY($1::text[])',
    [streams],
  );
  return new Map(rows.map((row) => [row.name, row.version]));
}

/** The replies kept under some keys. */
export async function findReplies(database: Transaction, keys: readonly string[]): Promise<Map<string, ReplyRow>> {
  const { rows } = await database.query<ReplyRow>({
    name: 'es-find-replies',
    text: 'SELECT key, fingerprint, status, headers, body, sealed_by FROM es.idempotency_reply WHERE key = ANY($1::text[])',
    values: [textArray(keys)],
  });
  return new Map(rows.map((row) => [row.key, row]));
}

/** Gives up keys that were claimed in this transaction by requests that then lost their head. */
export async function releaseKeys(transaction: Transaction, keys: readonly string[]): Promise<void> {
  await transaction.query('DELETE FROM es.idempotency_reply WHERE key = ANY($1::text[])', [keys]);
}

/** Deletes at most `limit` replies that were kept before an instant, the first ones found; says how many. */
export async function deleteReplies(database: Transaction, before: string, limit: number): Promise<number> {
  const { rowCount } = await database.query(
    `DELETE FROM es.idempotency_reply WHERE key = ANY(ARRAY(
       SELECT key FROM es.idempotency_reply WHERE recorded_at COLLATE "C" < $1 LIMIT $2))`,
    [before, limit],
  );
  return rowCount ?? 0;
}
