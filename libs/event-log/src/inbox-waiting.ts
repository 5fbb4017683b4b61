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

interface Row {
  readonly source: string;
  readonly subject: string;
  readonly because: HeldSubject['because'];
  readonly value: Buffer;
  readonly headers: string;
}

// One of each lane: what is behind it there is of the same case.
const FIRST_OF_LANES = `
  SELECT DISTINCT ON (k.source, k.subject, because) k.source, k.subject, k.value, k.headers,
         CASE k.kind WHEN 'unknown' THEN 'unknown-hold' ELSE k.kind END AS because
    FROM inbox.kept k LEFT JOIN inbox.event e ON e.source = k.source AND e.number = k.number
   WHERE k.kind IN ('parked', 'quarantined', 'held') OR k.kind = 'unknown' AND e.class = 'hold'
   ORDER BY k.source, k.subject, because, k.number`;

/**
 * What waits of some cases, or counts as a hold although this release does not know it (architecture.md §3, point 4). No table
 * says the case of what had no effect, so that it is opened once more. A seal that nobody can open and that names no case is of
 * none: its agency is shown to operators.
 *
 * @param caseIds in lower case
 */
export async function waitingOfCases(
  pool: Pick<Pool, 'query'>,
  sealing: InboxSealing,
  caseIds: readonly string[],
): Promise<readonly WaitingOfCase[]> {
  const { rows } = await pool.query<Row>(FIRST_OF_LANES);
  const lanes = new Set(caseIds.map(laneOfCase));
  const records = rows.map((row) => ({ row, envelope: parseEnvelope(rawRecord(row).value) }));
  await prepareFor(sealing, records);
  const waiting: WaitingOfCase[] = [];
  for (const { row, envelope } of records) {
    const { source, subject, because } = row;
    if (lanes.has(subject) || caseIds.includes((await caseOf(sealing, envelope)) ?? ''))
      waiting.push({ source, because });
  }
  return waiting;
}

/** Null where it cannot be told. */
async function caseOf(sealing: InboxSealing, envelope: Envelope): Promise<string | null> {
  try {
    const opened = await openEnvelope(sealing, envelope);
    return 'text' in opened ? caseIn(opened.text) : null;
  } catch (error) {
    if (error instanceof BrokenSealError) return error.caseId;
    throw error;
  }
}

function caseIn(text: string): string | null {
  try {
    const { caseId } = JSON.parse(text) as { readonly caseId?: unknown };
    return typeof caseId === 'string' ? caseId.toLowerCase() : null;
  } catch {
    return null; // what cannot be read is of no case that can be told
  }
}
