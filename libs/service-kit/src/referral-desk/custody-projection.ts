import { forgetRowsOf, type InlineProjection, type RecordedEvent } from '@acogida/event-store';
import {
  type CustodyEvent,
  custodyProcedure,
  type HeardReleaseEvent,
  heardReleaseProcedure,
  type SuccessionEvent,
  successionProcedure,
} from '@acogida/referral';

const CUSTODY = `${custodyProcedure.name}-`;
const HEARD = `${heardReleaseProcedure.name}-`;
const SUCCESSION = `${successionProcedure.name}-`;

interface CustodyRow {
  readonly case_id: string;
  readonly term?: number;
  readonly holder?: string;
  readonly basis?: string;
  readonly since?: string;
  readonly agencies: readonly string[];
}

function sayOf(event: CustodyEvent | HeardReleaseEvent): Omit<CustodyRow, 'case_id'> {
  switch (event.type) {
    case 'CustodyTaken': {
      const { term, holder, basis, from, takenAt } = event.data;
      return { term, holder, basis, since: takenAt, agencies: from === null ? [holder] : [holder, from] };
    }
    case 'CustodyReleaseKept':
    case 'ReleaseHeard':
      return { agencies: [event.data.from, event.data.to] };
    case 'SuccessionOrderKept':
      return { agencies: [event.data.from, event.data.successor] };
  }
}

/** The last term that the batch says of each case, and all agencies that it names. */
function custodyRowsOf(events: readonly RecordedEvent[]): readonly CustodyRow[] {
  const rows = new Map<string, CustodyRow>();
  for (const { stream, type, data } of events) {
    const prefix = [CUSTODY, HEARD].find((one) => stream.startsWith(one));
    if (prefix === undefined) continue;
    const id = stream.slice(prefix.length);
    const say = sayOf({ type, data } as unknown as CustodyEvent | HeardReleaseEvent);
    const agencies = [...new Set([...(rows.get(id)?.agencies ?? []), ...say.agencies])];
    rows.set(id, { ...rows.get(id), ...say, case_id: id, agencies });
  }
  return [...rows.values()];
}

// What is only kept, or heard of a case whose custody is not known, says no term.
const TERMS = {
  name: 'custody-terms',
  text: `
    INSERT INTO custody AS known SELECT * FROM jsonb_populate_recordset(NULL::custody, $1::jsonb)
    ON CONFLICT (case_id) DO UPDATE SET
      term = EXCLUDED.term, holder = EXCLUDED.holder, basis = EXCLUDED.basis, since = EXCLUDED.since,
      agencies = ARRAY(SELECT DISTINCT unnest(known.agencies || EXCLUDED.agencies))`,
};
const KEPT = {
  name: 'custody-kept',
  text: `
    INSERT INTO custody AS known (case_id, agencies)
    SELECT case_id, agencies FROM jsonb_populate_recordset(NULL::custody, $1::jsonb)
    ON CONFLICT (case_id) DO UPDATE SET agencies = ARRAY(SELECT DISTINCT unnest(known.agencies || EXCLUDED.agencies))`,
};
const SUCCESSORS = {
  name: 'custody-successors',
  text: `
    INSERT INTO succession SELECT * FROM jsonb_populate_recordset(NULL::succession, $1::jsonb)
    ON CONFLICT (agency) DO NOTHING`,
};

/** Keeps the tables `custody` and `succession` in the append transaction, set-wise. */
export const custodyProjection: InlineProjection = {
  name: 'custody',
  async apply(events, transaction) {
    const rows = custodyRowsOf(events);
    const terms = rows.filter(({ term }) => term !== undefined);
    const kept = rows.filter(({ term }) => term === undefined);
    if (terms.length > 0) await transaction.query({ ...TERMS, values: [JSON.stringify(terms)] });
    if (kept.length > 0) await transaction.query({ ...KEPT, values: [JSON.stringify(kept)] });
    const successors = events
      .filter(({ stream }) => stream.startsWith(SUCCESSION))
      .map(({ data }) => data as unknown as SuccessionEvent['data'])
      .map(({ from, successor }) => ({ agency: from, successor }));
    if (successors.length > 0) await transaction.query({ ...SUCCESSORS, values: [JSON.stringify(successors)] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE custody, succession');
  },
  ...forgetRowsOf('custody'),
};
