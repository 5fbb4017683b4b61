import { forgetRowsOf, type InlineProjection, type ReadModelWriter, type RecordedEvent } from '@acogida/event-store';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCaseEvent } from '../domain/child-case-events.ts';

const STREAM_PREFIX = `${childCaseProcedure.name}-`;

/** Columns as a batch changes them; what it does not name stays. */
interface Change {
  readonly [column: string]: unknown;
}

/** What stands of nobody whose case is closed: a case that begins anew has none of it. */
const NOTHING: Change = {
  ...{ care: null, guardian_since: null, representative_since: null, guardian_due_at: null },
  is_guardian_overdue: false,
};

/** What one event changes in the row of its case, whatever the row says; an event that is not named changes nothing but the version. */
function changeBy(event: ChildCaseEvent): Change {
  switch (event.type) {
    case 'ChildReported': {
      const { caseId, situation, guardianDueAt } = event.data;
      const unmet = { referral_id: null, urgency: null, is_met: false, closed_at: null };
      return { ...unmet, case_id: caseId, situation, guardian_due_at: guardianDueAt };
    }
    case 'ChildIdentified': {
      const { caseId, referralId, situation, urgency, guardianDueAt } = event.data;
      const met = { referral_id: referralId, urgency, is_met: true, closed_at: null };
      return { ...met, case_id: caseId, situation, guardian_due_at: guardianDueAt };
    }
    case 'SituationChanged': {
      const { situation, guardianDueAt, basis } = event.data;
      const overdue = guardianDueAt === null ? { is_guardian_overdue: false } : {};
      const met = basis === 'REPORTED_ELSEWHERE' ? {} : { is_met: true };
      return { ...overdue, ...met, situation, guardian_due_at: guardianDueAt };
    }
    case 'ChildRegistered':
      return { registered_at: event.data.registeredAt };
    case 'InterimCareArranged':
      return { care: event.data.care };
    case 'GuardianAppointed':
      return { guardian_since: event.data.appointedAt, guardian_due_at: null, is_guardian_overdue: false };
    case 'GuardianEnded':
      return { guardian_since: null, guardian_due_at: event.data.guardianDueAt };
    case 'GuardianOverdue':
      return { is_guardian_overdue: true };
    case 'LegalRepresentativeAppointed':
      return { representative_since: event.data.appointedAt };
    case 'LegalRepresentativeEnded':
      return { representative_since: null };
    case 'ChildCaseClosed':
      return { ...NOTHING, closed_at: event.data.closedAt };
    default:
      return {};
  }
}

function rowsOf(events: readonly RecordedEvent[]): readonly Change[] {
  const rows = new Map<string, Change>();
  for (const recorded of events) {
    const { stream, version, position, recordedAt } = recorded;
    if (!stream.startsWith(STREAM_PREFIX)) continue;
    rows.set(stream, {
      ...(version === 1 ? { ...NOTHING, opened_position: position, stage: 'UNKNOWN' } : {}),
      ...rows.get(stream),
      ...changeBy({ type: recorded.type, data: recorded.data } as unknown as ChildCaseEvent),
      child_case_id: stream.slice(STREAM_PREFIX.length),
      version,
      changed_at: recordedAt,
    });
  }
  return [...rows.values()];
}

const INSERT = `
  INSERT INTO child_case
  SELECT * FROM jsonb_populate_recordset(NULL::child_case, $1::jsonb)
  ON CONFLICT (child_case_id) DO NOTHING`;

/** Columns that events change. */
const CHANGED = [
  ...['version', 'changed_at', 'referral_id', 'situation', 'urgency', 'is_met', 'registered_at', 'care'],
  ...['guardian_since', 'representative_since', 'guardian_due_at', 'is_guardian_overdue', 'closed_at'],
];

/** What a change does not name is taken from the row before it, so that one that names null is told from one that names nothing. */
const UPDATE = `
  UPDATE child_case AS kept SET ${CHANGED.map((column) => `${column} = next.${column}`).join(', ')}
  FROM child_case AS before,
    jsonb_array_elements($1::jsonb) AS change(value),
    LATERAL jsonb_populate_record(before, change.value) AS next
  WHERE before.child_case_id = (change.value ->> 'child_case_id')::uuid
    AND before.version < (change.value ->> 'version')::integer
    AND kept.child_case_id = before.child_case_id`;

/** How far the cases of these streams have come, as their columns say. */
const STAGES = `
  UPDATE child_case SET stage = CASE
    WHEN closed_at IS NOT NULL THEN 'CLOSED'
    WHEN NOT is_met THEN 'REPORTED'
    WHEN guardian_since IS NOT NULL OR representative_since IS NOT NULL THEN 'REPRESENTED'
    WHEN registered_at IS NOT NULL THEN 'REGISTERED'
    ELSE 'IDENTIFIED' END
  WHERE child_case_id IN (SELECT (value ->> 'child_case_id')::uuid FROM jsonb_array_elements($1::jsonb))`;

async function write(transaction: ReadModelWriter, statement: string, rows: readonly Change[]): Promise<void> {
  if (rows.length > 0) await transaction.query(statement, [JSON.stringify(rows)]);
}

/** Keeps the table `child_case` in the append transaction: one statement for new ones, one for changed ones, one for their stages. */
export const childCaseProjection: InlineProjection = {
  name: 'child-case',
  async apply(events, transaction) {
    const rows = rowsOf(events);
    const isNew = (row: Change): boolean => row['opened_position'] !== undefined;
    await write(
      transaction,
      UPDATE,
      rows.filter((row) => !isNew(row)),
    );
    await write(transaction, INSERT, rows.filter(isNew));
    await write(transaction, STAGES, rows);
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE child_case');
  },
  ...forgetRowsOf('child_case'),
};
