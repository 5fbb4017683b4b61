import type { ContractType, HoldLiftedV1Data, HoldPlacedV1Data } from '@acogida/contracts';
import type { ContractProjection, ReceivedEvent } from '@acogida/event-log';
import { forgetRowsOf } from '@acogida/event-store';

interface Row {
  readonly source: string;
  readonly hold_id: string;
  readonly case_id: string;
  readonly kind: string | null;
  readonly taken_over_from: string | null;
  readonly since: string | null;
  readonly placed_number: number | null;
  readonly lifted_number: number | null;
}

const UNSAID = { kind: null, taken_over_from: null, since: null, placed_number: null, lifted_number: null } as const;

/** What one event says of a hold; null for all other events. */
function rowOf({ source, number, payload: { type, caseId, data } }: ReceivedEvent): Row | null {
  if (caseId === null) return null;
  if (type === 'HoldPlaced') {
    const { holdId, kind, takenOverFrom, since } = data as unknown as HoldPlacedV1Data;
    const said = { kind, taken_over_from: takenOverFrom, since, placed_number: number };
    return { ...UNSAID, source, hold_id: holdId, case_id: caseId, ...said };
  }
  if (type !== 'HoldLifted') return null;
  const { holdId } = data as unknown as HoldLiftedV1Data;
  return { ...UNSAID, source, hold_id: holdId, case_id: caseId, lifted_number: number };
}

const later = (one: number | null, other: number | null): number | null =>
  one === null ? other : Math.max(one, other ?? 0);

/** Both said of one hold; the same whatever comes first. */
function together(one: Row, other: Row): Row {
  const last = (other.placed_number ?? 0) >= (one.placed_number ?? 0) ? other : one;
  return {
    ...one,
    kind: one.kind ?? other.kind,
    taken_over_from: one.taken_over_from ?? other.taken_over_from,
    since: last.since ?? one.since ?? other.since,
    placed_number: later(one.placed_number, other.placed_number),
    lifted_number: later(one.lifted_number, other.lifted_number),
  };
}

function rowsOf(events: readonly ReceivedEvent[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const event of events) {
    const row = rowOf(event);
    if (row === null) continue;
    const key = `${row.source} ${row.hold_id}`;
    const before = rows.get(key);
    rows.set(key, before === undefined ? row : together(before, row));
  }
  return [...rows.values()];
}

// A restricted copy that is opened late, or a lifting that was heard first, changes nothing of what is newer.
const UPSERT = {
  name: 'known-hold-upsert',
  text: `
  INSERT INTO known_hold AS known (source, hold_id, case_id, kind, taken_over_from, since, placed_number, lifted_number)
  SELECT source, hold_id, case_id, kind, taken_over_from, since, placed_number, lifted_number
  FROM jsonb_populate_recordset(NULL::known_hold, $1::jsonb)
  ON CONFLICT (source, hold_id) DO UPDATE SET
    kind = coalesce(known.kind, excluded.kind),
    taken_over_from = coalesce(known.taken_over_from, excluded.taken_over_from),
    since = CASE WHEN known.placed_number IS NULL OR excluded.placed_number >= known.placed_number
      THEN coalesce(excluded.since, known.since) ELSE known.since END,
    placed_number = greatest(known.placed_number, excluded.placed_number),
    lifted_number = greatest(known.lifted_number, excluded.lifted_number)
  WHERE known.case_id = excluded.case_id`,
};

/**
 * Holds that other authorities told of, in the table `known_hold`, one statement for a batch that speaks of any. The two copies of
 * a word are one row; whoever may read only that there is a hold has no `kind`. A hold is its source's: what another agency says
 * of the same id is another row.
 */
export const knownHoldProjection: ContractProjection = {
  name: 'known-holds',
  types: new Set(['HoldPlaced', 'HoldLifted'] satisfies ContractType[]),
  async apply({ opened }, transaction) {
    const rows = rowsOf(opened);
    if (rows.length > 0) await transaction.query({ ...UPSERT, values: [JSON.stringify(rows)] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE known_hold');
  },
  ...forgetRowsOf('known_hold'),
};
