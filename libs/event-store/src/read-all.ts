import type { Pool } from 'pg';
import { EVENT_COLUMNS, type EventRow } from './event-text.ts';
import type { EventMetadata, RecordedEvent } from './port.ts';
import { placed, plainEvent, revealedEvent, type StreamReading } from './read-events.ts';
import type { Reveal } from './store-sealing.ts';
import { borrowClient } from './transaction-scope.ts';

/**
 * Pages through all events in position order within one snapshot. Positions are drawn before their transaction commits, so
 * a later commit may carry a lower one: outside a snapshot a reader that continues after the last position it saw would
 * miss events. The snapshot holds exactly what was committed when the first page was asked for. Chains are not verified.
 * What was erased, also since then, comes without type, data and metadata (`erased`).
 *
 * @param fromPosition the first position wanted
 */
export async function* readAllEvents(
  pool: Pool,
  reading: StreamReading,
  fromPosition: string,
  pageSize: number,
): AsyncIterable<readonly RecordedEvent[]> {
  const { client, giveBack, rollBack } = await borrowClient(pool);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    let next = BigInt(fromPosition);
    for (;;) {
      const { rows } = await client.query<EventRow>(
        `SELECT ${EVENT_COLUMNS} FROM es.event AS e WHERE e.position >= $1 ORDER BY e.position LIMIT $2`,
        [next, pageSize],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      const reveal = await revealOf(rows, reading);
      yield rows.map((row) => recordedEventOf(row, reveal, reading));
      next = BigInt(last.position) + 1n;
    }
  } finally {
    // A consumer may stop early: the snapshot ends here in any case.
    await rollBack();
    giveBack();
  }
}

/** Keys are read outside the snapshot: one that was destroyed since then must not come back. */
async function revealOf(rows: readonly EventRow[], { sealing }: StreamReading): Promise<Reveal> {
  const wanted = new Set<string>();
  for (const { sealed_by: sealedBy } of rows) if (sealedBy !== null && !sealing.knows(sealedBy)) wanted.add(sealedBy);
  return wanted.size === 0 ? sealing.reveal : sealing.look([...wanted]);
}

function recordedEventOf(row: EventRow, reveal: Reveal, { catalogue }: StreamReading): RecordedEvent {
  const kept = { ...row, schemaVersion: row.schema_version, recordedAt: row.recorded_at };
  const event = row.sealed_by === null ? plainEvent(kept) : revealedEvent(reveal, row.sealed_by, kept);
  return event === null ? erasedEventOf(row) : catalogue.lifted(placed(event, row.position));
}

const NOBODY: EventMetadata = { correlationId: '', causation: null, actor: '' };

function erasedEventOf(row: EventRow): RecordedEvent {
  const { id, stream, version, position, schema_version: schemaVersion, recorded_at: recordedAt } = row;
  const place = { id, stream, version, position, schemaVersion, recordedAt };
  return { ...place, type: '', data: {}, metadata: NOBODY, erased: true };
}
