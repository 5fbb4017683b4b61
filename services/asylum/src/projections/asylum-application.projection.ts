import { forgetRowsOf, type InlineProjection, type ReadModelWriter, type RecordedEvent } from '@acogida/event-store';
import { asylumApplication } from '../asylum-application.procedure.ts';
import type { AsylumApplicationEvent } from '../domain/asylum-application.ts';

const STREAM_PREFIX = `${asylumApplication.name}-`;

/** Columns as a batch changes them; what it does not name stays. */
type Change = Readonly<Record<string, unknown>>;

/** What one event changes in the row of its application; one that is not named changes nothing but the version. */
function changeBy(event: AsylumApplicationEvent): Change {
  switch (event.type) {
    case 'ApplicationLodged': {
      const { caseId, referralId, form, lodgedBy, lodgedOn, fileBy, late, ratifyBy } = event.data;
      return {
        stage: 'LODGED',
        case_id: caseId,
        referral_id: referralId,
        form,
        lodged_by: lodgedBy,
        lodged_on: lodgedOn,
        file_by: fileBy,
        late,
        late_filing: late ? 'OPEN' : 'NOT_LATE',
        ratify_by: ratifyBy,
      };
    }
    case 'ApplicationRatified':
      return { ratified_on: event.data.ratifiedOn };
    case 'LateFilingAccepted':
      return { late_filing: 'ACCEPTED' };
    case 'LateFilingRefused':
      return { late_filing: 'REFUSED' };
    case 'ApplicationRegistered':
      return { stage: 'REGISTERED', registered_on: event.data.registeredOn, decide_by: event.data.decideBy };
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
      ...(version === 1 ? { opened_position: position } : {}),
      ...rows.get(stream),
      ...changeBy({ type: recorded.type, data: recorded.data } as unknown as AsylumApplicationEvent),
      application_id: stream.slice(STREAM_PREFIX.length),
      version,
      changed_at: recordedAt,
    });
  }
  return [...rows.values()];
}

const INSERT = {
  name: 'asylum-application-insert',
  text: `
    INSERT INTO asylum_application
    SELECT * FROM jsonb_populate_recordset(NULL::asylum_application, $1::jsonb)
    ON CONFLICT (application_id) DO NOTHING`,
};

const UPDATE = {
  name: 'asylum-application-update',
  text: `
    UPDATE asylum_application AS kept SET
      version = change.version,
      changed_at = change.changed_at,
      stage = COALESCE(change.stage, kept.stage),
      late_filing = COALESCE(change.late_filing, kept.late_filing),
      ratified_on = COALESCE(change.ratified_on, kept.ratified_on),
      registered_on = COALESCE(change.registered_on, kept.registered_on),
      decide_by = COALESCE(change.decide_by, kept.decide_by)
    FROM jsonb_populate_recordset(NULL::asylum_application, $1::jsonb) AS change
    WHERE kept.application_id = change.application_id AND kept.version < change.version`,
};

async function write(transaction: ReadModelWriter, statement: typeof INSERT, rows: readonly Change[]): Promise<void> {
  if (rows.length > 0) await transaction.query({ ...statement, values: [JSON.stringify(rows)] });
}

/** Keeps the table `asylum_application` in the append transaction: one statement for new ones, one for changed ones. */
export const asylumApplicationProjection: InlineProjection = {
  name: 'asylum-application',
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
    await transaction.query('TRUNCATE asylum_application');
  },
  ...forgetRowsOf('asylum_application'),
};
