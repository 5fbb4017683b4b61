import { forgetRowsOf, type InlineProjection, type ReadModelWriter, type RecordedEvent } from '@acogida/event-store';
import type { ReturnCaseEvent } from '../domain/return-case-events.ts';
import { NEEDS_COUNSELLING, type ReturnStage } from '../domain/return-case-state.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';

const STREAM_PREFIX = `${returnCaseProcedure.name}-`;

/** The case was counselled, and the batch does not know at which stage it was before: the table does. */
const ANOTHER_SESSION = 'ANOTHER_SESSION';

/** Columns as a batch changes them; what it does not name stays. */
interface Change {
  readonly stage?: ReturnStage | typeof ANOTHER_SESSION;
  readonly [column: string]: unknown;
}

/** One more session leads nowhere; the first one does. */
function counselled({ stage }: Change): Change {
  if (stage === undefined || stage === ANOTHER_SESSION) return { stage: ANOTHER_SESSION };
  return NEEDS_COUNSELLING.includes(stage) ? { stage: 'COUNSELLED' } : {};
}

/**
 * What one event changes in the row of its case; an event that is not named changes nothing but the version.
 *
 * @param before what the batch has changed so far
 */
function changeBy(event: ReturnCaseEvent, before: Change): Change {
  switch (event.type) {
    case 'ReturnApplicationSubmitted': {
      const { caseId, referralId, careStatus, submittedAt } = event.data;
      const facts = { case_id: caseId, referral_id: referralId, care_status: careStatus, submitted_at: submittedAt };
      return { stage: 'SUBMITTED', ...facts };
    }
    case 'ReturnCounsellingProvided':
      return counselled(before);
    case 'VoluntaryConsentSigned': {
      const { version, coolingUntil, validUntil } = event.data;
      const consent = { consent_version: version, cooling_until: coolingUntil, valid_until: validUntil };
      return { stage: 'COOLING_OFF', ...consent };
    }
    case 'CoolingOffEnded':
      return { stage: 'TO_CONFIRM' };
    case 'VoluntarinessConfirmed':
      return { stage: 'CONSENTED' };
    case 'ReturnConsentWithdrawn':
      return { stage: 'WITHDRAWN' };
    case 'ReturnConsentExpired':
      return { stage: 'EXPIRED' };
    case 'ChildNoted':
      return { stage: 'SUBMITTED', care_status: event.data.careStatus };
    case 'ReturnApproved':
      return { stage: 'APPROVED' };
    case 'ReturnDeclined':
      return { stage: 'DECLINED' };
    case 'DepartureConfirmed':
      return { stage: 'DEPARTED', departed_at: event.data.departedAt };
    case 'DepartureTakenBack':
      return { stage: 'TO_CONFIRM', departed_at: null };
    default:
      return {};
  }
}

function rowsOf(events: readonly RecordedEvent[]): readonly Change[] {
  const rows = new Map<string, Change>();
  for (const recorded of events) {
    const { stream, version, position, recordedAt } = recorded;
    if (!stream.startsWith(STREAM_PREFIX)) continue;
    const before = rows.get(stream) ?? {};
    rows.set(stream, {
      ...(version === 1 ? { opened_position: position } : {}),
      ...before,
      ...changeBy({ type: recorded.type, data: recorded.data } as unknown as ReturnCaseEvent, before),
      return_case_id: stream.slice(STREAM_PREFIX.length),
      version,
      changed_at: recordedAt,
    });
  }
  return [...rows.values()];
}

const INSERT = `
  INSERT INTO return_case
  SELECT * FROM jsonb_populate_recordset(NULL::return_case, $1::jsonb)
  ON CONFLICT (return_case_id) DO NOTHING`;

const AFTER_SESSION = `CASE WHEN kept.stage = ANY ('{${NEEDS_COUNSELLING.join(',')}}') THEN 'COUNSELLED' ELSE kept.stage END`;

const UPDATE = `
  UPDATE return_case AS kept SET
    version = change.version,
    changed_at = change.changed_at,
    stage = CASE change.stage WHEN '${ANOTHER_SESSION}' THEN ${AFTER_SESSION} ELSE COALESCE(change.stage, kept.stage) END,
    care_status = COALESCE(change.care_status, kept.care_status),
    consent_version = COALESCE(change.consent_version, kept.consent_version),
    cooling_until = COALESCE(change.cooling_until, kept.cooling_until),
    valid_until = COALESCE(change.valid_until, kept.valid_until),
    departed_at = CASE COALESCE(change.stage, kept.stage) WHEN 'DEPARTED' THEN COALESCE(change.departed_at, kept.departed_at) END
  FROM jsonb_populate_recordset(NULL::return_case, $1::jsonb) AS change
  WHERE kept.return_case_id = change.return_case_id AND kept.version < change.version`;

async function write(transaction: ReadModelWriter, statement: string, rows: readonly Change[]): Promise<void> {
  if (rows.length > 0) await transaction.query(statement, [JSON.stringify(rows)]);
}

/** Keeps the table `return_case` in the append transaction: one statement for new ones, one for changed ones. */
export const returnCaseProjection: InlineProjection = {
  name: 'return-case',
  async apply(events, transaction) {
    const rows = rowsOf(events);
    const isNew = (row: Change): boolean => row['opened_position'] !== undefined;
    await write(
      transaction,
      UPDATE,
      rows.filter((row) => !isNew(row)),
    );
    await write(transaction, INSERT, rows.filter(isNew));
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE return_case');
  },
  ...forgetRowsOf('return_case'),
};
