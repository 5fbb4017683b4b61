import {
  type EventLog,
  HEAD_HEADER,
  parseEnvelope,
  parseHeadRecord,
  type LogRecord,
  topicOf,
} from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';

/** Records at the end of a topic that are looked at: the last ones may be old bytes that were published again. */
const TAIL_RECORDS = 20n;

/** What says how far others are read. */
export interface ReadingParts {
  /** What the inbox has settled. */
  readonly database: Transaction;
  readonly log: Pick<EventLog, 'end' | 'read'>;
  /** The agencies that are listened to. */
  readonly others: () => readonly string[];
}

/**
 * Whether everything that other agencies have on the log by now was taken in here, and waits for nothing. A topic whose end names more than that
 * is not read through, whoever wrote it there.
 *
 * @throws what the log and the database throw
 */
export async function hasReadAll({ database, log, others }: ReadingParts): Promise<boolean> {
  const { rows } = await database.query<{ source: string; lastNumber: number; unsettled: number }>(
    'SELECT source, last_number AS "lastNumber", unsettled FROM inbox.source_cursor',
  );
  const read = new Map(rows.map((row) => [row.source, row]));
  for (const agency of others()) {
    const { lastNumber = 0, unsettled = 0 } = read.get(agency) ?? {};
    // what waits, or is to be judged, is opened once more when its time comes
    if (unsettled > 0 || (await lastNamed(log, topicOf(agency))) > lastNumber) return false;
  }
  return true;
}

/** The greatest number that the end of a topic names; 0 where it names none. */
async function lastNamed(log: ReadingParts['log'], topic: string): Promise<number> {
  const end = await log.end(topic);
  let last = 0;
  if (end === 0n) return last;
  for await (const page of log.read(topic, end > TAIL_RECORDS ? end - TAIL_RECORDS : 0n)) {
    for (const record of page) last = Math.max(last, numberIn(record));
  }
  return last;
}

/** Of an event its own, of a head that of the event before it; 0 for what is neither. */
function numberIn(record: LogRecord): number {
  try {
    if (HEAD_HEADER in record.headers) return parseHeadRecord(record)?.statement.number ?? 0;
    return parseEnvelope(record.value).number;
  } catch {
    return 0; // nobody stands for it
  }
}
