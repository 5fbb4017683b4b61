import { forgetRowsOf, type InlineProjection, type ReadModelWriter, type RecordedEvent } from '@acogida/event-store';
import { type ReferralEvent, referralProcedure } from '@acogida/referral';
import { columnsOf, isOpening, type ReferralColumns } from './referral-columns.ts';
import { FORGET_FACTS, mayForgetFacts } from './referral-forgetting.ts';

const STREAM_PREFIX = `${referralProcedure.name}-`;

/** What a batch says of one referral: opened in it, or known from before and changed. */
interface Change {
  readonly id: string;
  version: number;
  opened: boolean;
  columns: ReferralColumns;
}

function changesOf(events: readonly RecordedEvent[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { stream, version, type, data } of events) {
    if (!stream.startsWith(STREAM_PREFIX)) continue;
    const event = { type, data } as unknown as ReferralEvent;
    const id = stream.slice(STREAM_PREFIX.length);
    const change = changes.get(id) ?? { id, version, opened: false, columns: {} };
    change.version = version;
    change.opened ||= isOpening(event);
    change.columns = { ...change.columns, ...columnsOf(event) };
    changes.set(id, change);
  }
  return [...changes.values()];
}

/** Columns that the first word of a side fills, and that nobody changes once it was sent. */
const REQUEST_COLUMNS = [
  ...[
    'direction',
    'case_id',
    'sender',
    'receiver',
    'service',
    'urgency',
    'reason',
    'sex',
    'age_status',
    'age_from_years',
  ],
  ...['age_to_years', 'nationalities', 'nationality_status', 'consent_basis', 'consent_form', 'consent_given_by'],
  ...[
    'consent_language',
    'consent_granted_on',
    'transfer',
    'group_id',
    'attachments',
    'caused_by',
    'separation_reason',
    'requested_at',
    'acknowledge_by',
  ],
];
/** Columns that each say one thing, from when it was said. */
const SAID_COLUMNS = [
  ...[
    'request_status',
    'fulfilment_status',
    'acknowledged_at',
    'held_at',
    'accepted_at',
    'started_at',
    'reject_reason',
  ],
  ...['alternative_agency', 'rejected_at', 'result', 'completed_at', 'failure_reason', 'failed_at', 'cancel_reason'],
  ...['entry_error', 'loop_outcome', 'next_referral_id', 'ended_at', 'escalated_at', 'answer_by', 'custody_term'],
];
/** Columns of a hold: what the receiver says next says them anew. */
const HOLD_COLUMNS = ['hold_reason', 'hold_information', 'hold_expected_by'];
const INFORMATION_COLUMNS = ['informed_at', 'information_attachments'];
/** Columns that each event says anew. */
const NEXT_COLUMNS = ['version', 'next_due_kind', 'next_due_of'];

/**
 * When it is due. Events of before version 2 do not say it: then it is reckoned from what they say, by the times that the
 * urgency meant until then, as `follow-the-protocol.migration.ts` does for rows that were there.
 */
const nextDueAt = (request: 'referral' | 'change'): string => {
  const within = `CASE ${request}.urgency WHEN 'LIFE_SAVING' THEN interval '1 hour' WHEN 'PRIORITY' THEN interval '72 hours'
    WHEN 'ROUTINE' THEN interval '168 hours' ELSE interval '24 hours' END`;
  return `COALESCE(change.next_due_at, CASE change.next_due_kind
    WHEN 'DECIDE' THEN change.acknowledged_at + ${within}
    WHEN 'START' THEN change.accepted_at + ${within}
    WHEN 'CLOSE_LOOP' THEN COALESCE(change.completed_at + interval '168 hours', change.rejected_at + ${within}) END)`;
};

// One statement each for what changed and what opened, whatever the size of the batch.
const UPDATE = {
  name: 'referral-update',
  text: `
    UPDATE referral SET
      ${[
        ...NEXT_COLUMNS.map((column) => `${column} = change.${column}`),
        `next_due_at = ${nextDueAt('referral')}`,
        ...SAID_COLUMNS.map((column) => `${column} = COALESCE(change.${column}, referral.${column})`),
        ...HOLD_COLUMNS.map(
          (column) =>
            `${column} = CASE WHEN change.fulfilment_status IS NULL THEN referral.${column} ELSE change.${column} END`,
        ),
        ...INFORMATION_COLUMNS.map(
          (column) =>
            `${column} = CASE WHEN change.fulfilment_status IS NULL THEN COALESCE(change.${column}, referral.${column}) ELSE change.${column} END`,
        ),
      ].join(', ')}
    FROM jsonb_populate_recordset(NULL::referral, $1::jsonb) AS change
    WHERE referral.referral_id = change.referral_id AND referral.version < change.version`,
};

// A draft that is sent begins anew.
const COLUMNS = [...NEXT_COLUMNS, ...REQUEST_COLUMNS, ...SAID_COLUMNS, ...HOLD_COLUMNS, ...INFORMATION_COLUMNS];
const INSERT = {
  name: 'referral-insert',
  text: `
    INSERT INTO referral (referral_id, next_due_at, ${COLUMNS.join(', ')})
    SELECT referral_id, ${nextDueAt('change')}, ${COLUMNS.join(', ')}
    FROM jsonb_populate_recordset(NULL::referral, $1::jsonb) AS change
    ON CONFLICT (referral_id) DO UPDATE SET
      ${['next_due_at', ...COLUMNS].map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
    WHERE referral.request_status = 'DRAFT' AND referral.version < EXCLUDED.version`,
};

async function write(
  transaction: ReadModelWriter,
  statement: typeof UPDATE,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ id, version, columns }) => ({ referral_id: id, version, ...columns }));
  await transaction.query({ ...statement, values: [JSON.stringify(rows)] });
}

async function forgetFacts(transaction: ReadModelWriter, changes: readonly Change[]): Promise<void> {
  const ids = changes.filter(({ columns }) => mayForgetFacts(columns)).map(({ id }) => id);
  if (ids.length > 0) await transaction.query({ ...FORGET_FACTS, values: [ids] });
}

/** Keeps the table `referral` in the append transaction, set-wise. */
export const referralProjection: InlineProjection = {
  name: 'referral-desk',
  async apply(events, transaction) {
    const changes = changesOf(events);
    await write(
      transaction,
      UPDATE,
      changes.filter(({ opened }) => !opened),
    );
    await write(
      transaction,
      INSERT,
      changes.filter(({ opened }) => opened),
    );
    await forgetFacts(transaction, changes);
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE referral');
  },
  ...forgetRowsOf('referral'),
};
