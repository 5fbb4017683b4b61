import type { InlineProjection, ReadModelWriter, RecordedEvent } from '@acogida/event-store';
import { evolve, type Referral, type ReferralEvent, referralProcedure, type ReferralState } from '@acogida/referral';

const STREAM_PREFIX = `${referralProcedure.name}-`;

/** Times by event, each kept once. */
type Times = { acknowledged_at?: string; accepted_at?: string; rejected_at?: string; completed_at?: string };

/** What a batch says of one referral: opened in it, or known from before and changed. */
interface Change {
  readonly id: string;
  version: number;
  opened: Referral | null;
  readonly events: ReferralEvent[];
}

function domainEventOf(event: RecordedEvent): ReferralEvent {
  return { type: event.type, data: event.data } as unknown as ReferralEvent;
}

function changesOf(events: readonly RecordedEvent[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const recorded of events) {
    if (!recorded.stream.startsWith(STREAM_PREFIX)) continue;
    const id = recorded.stream.slice(STREAM_PREFIX.length);
    const change = changes.get(id) ?? { id, version: 0, opened: null, events: [] };
    const event = domainEventOf(recorded);
    if (event.type === 'ReferralRequested' || event.type === 'ReferralReceived') change.opened = evolve(null, event);
    change.version = recorded.version;
    change.events.push(event);
    changes.set(id, change);
  }
  return [...changes.values()];
}

function timesOf(events: readonly ReferralEvent[]): Times {
  const times: Times = {};
  for (const { type, data } of events) {
    if (type === 'ReferralAcknowledged' || type === 'AcknowledgementNoted') times.acknowledged_at = data.acknowledgedAt;
    if (type === 'ReferralAccepted' || type === 'AcceptanceNoted') times.accepted_at = data.acceptedAt;
    if (type === 'ReferralRejected' || type === 'RejectionNoted') times.rejected_at = data.rejectedAt;
    if (type === 'ReferralCompleted' || type === 'CompletionNoted') times.completed_at = data.completedAt;
  }
  return times;
}

function progressOf({ status, senderTask, rejection, result }: Referral): object {
  return {
    state: status,
    sender_task: senderTask,
    reject_reason: rejection?.reason ?? null,
    alternative_agency: rejection?.alternativeAgency ?? null,
    result,
  };
}

function rowOf({ id, version, events }: Change, opened: Referral): object {
  const { request, side } = opened;
  const { consent, facts } = request;
  return {
    referral_id: id,
    version,
    direction: side === 'SENDER' ? 'sent' : 'received',
    case_id: request.caseId,
    sender: request.sender,
    receiver: request.receiver,
    service: request.service,
    urgency: request.urgency,
    reason: request.reason,
    consent_basis: consent.basis,
    consent_form: consent.form,
    consent_given_by: consent.givenBy,
    consent_language: consent.language,
    consent_granted_on: consent.grantedOn,
    sex: facts.sex,
    age_status: facts.ageStatus,
    age_from_years: facts.ageBand?.fromYears ?? null,
    age_to_years: facts.ageBand?.toYears ?? null,
    nationalities: facts.nationalities,
    nationality_status: facts.nationalityStatus,
    requested_at: request.requestedAt,
    acknowledge_by: request.acknowledgeBy,
    ...progressOf(events.reduce<ReferralState>(evolve, null) ?? opened),
    ...timesOf(events),
  };
}

/** Later events say all of the progress by themselves, so a placeholder of the opening is enough to fold them on. */
function laterRowOf({ id, version, events }: Change): object {
  const progress = events.reduce<ReferralState>(evolve, UNKNOWN_OPENING) ?? UNKNOWN_OPENING;
  return { referral_id: id, version, ...progressOf(progress), ...timesOf(events) };
}

const UNKNOWN_OPENING = {
  side: 'SENDER',
  request: {},
  status: 'REQUESTED',
  senderTask: 'WAITING',
  rejection: null,
  result: null,
} as unknown as Referral;

// One statement each for what changed and what opened, whatever the size of the batch.
const UPDATE = `
  UPDATE referral SET
    version = change.version,
    state = change.state,
    sender_task = change.sender_task,
    reject_reason = change.reject_reason,
    alternative_agency = change.alternative_agency,
    result = change.result,
    acknowledged_at = COALESCE(referral.acknowledged_at, change.acknowledged_at),
    accepted_at = COALESCE(referral.accepted_at, change.accepted_at),
    rejected_at = COALESCE(referral.rejected_at, change.rejected_at),
    completed_at = COALESCE(referral.completed_at, change.completed_at)
  FROM jsonb_populate_recordset(NULL::referral, $1::jsonb) AS change
  WHERE referral.referral_id = change.referral_id AND referral.version < change.version`;

const INSERT = `
  INSERT INTO referral
  SELECT * FROM jsonb_populate_recordset(NULL::referral, $1::jsonb)
  ON CONFLICT (referral_id) DO NOTHING`;

async function write(transaction: ReadModelWriter, statement: string, rows: readonly object[]): Promise<void> {
  if (rows.length > 0) await transaction.query(statement, [JSON.stringify(rows)]);
}

/** Keeps the table `referral` in the append transaction, set-wise. */
export const referralProjection: InlineProjection = {
  name: 'referral-desk',
  async apply(events, transaction) {
    const changes = changesOf(events);
    const later = changes.filter(({ opened }) => opened === null).map(laterRowOf);
    const openings = changes.flatMap((change) => (change.opened === null ? [] : [rowOf(change, change.opened)]));
    await write(transaction, UPDATE, later);
    await write(transaction, INSERT, openings);
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE referral');
  },
};
