import { GENESIS_HEAD, privateHeadAfter } from './hash-chains.ts';
import type { Transaction } from './port.ts';
import type { KeptPlace, KeptText } from './store-sealing.ts';

// Before texts were encrypted at rest they stood plain. What was written since has its key, so only rows that are older than the
// first encrypted one are looked through; in a node that never wrote plain there are none.
const NAMING = `
  SELECT DISTINCT stream FROM es.event
  WHERE sealed_by IS NULL
    AND position < coalesce((SELECT position FROM es.event WHERE sealed_by IS NOT NULL ORDER BY position LIMIT 1), 9223372036854775807)
    AND (right(stream, 36) = $1 OR strpos(text, $1) > 0)
  ORDER BY stream`;

const READ = `
  SELECT version, id::text AS id, schema_version AS "schemaVersion", recorded_at AS "recordedAt", text, sealed, salt,
         sealed_by AS "sealedBy"
  FROM es.event
  WHERE stream = $1 ORDER BY version FOR UPDATE`;

const WRITE = `
  UPDATE es.event AS event SET text = again.text, sealed_by = again.sealed_by, type = again.type, hash = again.hash
  FROM jsonb_to_recordset($2::jsonb) AS again (version int, text text, sealed_by text, type text, hash text)
  WHERE event.stream = $1 AND event.version = again.version AND again.sealed_by IS NOT NULL`;

const REHASH = `
  UPDATE es.event AS event SET hash = again.hash
  FROM jsonb_to_recordset($2::jsonb) AS again (version int, hash text)
  WHERE event.stream = $1 AND event.version = again.version`;

interface PlainRow {
  readonly version: number;
  readonly id: string;
  readonly schemaVersion: number;
  readonly recordedAt: string;
  readonly text: string;
  readonly sealed: Buffer | null;
  readonly salt: string;
  readonly sealedBy: string | null;
}

/** Streams with texts from before they were encrypted that name a case; whether they are of it, their procedure says. */
export async function plainStreamsNaming(transaction: Transaction, caseId: string): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ stream: string }>(NAMING, [caseId]);
  return rows.map(({ stream }) => stream);
}

/**
 * Writes other texts in the place of the plain ones of a stream, and its private chain anew over them: the only rows of a stream
 * that are ever changed, since no key could be destroyed for them.
 *
 * @param protect gives what stands in the place of a text
 * @returns how many were plain
 */
export async function replacePlainTexts(
  transaction: Transaction,
  stream: string,
  protect: (place: KeptPlace) => KeptText,
): Promise<number> {
  const { rows } = await transaction.query<PlainRow>(READ, [stream]);
  let head = GENESIS_HEAD;
  const again = rows.map(({ version, id, schemaVersion, recordedAt, ...row }) => {
    const place = { use: 'event', id, stream, version, schemaVersion, recordedAt } as const;
    const kept = row.sealedBy === null ? protect(place) : null;
    head = privateHeadAfter(head, kept === null ? row : { ...row, text: kept.text });
    return { version, text: kept?.text, sealed_by: kept?.sealedBy ?? null, type: '', hash: head };
  });
  const replaced = again.filter((row) => row.text !== undefined).length;
  if (replaced === 0) return 0;
  await transaction.query(WRITE, [stream, JSON.stringify(again)]);
  await transaction.query(REHASH, [stream, JSON.stringify(again.map(({ version, hash }) => ({ version, hash })))]);
  await transaction.query('UPDATE es.stream SET private_head = $2 WHERE name = $1', [stream, head]);
  return replaced;
}

/** Forgets plain replies that name a case. A request sent again is then decided anew, and finds the case erased. */
export async function forgetPlainReplies(transaction: Transaction, caseId: string): Promise<number> {
  const { rowCount } = await transaction.query(
    'DELETE FROM es.idempotency_reply WHERE sealed_by IS NULL AND (strpos(body, $1) > 0 OR strpos(headers, $1) > 0)',
    [caseId],
  );
  return rowCount ?? 0;
}
