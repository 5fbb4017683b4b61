import { forgetRowsOf, type InlineProjection, type RecordedEvent } from '@acogida/event-store';
import { type HoldLedgerEvent, holdLedgerProcedure } from '@acogida/safeguards';

const LEDGER = `${holdLedgerProcedure.name}-`;

type DataOf<T extends HoldLedgerEvent['type']> = Extract<HoldLedgerEvent, { readonly type: T }>['data'];

function dataOf<T extends HoldLedgerEvent['type']>(events: readonly RecordedEvent[], type: T): readonly DataOf<T>[] {
  return events
    .filter((event) => event.type === type && event.stream.startsWith(LEDGER))
    .map(({ data }) => data as unknown as DataOf<T>);
}

function rowOf({ clearanceId, caseId, gate, removal, count, grantedAt }: DataOf<'ClearanceGranted'>): object {
  const { from, spanMs } = count;
  return {
    ...{ clearance_id: clearanceId, case_id: caseId, gate, removal, granted_at: grantedAt },
    ...{ boot: from.boot, from_ms: from.ms, span_ms: spanMs, is_halted: false },
  };
}

// What was granted a day before is long over: only a process that starts counts anew, for minutes.
const GRANTED = {
  name: 'granted-clearance-granted',
  text: `
    WITH fresh AS (SELECT * FROM jsonb_populate_recordset(NULL::granted_clearance, $1::jsonb)),
         swept AS (DELETE FROM granted_clearance WHERE granted_at < (SELECT max(granted_at) FROM fresh) - interval '1 day')
    INSERT INTO granted_clearance SELECT * FROM fresh ON CONFLICT (clearance_id) DO NOTHING`,
};
const HALTED = {
  name: 'granted-clearance-halted',
  text: 'UPDATE granted_clearance SET is_halted = true WHERE clearance_id = ANY ($1::uuid[])',
};
const ANSWERED = {
  name: 'granted-clearance-answered',
  text: `
    DELETE FROM granted_clearance
     WHERE (clearance_id, gate) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`,
};

/** Keeps the table `granted_clearance` in the append transaction, set-wise; the ledger is what decides. */
export const grantedClearanceProjection: InlineProjection = {
  name: 'granted-clearances',
  async apply(events, transaction) {
    const granted = dataOf(events, 'ClearanceGranted').map(rowOf);
    const halted = dataOf(events, 'HaltOrdered').flatMap(({ clearanceIds }) => clearanceIds);
    const answered = dataOf(events, 'HaltAcknowledgementNoted').flatMap(({ gate, clearanceIds }) =>
      clearanceIds.map((clearanceId) => ({ gate, clearanceId })),
    );
    if (granted.length > 0) await transaction.query({ ...GRANTED, values: [JSON.stringify(granted)] });
    if (halted.length > 0) await transaction.query({ ...HALTED, values: [halted] });
    if (answered.length === 0) return;
    const values = [answered.map(({ clearanceId }) => clearanceId), answered.map(({ gate }) => gate)];
    await transaction.query({ ...ANSWERED, values });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE granted_clearance');
  },
  ...forgetRowsOf('granted_clearance'),
};
