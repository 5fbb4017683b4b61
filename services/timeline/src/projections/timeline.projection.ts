import type { ContractProjection, ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import canonicalize from 'canonicalize';
import type { CaseFacts } from '../domain/case-facts.ts';
import { factsOfTimeline, timelineAsOf } from '../domain/timeline-entry.ts';
import { ENTRY_COLUMNS, type EntryRow, entryOf } from './timeline-rows.ts';

/** Columns that are written, with the type of their array and where the value comes from. */
const WRITTEN: readonly (readonly [string, string, (e: ReceivedEvent) => unknown, (e: UnopenedEvent) => unknown])[] = [
  ['source', 'text', (e) => e.source, (e) => e.source],
  ['number', 'bigint', (e) => e.number, (e) => e.number],
  ['event_id', 'uuid', (e) => e.id, (e) => e.id],
  ['subject', 'text', (e) => e.subject, (e) => e.subject],
  ['case_id', 'uuid', (e) => e.payload.caseId, () => null],
  ['class', 'text', (e) => e.class, (e) => e.class],
  ['type', 'text', (e) => e.payload.type, () => null],
  ['schema_version', 'int', (e) => e.payload.schemaVersion, () => null],
  ['data', 'text', (e) => canonicalize(e.payload.data), () => null],
  ['occurred_at', 'timestamptz', (e) => e.payload.occurredAt, () => null],
  ['recorded_at', 'timestamptz', (e) => e.payload.recordedAt, (e) => e.time],
  ['clock', 'text', (e) => e.payload.clock, () => null],
  ['clock_ahead', 'boolean', (e) => e.clockAhead, () => false],
  ['causation_source', 'text', (e) => e.payload.causation?.source ?? null, () => null],
  ['causation_id', 'uuid', (e) => e.payload.causation?.id ?? null, () => null],
  ['stream', 'text', (e) => e.payload.stream, () => null],
  ['version', 'int', (e) => e.payload.version, () => null],
];

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

async function writeEvents(
  opened: readonly ReceivedEvent[],
  sealed: readonly UnopenedEvent[],
  transaction: Transaction,
): Promise<void> {
  const known = new Set(opened.map(({ source, number }) => `${source} ${number}`));
  const unopened = sealed.filter(({ source, number }) => !known.has(`${source} ${number}`));
  if (opened.length + unopened.length === 0) return;
  const columns = WRITTEN.map(([, , ofOpened, ofSealed]) => [...opened.map(ofOpened), ...unopened.map(ofSealed)]);
  await transaction.query(INSERT_EVENTS, columns);
}

/**
 * Locks the rows of the cases in a fixed order. Batches of two agencies may touch one case at once: the second then
 * computes the facts from a snapshot that holds the events of the first. A row that is there is locked, not written.
 */
const LOCK_CASES = `
  INSERT INTO timeline_case (case_id) SELECT id FROM unnest($1::uuid[]) AS touched (id) ORDER BY id
  ON CONFLICT (case_id) DO UPDATE SET entries = excluded.entries WHERE false`;

const UPDATE_CASES = `
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
  WHERE row.case_id = facts."caseId"`;

function referralStatesOf({ referrals }: CaseFacts): string[] {
  return [...new Set(referrals.map(({ state }) => state))].sort();
}

function factsByCase(rows: readonly EntryRow[]): object[] {
  const cases = new Map<string, EntryRow[]>();
  for (const row of rows) {
    if (row.case_id === null) continue;
    const entries = cases.get(row.case_id);
    if (entries === undefined) cases.set(row.case_id, [row]);
    else entries.push(row);
  }
  return [...cases].flatMap(([caseId, entries]) => {
    const facts = factsOfTimeline(timelineAsOf(entries.map(entryOf), null));
    return facts === null ? [] : [{ caseId, ...facts, referralStates: referralStatesOf(facts) }];
  });
}

/**
 * Facts are computed anew from all events of the touched cases, in causal order: whatever the arrival order, the same
 * events give the same row. Costs three statements per batch and the events of the touched cases, some tens each.
 */
async function computeCases(opened: readonly ReceivedEvent[], transaction: Transaction): Promise<void> {
  const touched = [...new Set(opened.flatMap(({ payload }) => payload.caseId ?? []))].sort();
  if (touched.length === 0) return;
  await transaction.query(LOCK_CASES, [touched]);
  const { rows } = await transaction.query<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM timeline_event WHERE case_id = ANY($1::uuid[])`,
    [touched],
  );
  await transaction.query(UPDATE_CASES, [JSON.stringify(factsByCase(rows))]);
}

/** Keeps `timeline_event` and `timeline_case`: four statements per batch, however large. `case_read` is no projection. */
export const timelineProjection: ContractProjection = {
  name: 'timeline',
  apply: async ({ opened, sealed }, transaction) => {
    await writeEvents(opened, sealed, transaction);
    await computeCases(opened, transaction);
  },
  reset: async (transaction) => {
    await transaction.query('TRUNCATE timeline_event, timeline_case');
  },
};
