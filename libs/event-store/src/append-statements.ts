import type { StoredReply, Transaction } from './port.ts';

/** Where a stream stands: the row every append to it must win. */
export interface StreamHead {
  readonly name: string;
  readonly version: number;
  readonly private_head: string;
  readonly published_version: number;
  readonly published_head: string;
}

/** A kept reply, its JSON still text. */
export interface ReplyRow {
  readonly key: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: string;
  readonly body: string | null;
}

/** What a batch finds when it starts. */
export interface BatchStart {
  readonly heads: ReadonlyMap<string, StreamHead>;
  readonly replies: ReadonlyMap<string, ReplyRow>;
  readonly positions: readonly string[];
}

/** The row of one request: its new head, or none (`version` = `expectedVersion`) when only a reply is to be kept. */
export interface RequestRow {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly version: number;
  readonly privateHead: string;
  readonly publishedVersion: number;
  readonly publishedHead: string;
  readonly recordedAt: string;
  readonly reply: ReplyRow | null;
}

/** A row for `es.event`. */
export interface NewEventRow {
  readonly position: string;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: string;
  readonly text: string;
  readonly salt: string;
  readonly hash: string;
}

/** A row for `es.outbox`. */
export interface NewOutboxRow {
  readonly eventId: string;
  readonly stream: string;
  readonly publishedVersion: number;
  readonly class: string;
  readonly subject: string;
  readonly keyId: string | null;
  readonly data: string;
  readonly time: string;
  readonly clock: string;
}

/** The reply as the port has it. */
export function storedReplyOf(row: ReplyRow): StoredReply {
  return {
    status: row.status,
    headers: JSON.parse(row.headers) as StoredReply['headers'],
    body: row.body === null ? null : (JSON.parse(row.body) as StoredReply['body']),
  };
}

// One round trip: heads locked in name order, keys already taken, positions for the new events. Replies are read in the
// snapshot from before the locks were won; a twin that committed meanwhile is met by the conditional insert of the key.
const START = `
  WITH head AS (
    SELECT name, version, private_head, published_version, published_head
    FROM es.stream WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE
  ), reply AS (
    SELECT key, fingerprint, status, headers, body FROM es.idempotency_reply WHERE key = ANY($2::text[])
  )
  SELECT
    (SELECT json_agg(head) FROM head) AS heads,
    (SELECT json_agg(reply) FROM reply) AS replies,
    ARRAY(SELECT nextval('es.event_position_seq')::text FROM generate_series(1, $3::int)) AS positions`;

/** Locks the heads of all streams of the batch in a fixed order and finds which idempotency keys are taken. */
export async function startBatch(
  transaction: Transaction,
  streams: readonly string[],
  keys: readonly string[],
  eventCount: number,
): Promise<BatchStart> {
  const { rows } = await transaction.query<{
    heads: StreamHead[] | null;
    replies: ReplyRow[] | null;
    positions: string[];
  }>({ name: 'es-start-batch', text: START, values: [streams, keys, eventCount] });
  const row = rows[0];
  return {
    heads: new Map((row?.heads ?? []).map((head) => [head.name, head])),
    replies: new Map((row?.replies ?? []).map((reply) => [reply.key, reply])),
    positions: row?.positions ?? [],
  };
}

