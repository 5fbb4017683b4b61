import { BrokenSealError } from '@acogida/sealing';
import type { Pool } from 'pg';
import { type Envelope, parseEnvelope } from './envelope.ts';
import { rawRecord } from './inbox-kept-rows.ts';
import type { HeldSubject } from './inbox-holds.ts';
import type { InboxSealing } from './inbox-port.ts';
import { laneOfCase } from './inbox-reading.ts';
import { openEnvelope, prepareFor } from './inbox-sealing.ts';

/** An event of a case that a gate must not pass over. */
export interface WaitingOfCase {
  readonly source: string;
  readonly because: HeldSubject['because'];
}

interface UnplacedRow {
  readonly id: string;
  readonly source: string;
  readonly value: Buffer;
  readonly headers: string;
}

/** Read and placed together. */
const BATCH = 200;
/** Stands for the case of what names none. */
const OF_NO_CASE = '';

const WAITS = `(k.kind IN ('parked', 'quarantined', 'held') OR k.kind = 'unknown' AND EXISTS (
  SELECT FROM inbox.event e WHERE e.source = k.source AND e.number = k.number AND e.class = 'hold'))`;

// One of each lane: what is behind it there is of the same case.
const UNPLACED = `
  SELECT DISTINCT ON (k.source, k.subject, k.kind) k.id::text AS id, k.source, k.value, k.headers
    FROM inbox.kept k WHERE k.case_lane IS NULL AND ${WAITS}
   ORDER BY k.source, k.subject, k.kind, k.number`;

// The lane of a case says it of all that is in it.
const PLACE = `
  UPDATE inbox.kept k SET case_lane = placed.case_lane
    FROM unnest($1::bigint[], $2::text[], $3::text[]) AS placed (id, source, case_lane)
   WHERE k.case_lane IS NULL AND ${WAITS}
     AND (k.id = placed.id OR k.source = placed.source AND k.subject = placed.case_lane)`;

const WAITING = `
  SELECT DISTINCT k.source, CASE k.kind WHEN 'unknown' THEN 'unknown-hold' ELSE k.kind END AS because
    FROM inbox.kept k WHERE (k.case_lane = ANY($1::text[]) OR k.subject = ANY($1::text[])) AND ${WAITS}
   ORDER BY k.source, because`;

/**
 * What waits of some cases, or counts as a hold although this release does not know it (architecture.md §3, point 4). What had no
 * effect has to be opened once more to tell its case; that is kept with it, as a pseudonym, so that it is opened by one question and
 * not by each. A seal that nobody can open and that names no case is of none: its agency is shown to operators.
 *
 * @param caseIds in lower case
 */
export async function waitingOfCases(
  pool: Pick<Pool, 'query'>,
  sealing: InboxSealing,
  caseIds: readonly string[],
): Promise<readonly WaitingOfCase[]> {
  await placeUnplaced(pool, sealing);
  const { rows } = await pool.query<WaitingOfCase>(WAITING, [caseIds.map(laneOfCase)]);
  return rows;
}

/** Part by part: whoever gives up leaves less to do. */
async function placeUnplaced(pool: Pick<Pool, 'query'>, sealing: InboxSealing): Promise<void> {
  const { rows } = await pool.query<UnplacedRow>(UNPLACED);
  for (let from = 0; from < rows.length; from += BATCH) {
    const records = rows
      .slice(from, from + BATCH)
      .map((row) => ({ row, envelope: parseEnvelope(rawRecord(row).value) }));
    await prepareFor(sealing, records);
    const placed: (UnplacedRow & { readonly lane: string })[] = [];
    for (const { row, envelope } of records) {
      const caseId = await caseOf(sealing, envelope);
      if (caseId !== null) placed.push({ ...row, lane: caseId === OF_NO_CASE ? OF_NO_CASE : laneOfCase(caseId) });
    }
    if (placed.length === 0) continue;
    await pool.query(PLACE, [
      ...[placed.map(({ id }) => id), placed.map(({ source }) => source), placed.map(({ lane }) => lane)],
    ]);
  }
}

/** Null where it cannot be told yet. */
async function caseOf(sealing: InboxSealing, envelope: Envelope): Promise<string | null> {
  try {
    const opened = await openEnvelope(sealing, envelope);
    return 'text' in opened ? caseIn(opened.text) : null;
  } catch (error) {
    if (error instanceof BrokenSealError) return error.caseId;
    throw error;
  }
}

function caseIn(text: string): string {
  try {
    const { caseId } = JSON.parse(text) as { readonly caseId?: unknown };
    return typeof caseId === 'string' ? caseId.toLowerCase() : OF_NO_CASE;
  } catch {
    return OF_NO_CASE; // what cannot be read is of no case that can be told
  }
}
