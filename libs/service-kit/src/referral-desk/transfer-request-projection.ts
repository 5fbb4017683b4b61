import { forgetRowsOf, type InlineProjection, type RecordedEvent } from '@acogida/event-store';
import { type TransferRequestEvent, transferRequestProcedure } from '@acogida/referral';

const STREAM_PREFIX = `${transferRequestProcedure.name}-`;

interface Row {
  readonly transfer_request_id: string;
  readonly version: number;
  readonly [column: string]: unknown;
}

function columnsOf(event: TransferRequestEvent): object {
  switch (event.type) {
    case 'TransferRequested':
    case 'TransferRequestReceived': {
      const { caseId, asker, custodian, askedAt } = event.data;
      const direction = event.type === 'TransferRequested' ? 'sent' : 'received';
      return { direction, case_id: caseId, asker, custodian, asked_at: askedAt };
    }
    case 'TransferRequestAnswered':
    case 'TransferAnswerNoted': {
      const { granted, referralId, reason, answeredAt } = event.data;
      return { granted, referral_id: referralId, reason, answered_at: answeredAt };
    }
  }
}

/** What the batch says of each request: asked in it, or answered, or both. */
function rowsOf(events: readonly RecordedEvent[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { stream, version, type, data } of events) {
    if (!stream.startsWith(STREAM_PREFIX)) continue;
    const id = stream.slice(STREAM_PREFIX.length);
    const columns = columnsOf({ type, data } as unknown as TransferRequestEvent);
    rows.set(id, { ...rows.get(id), ...columns, transfer_request_id: id, version });
  }
  return [...rows.values()];
}

const INSERT = {
  name: 'transfer-request-insert',
  text: `
    INSERT INTO transfer_request SELECT * FROM jsonb_populate_recordset(NULL::transfer_request, $1::jsonb)
    ON CONFLICT (transfer_request_id) DO NOTHING`,
};
const ANSWER = {
  name: 'transfer-request-answer',
  text: `
    UPDATE transfer_request AS asked
       SET version = said.version, granted = said.granted, referral_id = said.referral_id, reason = said.reason,
           answered_at = said.answered_at
      FROM jsonb_populate_recordset(NULL::transfer_request, $1::jsonb) AS said
     WHERE asked.transfer_request_id = said.transfer_request_id AND asked.version < said.version`,
};

/** Keeps the table `transfer_request` in the append transaction, set-wise. */
export const transferRequestProjection: InlineProjection = {
  name: 'transfer-requests',
  async apply(events, transaction) {
    const rows = rowsOf(events);
    const asked = rows.filter((row) => row['asked_at'] !== undefined);
    const answered = rows.filter((row) => row['asked_at'] === undefined);
    if (asked.length > 0) await transaction.query({ ...INSERT, values: [JSON.stringify(asked)] });
    if (answered.length > 0) await transaction.query({ ...ANSWER, values: [JSON.stringify(answered)] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE transfer_request');
  },
  ...forgetRowsOf('transfer_request'),
};
