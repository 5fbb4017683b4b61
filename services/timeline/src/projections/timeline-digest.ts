import { createHash } from 'node:crypto';
import type { Transaction } from '@acogida/event-store';
import canonicalize from 'canonicalize';
import { ENTRY_COLUMNS, type EntryRow, entryOf } from './timeline-rows.ts';

const PAGE_ROWS = 5_000;

/**
 * SHA-256 (hex) over the whole projection in a fixed order: the same log prefix, keys and erasures give the same digest, on
 * whatever node, whenever it was built (architecture.md §8). When an event was received, and whether its clock looked ahead
 * then, are observations of one node and stay out. Run it in a REPEATABLE READ transaction while the node is receiving.
 */
export async function timelineDigest(transaction: Transaction): Promise<string> {
  const hash = createHash('sha256');
  let [source, number] = ['', '0'];
  for (;;) {
    const { rows } = await transaction.query<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM timeline_event WHERE (source COLLATE "C", number) > ($1, $2::bigint)
       ORDER BY source COLLATE "C", number LIMIT ${PAGE_ROWS}`,
      [source, number],
    );
    for (const row of rows) {
      const { receivedAt: _, clockAhead: __, data: ___, ...entry } = entryOf(row);
      hash.update(`${canonicalize({ ...entry, caseId: row.case_id, data: row.data })}\n`);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    [source, number] = [last.source, last.number];
  }
  await digestCases(transaction, (text) => hash.update(text));
  return hash.digest('hex');
}

async function digestCases(transaction: Transaction, update: (text: string) => void): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const { rows }: { rows: (Record<string, unknown> & { case_id: string })[] } = await transaction.query(
      `SELECT * FROM timeline_case WHERE $1::uuid IS NULL OR case_id > $1::uuid ORDER BY case_id LIMIT ${PAGE_ROWS}`,
      [after],
    );
    for (const row of rows) update(`${canonicalize(row)}\n`);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.case_id;
  }
}
