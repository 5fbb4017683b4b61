import {
  type CopiedValue,
  copyText,
  type ContractReplay,
  type Received,
  type ReceivedEvent,
  type ReplayPage,
  TableBeside,
  type UnopenedEvent,
} from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { TimelineEntry } from '../domain/timeline-entry.ts';
import { type CaseRow, caseRowOf } from './case-rows.ts';
import { isHistory, WRITTEN } from './timeline-columns.ts';
import { ENTRY_COLUMNS, type EntryRow, entryOf } from './timeline-rows.ts';

/** Events whose cases are held in memory: some tens of megabytes. A case that lies idle longest is written first. */
const HELD_EVENTS = 20_000;
const CASES_PER_QUERY = 500;

const EVENT_COLUMNS = [...WRITTEN.map(([name]) => name), 'received_at'];

/** Columns of `timeline_case` and where their text for `COPY` comes from. */
const CASE_COLUMNS: readonly (readonly [string, (row: CaseRow) => CopiedValue])[] = [
  ['case_id', (row) => row.caseId],
  ['opened_at', (row) => row.openedAt],
  ['last_recorded_at', (row) => row.lastRecordedAt],
  ['entries', (row) => row.entries],
  ['agencies', (row) => arrayText(row.agencies)],
  ['age_status', (row) => row.ageStatus],
  ['sex', (row) => row.sex],
  ['nationalities', (row) => arrayText(row.nationalities)],
  ['child', (row) => row.child],
  ['life_saving_need', (row) => row.lifeSavingNeed],
  ['trafficking_flagged', (row) => row.traffickingFlagged],
  ['trafficking_suggested', (row) => row.traffickingSuggested],
  ['trafficking_outcome', (row) => row.traffickingOutcome],
  ['asylum_state', (row) => row.asylumState],
  ['referrals', (row) => JSON.stringify(row.referrals)],
  ['referral_states', (row) => arrayText(row.referralStates)],
];
const CASE_NAMES = CASE_COLUMNS.map(([name]) => name);

/**
 * Builds the timeline anew beside the present one. Events are copied as they come. A case is computed from memory when it has
 * lain idle; if it stirs again after that, or was idle too long for memory, it is computed once more from the table at the
 * end: the same function of the same events either way.
 */
export class TimelineReplay implements ContractReplay {
  readonly #transaction: Transaction;
  readonly #events: TableBeside;
  readonly #cases: TableBeside;
  /** Entries of cases, the one that lies idle longest first. */
  readonly #held = new Map<string, TimelineEntry[]>();
  readonly #mostHeld: number;
  #heldEvents = 0;

  private constructor(transaction: Transaction, events: TableBeside, cases: TableBeside, mostHeld: number) {
    this.#transaction = transaction;
    this.#events = events;
    this.#cases = cases;
    this.#mostHeld = mostHeld;
  }

  /** @param mostHeld events whose cases are held in memory at most */
  static async begin(transaction: Transaction, mostHeld = HELD_EVENTS): Promise<TimelineReplay> {
    const events = await TableBeside.create(transaction, 'timeline_event');
    const cases = await TableBeside.create(transaction, 'timeline_case');
    return new TimelineReplay(transaction, events, cases, mostHeld);
  }

  async add({ opened: received, sealed }: ReplayPage): Promise<void> {
    const opened = received.filter(isHistory);
    const copied = this.#events.copy(EVENT_COLUMNS, [...opened.map(lineOfOpened), ...sealed.map(lineOfSealed)]);
    for (const event of opened) this.#hold(event);
    const idle = this.#heldEvents > this.#mostHeld ? this.#letGo(this.#mostHeld / 2) : [];
    await copied;
    await this.#cases.copy(CASE_NAMES, idle);
  }

