import type { ContractProjection, ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { caseRowOf } from './case-rows.ts';
import { isHistory, WRITTEN } from './timeline-columns.ts';
import { byCase, TimelineReplay } from './timeline-replay.ts';
import { ENTRY_COLUMNS, type EntryRow } from './timeline-rows.ts';

const NAMES = WRITTEN.map(([name]) => name).join(', ');

/** An event known by class is replaced when it is opened later, never the other way round. */
const INSERT_EVENTS = `
  INSERT INTO timeline_event (${NAMES})
  SELECT * FROM unnest(${WRITTEN.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})
  ON CONFLICT (source, number) DO UPDATE
    SET ${WRITTEN.slice(2)
      .map(([name]) => `${name} = excluded.${name}`)
      .join(', ')}, received_at = now()
    WHERE timeline_event.type IS NULL AND excluded.type IS NOT NULL`;

/**
 * Locks the rows of the cases in a fixed order. Batches of two agencies may touch one case at once: the second then
 * computes the facts from a snapshot that holds the events of the first. A row that is there is locked, not written.
 */
const LOCK_CASES = `
  INSERT INTO timeline_case (case_id)
  SELECT id FROM unnest($${WRITTEN.length + 1}::uuid[]) AS touched (id) ORDER BY id
  ON CONFLICT (case_id) DO UPDATE SET entries = excluded.entries WHERE false`;

const WRITE_AND_LOCK = { name: 'timeline-write-and-lock', text: `WITH written AS (${INSERT_EVENTS}) ${LOCK_CASES}` };

const READ_CASES = {
  name: 'timeline-read-cases',
  text: `SELECT ${ENTRY_COLUMNS} FROM timeline_event WHERE case_id = ANY($1::uuid[])`,
};

const UPDATE_CASES = {
  name: 'timeline-update-cases',
  text: `
  UPDATE timeline_case AS row SET
    opened_at = facts."openedAt", last_recorded_at = facts."lastRecordedAt", entries = facts.entries,
    agencies = facts.agencies, age_status = facts."ageStatus", sex = facts.sex, nationalities = facts.nationalities,
    child = facts.child, life_saving_need = facts."lifeSavingNeed", trafficking_flagged = facts."traffickingFlagged",
    trafficking_suggested = facts."traffickingSuggested", trafficking_outcome = facts."traffickingOutcome",
    asylum_state = facts."asylumState", referrals = facts.referrals, referral_states = facts."referralStates"
  FROM jsonb_to_recordset($1::jsonb) AS facts (
    "caseId" uuid, "openedAt" timestamptz, "lastRecordedAt" timestamptz, entries int, agencies text[], "ageStatus" text,
    sex text, nationalities text[], child boolean, "lifeSavingNeed" boolean, "traffickingFlagged" boolean,
    "traffickingSuggested" text, "traffickingOutcome" text, "asylumState" text, referrals jsonb, "referralStates" text[])
  WHERE row.case_id = facts."caseId"`,
};

/** Writes the events and locks the rows of the cases they belong to. */
async function writeEvents(
  opened: readonly ReceivedEvent[],
  sealed: readonly UnopenedEvent[],
  touched: readonly string[],
  transaction: Transaction,
): Promise<void> {
  const known = new Set(opened.map(({ source, number }) => `${source} ${number}`));
  const unopened = sealed.filter(({ source, number }) => !known.has(`${source} ${number}`));
  if (opened.length + unopened.length === 0) return;
  const columns = WRITTEN.map(([, , ofOpened, ofSealed]) => [...opened.map(ofOpened), ...unopened.map(ofSealed)]);
  await transaction.query({ ...WRITE_AND_LOCK, values: [...columns, touched] });
}

async function readCases(touched: readonly string[], transaction: Transaction): Promise<readonly EntryRow[]> {
  if (touched.length === 0) return [];
  return (await transaction.query<EntryRow>({ ...READ_CASES, values: [touched] })).rows;
}

/**
 * Facts are computed anew from all events of the touched cases, in causal order: whatever the arrival order, the same
 * events give the same row. Costs two statements per batch and the events of the touched cases, some tens each.
 */
async function computeCases(entries: readonly EntryRow[], transaction: Transaction): Promise<void> {
  if (entries.length === 0) return;
  const cases = [...byCase(entries)].flatMap(([caseId, of]) => caseRowOf(caseId, of) ?? []);
  await transaction.query({ ...UPDATE_CASES, values: [JSON.stringify(cases)] });
}

/** What was opened of a case is as if it never had been: class, time and pseudonym stay, as of any event that is not opened here. */
const CLOSE_EVENTS = `
  UPDATE timeline_event SET case_id = NULL, type = NULL, schema_version = NULL, data = NULL, occurred_at = NULL, clock = NULL,
    causation_source = NULL, causation_id = NULL, stream = NULL, version = NULL
  WHERE case_id = $1`;

/** Keeps `timeline_event` and `timeline_case`: three statements per batch, however large. `case_read` is no projection. */
export const timelineProjection: ContractProjection = {
  name: 'timeline',
  apply: async ({ opened: received, sealed }, transaction) => {
    const opened = received.filter(isHistory);
    const touched = [...new Set(opened.flatMap(({ payload }) => payload.caseId ?? []))].sort();
    // Sent together: what is read is read behind the writing of the events and the locks.
    const written = writeEvents(opened, sealed, touched, transaction);
    const [entries] = await Promise.all([readCases(touched, transaction), written]);
    await computeCases(entries, transaction);
  },
  reset: async (transaction) => {
    await transaction.query('TRUNCATE timeline_event, timeline_case');
  },
  forget: async (transaction, caseId) => {
    const closed = await transaction.query(CLOSE_EVENTS, [caseId]);
    const gone = await transaction.query('DELETE FROM timeline_case WHERE case_id = $1', [caseId]);
    return (closed.rowCount ?? 0) + (gone.rowCount ?? 0);
  },
  replay: (transaction) => TimelineReplay.begin(transaction),
};