// One round trip for all rows of the batch. Each request is accepted by winning its head (conditional insert or update),
// which it may try only with its idempotency key claimed; events and outbox rows join the accepted heads.
const WRITE = `
  WITH request AS (
    SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[],
                         $8::text[], $9::text[], $10::int[], $11::text[], $12::text[])
      AS r (stream, expected, version, private_head, published_version, published_head, recorded_at,
            reply_key, fingerprint, status, headers, body)
  ), claimed AS (
    INSERT INTO es.idempotency_reply (key, fingerprint, status, headers, body, recorded_at)
    SELECT reply_key, fingerprint, status, headers, body, recorded_at
    FROM request WHERE reply_key IS NOT NULL ORDER BY reply_key COLLATE "C"
    ON CONFLICT (key) DO NOTHING RETURNING key
  ), admitted AS (
    SELECT * FROM request
    WHERE version > expected AND (reply_key IS NULL OR reply_key IN (SELECT key FROM claimed))
  ), created AS (
    INSERT INTO es.stream (name, version, private_head, published_version, published_head)
    SELECT stream, version, private_head, published_version, published_head
    FROM admitted WHERE expected = 0 ORDER BY stream COLLATE "C"
    ON CONFLICT (name) DO NOTHING RETURNING name
  ), advanced AS (
    UPDATE es.stream AS head
    SET version = a.version, private_head = a.private_head,
        published_version = a.published_version, published_head = a.published_head
    FROM admitted AS a
    WHERE head.name = a.stream AND a.expected > 0 AND head.version = a.expected RETURNING head.name
  ), accepted AS (
    SELECT name FROM created UNION ALL SELECT name FROM advanced
  ), event_written AS (
    INSERT INTO es.event (position, stream, version, id, type, schema_version, recorded_at, text, salt, hash)
    SELECT position, stream, version, id, type, schema_version, recorded_at, text, salt, hash
    FROM unnest($13::bigint[], $14::text[], $15::int[], $16::uuid[], $17::text[], $18::int[], $19::text[],
                $20::text[], $21::text[], $22::text[])
      AS e (position, stream, version, id, type, schema_version, recorded_at, text, salt, hash)
    WHERE e.stream IN (SELECT name FROM accepted)
  ), outbox_written AS (
    INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock)
    SELECT event_id, stream, published_version, class, subject, key_id, data, "time", clock
    FROM unnest($23::uuid[], $24::text[], $25::int[], $26::text[], $27::text[], $28::text[], $29::text[],
                $30::text[], $31::text[]) WITH ORDINALITY
      AS o (event_id, stream, published_version, class, subject, key_id, data, "time", clock, place)
    WHERE o.stream IN (SELECT name FROM accepted) ORDER BY place
  )
  SELECT ARRAY(SELECT name FROM accepted) AS accepted, ARRAY(SELECT key FROM claimed) AS claimed`;

/** Writes the rows of a batch and says which streams were advanced and which keys were claimed. */
export async function writeBatch(
  transaction: Transaction,
  requests: readonly RequestRow[],
  events: readonly NewEventRow[],
  outbox: readonly NewOutboxRow[],
): Promise<{ readonly accepted: ReadonlySet<string>; readonly claimed: ReadonlySet<string> }> {
  const values = [
    requests.map((row) => row.stream),
    requests.map((row) => row.expectedVersion),
    requests.map((row) => row.version),
    requests.map((row) => row.privateHead),
    requests.map((row) => row.publishedVersion),
    requests.map((row) => row.publishedHead),
    requests.map((row) => row.recordedAt),
    requests.map((row) => row.reply?.key ?? null),
    requests.map((row) => row.reply?.fingerprint ?? null),
    requests.map((row) => row.reply?.status ?? null),
    requests.map((row) => row.reply?.headers ?? null),
    requests.map((row) => row.reply?.body ?? null),
    events.map((row) => row.position),
    events.map((row) => row.stream),
    events.map((row) => row.version),
    events.map((row) => row.id),
    events.map((row) => row.type),
    events.map((row) => row.schemaVersion),
    events.map((row) => row.recordedAt),
    events.map((row) => row.text),
    events.map((row) => row.salt),
    events.map((row) => row.hash),
    outbox.map((row) => row.eventId),
    outbox.map((row) => row.stream),
    outbox.map((row) => row.publishedVersion),
    outbox.map((row) => row.class),
    outbox.map((row) => row.subject),
    outbox.map((row) => row.keyId),
    outbox.map((row) => row.data),
    outbox.map((row) => row.time),
    outbox.map((row) => row.clock),
  ];
  const { rows } = await transaction.query<{ accepted: string[]; claimed: string[] }>({
    name: 'es-write-batch',
    text: WRITE,
    values,
  });
  return { accepted: new Set(rows[0]?.accepted), claimed: new Set(rows[0]?.claimed) };
}

/** The replies kept under some keys, and the versions of some streams, as they are now. */
export async function lookAgain(
  database: Transaction,
  streams: readonly string[],
  keys: readonly string[],
): Promise<{ readonly replies: ReadonlyMap<string, ReplyRow>; readonly versions: ReadonlyMap<string, number> }> {
  const kept = await database.query<ReplyRow>(
    'SELECT key, fingerprint, status, headers, body FROM es.idempotency_reply WHERE key = ANY($1::text[])',
    [keys],
  );
  const heads = await database.query<{ name: string; version: number }>(
    'SELECT name, version FROM es.stream WHERE name = ANY($1::text[])',
    [streams],
  );
  return {
    replies: new Map(kept.rows.map((row) => [row.key, row])),
    versions: new Map(heads.rows.map((row) => [row.name, row.version])),
  };
}

/** Gives up keys that were claimed in this transaction by requests that then lost their head. */
export async function releaseKeys(transaction: Transaction, keys: readonly string[]): Promise<void> {
  await transaction.query('DELETE FROM es.idempotency_reply WHERE key = ANY($1::text[])', [keys]);
}
