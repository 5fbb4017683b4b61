import { forgetRowsOf, type InlineProjection, type RecordedEvent } from '@acogida/event-store';
import { type TransferDeadline, type TransferRequestEvent, transferRequestProcedure } from '@acogida/referral';

const STREAM_PREFIX = `${transferRequestProcedure.name}-`;

interface Row {
  readonly transfer_request_id: string;
  readonly version: number;
  readonly [column: string]: unknown;
}

/** What is due after an event; null columns where nobody has to do anything any more. */
function dueColumns(due: TransferDeadline | null): object {
  return { next_due_kind: due?.kind ?? null, next_due_at: due?.dueAt ?? null, next_due_of: due?.of ?? null };
}

function columnsOf(event: TransferRequestEvent): object {
  switch (event.type) {
    case 'TransferRequested':
    case 'TransferRequestReceived': {
      const { caseId, asker, custodian, urgency, askedAt, answerBy } = event.data;
      const direction = event.type === 'TransferRequested' ? 'sent' : 'received';
      const asked = { direction, case_id: caseId, asker, custodian, urgency, asked_at: askedAt, answer_by: answerBy };
      return { ...asked, ...dueColumns({ kind: 'ANSWER_TRANSFER', dueAt: answerBy, of: 'RECEIVER' }) };
    }
    case 'TransferRequestAnswered':
    case 'TransferAnswerNoted': {
      const { granted, referralId, reason, heldBy, answeredAt } = event.data;
      const answer = { granted, referral_id: referralId, reason, held_by: heldBy, answered_at: answeredAt };
      return { ...answer, ...dueColumns(null) };
    }
    case 'TransferRequestEscalated': {
      const { answerBy, escalatedAt } = event.data;
      const due = { kind: 'ANSWER_ESCALATION', dueAt: answerBy, of: 'RECEIVER' } as const;
      return { escalated_at: escalatedAt, ...dueColumns(due) };
    }
    case 'TransferRequestLapsed': {
      const { missedAt, lapsedAt } = event.data;
      return { lapsed_at: lapsedAt, ...dueColumns({ kind: 'ASK_ANEW', dueAt: missedAt, of: 'SENDER' }) };
    }
    case 'TransferRequestWithdrawn':
    case 'TransferWithdrawalNoted':
      return { withdrawn_at: event.data.withdrawnAt, ...dueColumns(null) };
  }
}

/** What the batch says of each request: asked in it, or what became of it, or both. */
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
/** What was said once stays; what is due next is as the last event says. */
const UPDATE = {
  name: 'transfer-request-update',
  text: `
    UPDATE transfer_request AS asked
       SET version = said.version,
           granted = COALESCE(said.granted, asked.granted),
           referral_id = COALESCE(said.referral_id, asked.referral_id),
           reason = COALESCE(said.reason, asked.reason),
           held_by = COALESCE(said.held_by, asked.held_by),
           answered_at = COALESCE(said.answered_at, asked.answered_at),
           escalated_at = COALESCE(said.escalated_at, asked.escalated_at),
           lapsed_at = COALESCE(said.lapsed_at, asked.lapsed_at),
           withdrawn_at = COALESCE(said.withdrawn_at, asked.withdrawn_at),
           next_due_kind = said.next_due_kind, next_due_at = said.next_due_at, next_due_of = said.next_due_of
      FROM jsonb_populate_recordset(NULL::transfer_request, $1::jsonb) AS said
     WHERE asked.transfer_request_id = said.transfer_request_id AND asked.version < said.version`,
};

/** Keeps the table `transfer_request` in the append transaction, set-wise. */
export const transferRequestProjection: InlineProjection = {
  name: 'transfer-requests',
  async apply(events, transaction) {
    const rows = rowsOf(events);
    const asked = rows.filter((row) => row['asked_at'] !== undefined);
    const later = rows.filter((row) => row['asked_at'] === undefined);
    if (asked.length > 0) await transaction.query({ ...INSERT, values: [JSON.stringify(asked)] });
    if (later.length > 0) await transaction.query({ ...UPDATE, values: [JSON.stringify(later)] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE transfer_request');
  },
  ...forgetRowsOf('transfer_request'),
};