  async finish(): Promise<void> {
    const indexed = this.#events.index(); // by the database, while the cases are computed here
    const lines = this.#letGo(0);
    await indexed;
    await this.#cases.copy(CASE_NAMES, lines);
    await this.#computeAgain();
    await this.#cases.index();
    await this.#events.takePlace();
    await this.#cases.takePlace();
  }

  #hold(event: ReceivedEvent): void {
    const { caseId } = event.payload;
    if (caseId === null) return;
    const entries = this.#held.get(caseId) ?? [];
    entries.push(entryOfEvent(event));
    this.#held.delete(caseId);
    this.#held.set(caseId, entries);
    this.#heldEvents += 1;
  }

  /** Lines of the cases that lay idle longest, until no more than so many events are held. */
  #letGo(remaining: number): readonly string[] {
    const lines: string[] = [];
    for (const [caseId, entries] of this.#held) {
      if (this.#heldEvents <= remaining) break;
      this.#held.delete(caseId);
      this.#heldEvents -= entries.length;
      const row = caseRowOf(caseId, entries);
      if (row !== null) lines.push(lineOfCase(row));
    }
    return lines;
  }

  /** Cases that were written from a part of their events. */
  async #computeAgain(): Promise<void> {
    const { rows } = await this.#transaction.query<{ caseId: string }>(
      `DELETE FROM ${this.#cases.name}
        WHERE case_id IN (SELECT case_id FROM ${this.#cases.name} GROUP BY case_id HAVING count(*) > 1)
       RETURNING case_id AS "caseId"`,
    );
    const stirred = [...new Set(rows.map(({ caseId }) => caseId))];
    for (let start = 0; start < stirred.length; start += CASES_PER_QUERY) {
      const caseIds = stirred.slice(start, start + CASES_PER_QUERY);
      const { rows: entries } = await this.#transaction.query<EntryRow>(
        `SELECT ${ENTRY_COLUMNS} FROM ${this.#events.name} WHERE case_id = ANY($1::uuid[])`,
        [caseIds],
      );
      await this.#cases.copy(
        CASE_NAMES,
        [...byCase(entries)].flatMap(([caseId, of]) => lineOf(caseId, of)),
      );
    }
  }
}

/** Rows of one case together. */
export function byCase(rows: readonly EntryRow[]): ReadonlyMap<string, readonly TimelineEntry[]> {
  const cases = new Map<string, TimelineEntry[]>();
  for (const row of rows) {
    if (row.case_id === null) continue;
    const entries = cases.get(row.case_id);
    if (entries === undefined) cases.set(row.case_id, [entryOf(row)]);
    else entries.push(entryOf(row));
  }
  return cases;
}

function lineOf(caseId: string, entries: readonly TimelineEntry[]): string[] {
  const row = caseRowOf(caseId, entries);
  return row === null ? [] : [lineOfCase(row)];
}

function lineOfCase(row: CaseRow): string {
  return CASE_COLUMNS.map(([, valueOf]) => copyText(valueOf(row))).join('\t');
}

function lineOfOpened(event: ReceivedEvent & Received): string {
  let line = '';
  for (const [, , valueOf] of WRITTEN) line += `${copyText(valueOf(event))}\t`;
  return line + event.receivedAt;
}

function lineOfSealed(event: UnopenedEvent & Received): string {
  let line = '';
  for (const [, , , valueOf] of WRITTEN) line += `${copyText(valueOf(event))}\t`;
  return line + event.receivedAt;
}

function entryOfEvent({ id, source, number, class: clearClass, payload }: ReceivedEvent): TimelineEntry {
  const { type, schemaVersion, data, occurredAt, recordedAt, clock, causation, stream, version } = payload;
  const causationId = causation?.id ?? null;
  return {
    ...{ id, source, number, class: clearClass, type, schemaVersion, data, occurredAt, recordedAt, clock },
    ...{ causationId, stream, version },
  };
}

/** A text array as PostgreSQL reads it. */
function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => JSON.stringify(value)).join(',')}}`;
}
