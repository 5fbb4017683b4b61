import { forgetRowsOf, type InlineProjection, type RecordedEvent } from '@acogida/event-store';
import { type ConsentEvent, consentProcedure } from '@acogida/referral';

const STREAM_PREFIX = `${consentProcedure.name}-`;

/** How sure an event is of the case that it names: its own record, the recording agency's word, anybody's withdrawal. */
function rankOf(type: ConsentEvent['type']): number {
  switch (type) {
    case 'ConsentRequested':
    case 'ConsentGranted':
    case 'ConsentRefused':
      return 3;
    case 'ConsentNoted':
      return 2;
    case 'ConsentWithdrawn':
    case 'WithdrawalNoted':
      return 1;
    case 'ConsentExpired':
    case 'ConsentTold':
    case 'WithdrawalAcknowledged':
    case 'WithdrawalAcknowledgementNoted':
    case 'ContactConfirmed':
    case 'ContactAttempted':
    case 'SharingOverridden':
      return 0;
  }
}

interface Row {
  readonly consent_id: string;
  readonly case_id: string;
  readonly known_by: number;
}

/** One row for each consent of the batch, from the surest of its events. */
function rowsOf(events: readonly RecordedEvent[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { stream, type, data } of events) {
    if (!stream.startsWith(STREAM_PREFIX)) continue;
    const rank = rankOf(type as ConsentEvent['type']);
    const consentId = data['consentId'];
    if (rank === 0 || typeof consentId !== 'string' || (rows.get(consentId)?.known_by ?? 0) >= rank) continue;
    rows.set(consentId, { consent_id: consentId, case_id: stream.slice(STREAM_PREFIX.length), known_by: rank });
  }
  return [...rows.values()];
}

const UPSERT = {
  name: 'consent-upsert',
  text: `
    INSERT INTO consent
    SELECT * FROM jsonb_populate_recordset(NULL::consent, $1::jsonb)
    ON CONFLICT (consent_id) DO UPDATE SET case_id = excluded.case_id, known_by = excluded.known_by
      WHERE consent.known_by < excluded.known_by`,
};

/** Keeps the table `consent` in the append transaction, one statement for a batch. */
export const consentProjection: InlineProjection = {
  name: 'consent-desk',
  async apply(events, transaction) {
    const rows = rowsOf(events);
    if (rows.length > 0) await transaction.query({ ...UPSERT, values: [JSON.stringify(rows)] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE consent');
  },
  ...forgetRowsOf('consent'),
};
