import { forgetRowsOf, type InlineProjection, type ReadModelWriter, type RecordedEvent } from '@acogida/event-store';
import { caseIntake } from '../case-intake.procedure.ts';
import type { CaseIntakeEvent } from '../domain/case-intake-events.ts';

const STREAM_PREFIX = `${caseIntake.name}-`;

/** Columns as a batch changes them; what it does not name stays. */
type Change = Readonly<Record<string, unknown>>;

/** What one event changes in the row of its case; one that is not named changes nothing but the version. */
function changeBy(event: CaseIntakeEvent): Change {
  switch (event.type) {
    case 'FirstContactRecorded': {
      const { place, channel, contactedOn, entryMode } = event.data;
      return { stage: 'CONTACTED', place, channel, contacted_on: contactedOn, entry_mode: entryMode };
    }
    case 'RightsInformationProvided':
      return { stage: 'INFORMED' };
    case 'PersonRegistered': {
      const { sex, ageStatus, ageBand, nationalities, nationalityStatus } = event.data;
      return {
        stage: 'REGISTERED',
        sex,
        age_status: ageStatus,
        age_from_years: ageBand?.fromYears ?? null,
        age_to_years: ageBand?.toYears ?? null,
        nationalities,
        nationality_status: nationalityStatus,
      };
    }
    case 'UrgentNeedsScreened':
      return { stage: 'NEEDS_SCREENED', life_saving: event.data.lifeSaving };
    case 'AsylumIntentExpressed':
      return { asylum_intent: true };
    case 'ChildIdentified':
      return { child_basis: event.data.basis, care_status: event.data.careStatus };
    case 'TraffickingIndicatorFlagged':
      return { trafficking_flagged: true };
    default:
      return {};
  }
}

const STAGE_ORDER = ['CONTACTED', 'INFORMED', 'REGISTERED', 'NEEDS_SCREENED'];

/** A later package of information does not put a case back. */
function furthest(before: unknown, after: unknown): unknown {
  return STAGE_ORDER.indexOf(String(after)) > STAGE_ORDER.indexOf(String(before)) ? after : (before ?? after);
}

function merge(known: Change, recorded: RecordedEvent, change: Change): Change {
  const row: Change = { asylum_intent: false, trafficking_flagged: false, ...known, ...change };
  const isChild = row['child_basis'] !== undefined;
  return {
    ...row,
    stage: furthest(known['stage'], change['stage']),
    age_status: isChild && row['age_status'] === 'ADULT' ? 'DISPUTED' : row['age_status'],
    case_id: recorded.stream.slice(STREAM_PREFIX.length),
    version: recorded.version,
    changed_at: recorded.recordedAt,
  };
}

function opening(recorded: RecordedEvent): Change {
  return recorded.version === 1 ? { opened_position: recorded.position, opened_at: recorded.recordedAt } : {};
}

function rowsOf(events: readonly RecordedEvent[]): readonly Change[] {
  const rows = new Map<string, Change>();
  for (const recorded of events) {
    if (!recorded.stream.startsWith(STREAM_PREFIX)) continue;
    const change = changeBy({ type: recorded.type, data: recorded.data } as unknown as CaseIntakeEvent);
    rows.set(recorded.stream, merge(rows.get(recorded.stream) ?? opening(recorded), recorded, change));
  }
  return [...rows.values()];
}

const INSERT = {
  name: 'intake-case-insert',
  text: `
    INSERT INTO intake_case
    SELECT * FROM jsonb_populate_recordset(NULL::intake_case, $1::jsonb)
    ON CONFLICT (case_id) DO NOTHING`,
};

// INV-08: whoever is identified as a child is not listed as an adult.
const UPDATE = {
  name: 'intake-case-update',
  text: `
    UPDATE intake_case AS kept SET
      version = change.version,
      changed_at = change.changed_at,
      stage = CASE
        WHEN array_position($2::text[], change.stage) > array_position($2::text[], kept.stage) THEN change.stage
        ELSE kept.stage
      END,
      sex = COALESCE(change.sex, kept.sex),
      age_status = CASE
        WHEN COALESCE(change.child_basis, kept.child_basis) IS NULL THEN COALESCE(change.age_status, kept.age_status)
        ELSE replace(COALESCE(change.age_status, kept.age_status), 'ADULT', 'DISPUTED')
      END,
      age_from_years = COALESCE(change.age_from_years, kept.age_from_years),
      age_to_years = COALESCE(change.age_to_years, kept.age_to_years),
      nationalities = COALESCE(change.nationalities, kept.nationalities),
      nationality_status = COALESCE(change.nationality_status, kept.nationality_status),
      life_saving = COALESCE(change.life_saving, kept.life_saving),
      asylum_intent = kept.asylum_intent OR change.asylum_intent,
      child_basis = COALESCE(change.child_basis, kept.child_basis),
      care_status = COALESCE(change.care_status, kept.care_status),
      trafficking_flagged = kept.trafficking_flagged OR change.trafficking_flagged
    FROM jsonb_populate_recordset(NULL::intake_case, $1::jsonb) AS change
    WHERE kept.case_id = change.case_id AND kept.version < change.version`,
};

async function write(
  transaction: ReadModelWriter,
  statement: typeof INSERT,
  rows: readonly Change[],
  ...more: unknown[]
): Promise<void> {
  if (rows.length > 0) await transaction.query({ ...statement, values: [JSON.stringify(rows), ...more] });
}

/** Keeps the table `intake_case` in the append transaction: one statement for new cases, one for changed ones. */
export const intakeCaseProjection: InlineProjection = {
  name: 'intake-case',
  async apply(events, transaction) {
    const rows = rowsOf(events);
    await write(
      transaction,
      UPDATE,
      rows.filter((row) => row['opened_position'] === undefined),
      STAGE_ORDER,
    );
    await write(
      transaction,
      INSERT,
      rows.filter((row) => row['opened_position'] !== undefined),
    );
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE intake_case');
  },
  ...forgetRowsOf('intake_case'),
};
