import type { Instant } from '@acogida/core';
import { forgetRowsOf, type InlineProjection, type ReadModelWriter, type RecordedEvent } from '@acogida/event-store';
import type { ScreeningEvent, ScreeningStage } from '../domain/screening-history.ts';
import { SCREENING_STREAM } from '../trafficking-screening-procedure.ts';

/** What the events of one batch change in one row; null leaves the column as it is. */
interface RowChange {
  readonly screeningId: string;
  opened: { readonly caseId: string; readonly referralId: string | null; readonly at: Instant } | null;
  stage: ScreeningStage | null;
  ageStatus: string | null;
  suggested: string | null;
  outcome: string | null;
  reason: string | null;
  secondReviewed: boolean | null;
  updatedAt: Instant;
  version: number;
}

const OUTCOMES = {
  VictimConfirmed: ['CONFIRMED', 'IDENTIFIED'],
  VictimPresumed: ['PRESUMED', 'IDENTIFIED'],
  ScreeningInconclusive: ['INCONCLUSIVE', 'IDENTIFIED'],
  PersonFoundAtRisk: ['AT_RISK', 'AT_RISK'],
  NotIdentified: ['NOT_IDENTIFIED', 'CLOSED_NOT_IDENTIFIED'],
} as const;

function include(change: RowChange, event: ScreeningEvent, recordedAt: Instant): void {
  switch (event.type) {
    case 'ScreeningOpened':
      change.opened = { caseId: event.data.caseId, referralId: event.data.referralId, at: recordedAt };
      change.stage = 'FLAGGED';
      return;
    case 'ImmediateSafetySecured':
      if (change.stage === null || change.stage === 'FLAGGED') change.stage = 'SAFE';
      return;
    case 'ScreeningConsentGiven':
      change.stage = 'CONSENTED';
      return;
    case 'ScreeningConsentRefused':
      change.stage = 'CONSENT_REFUSED';
      return;
    case 'ScreeningConducted':
      change.stage = 'SCREENED';
      change.ageStatus = event.data.ageStatus;
      return;
    case 'IndicatorsScored':
      change.suggested = event.data.suggested;
      return;
    case 'VictimConfirmed':
    case 'VictimPresumed':
    case 'ScreeningInconclusive':
    case 'PersonFoundAtRisk':
    case 'NotIdentified':
      [change.outcome, change.stage] = OUTCOMES[event.type];
      change.reason = event.data.reason;
      change.secondReviewed = event.data.secondReviewer !== null;
      return;
    default: // changes nothing but the version
  }
}

function changesOf(events: readonly RecordedEvent[]): RowChange[] {
  const changes = new Map<string, RowChange>();
  for (const event of events) {
    if (!event.stream.startsWith(`${SCREENING_STREAM}-`)) continue;
    const screeningId = event.stream.slice(SCREENING_STREAM.length + 1);
    const { recordedAt: updatedAt, version } = event;
    const nothing = { opened: null, stage: null, ageStatus: null, suggested: null, outcome: null, reason: null };
    const change = changes.get(screeningId) ?? { ...nothing, screeningId, secondReviewed: null, updatedAt, version };
    changes.set(screeningId, change);
    Object.assign(change, { updatedAt, version });
    include(change, event as unknown as ScreeningEvent, event.recordedAt);
  }
  return [...changes.values()];
}

async function insertOpened(changes: readonly RowChange[], transaction: ReadModelWriter): Promise<void> {
  const opened = changes.flatMap(({ screeningId, opened: facts }) =>
    facts === null ? [] : [{ screeningId, ...facts }],
  );
  if (opened.length === 0) return;
  await transaction.query({
    name: 'trafficking-screening-insert',
    text: `INSERT INTO trafficking_screening (screening_id, case_id, referral_id, stage, opened_at, updated_at, version)
     SELECT id, case_id, referral_id, 'FLAGGED', at, at, 1
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[]) AS opened (id, case_id, referral_id, at)`,
    values: [
      opened.map(({ screeningId }) => screeningId),
      opened.map(({ caseId }) => caseId),
      opened.map(({ referralId }) => referralId),
      opened.map(({ at }) => at),
    ],
  });
}

async function update(changes: readonly RowChange[], transaction: ReadModelWriter): Promise<void> {
  if (changes.length === 0) return;
  // SAFE alone does not set back a screening that is further on: safety may be secured again at any stage
  await transaction.query({
    name: 'trafficking-screening-update',
    text: `UPDATE trafficking_screening AS row SET
       stage = CASE WHEN change.stage IS NULL OR (change.stage = 'SAFE' AND row.stage <> 'FLAGGED')
                    THEN row.stage ELSE change.stage END,
       age_status = coalesce(change.age_status, row.age_status),
       suggested = coalesce(change.suggested, row.suggested),
       outcome = coalesce(change.outcome, row.outcome),
       reason = coalesce(change.reason, row.reason),
       second_reviewed = coalesce(change.second_reviewed, row.second_reviewed),
       updated_at = change.updated_at,
       version = change.version
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::timestamptz[], $9::int[])
       AS change (id, stage, age_status, suggested, outcome, reason, second_reviewed, updated_at, version)
     WHERE row.screening_id = change.id`,
    values: [
      changes.map(({ screeningId }) => screeningId),
      changes.map(({ stage }) => stage),
      changes.map(({ ageStatus }) => ageStatus),
      changes.map(({ suggested }) => suggested),
      changes.map(({ outcome }) => outcome),
      changes.map(({ reason }) => reason),
      changes.map(({ secondReviewed }) => secondReviewed),
      changes.map(({ updatedAt }) => updatedAt),
      changes.map(({ version }) => version),
    ],
  });
}

/** Keeps `trafficking_screening` in the append transaction: at most two statements per batch. */
export const traffickingScreeningProjection: InlineProjection = {
  name: 'trafficking-screening',
  apply: async (events, transaction) => {
    const changes = changesOf(events);
    await insertOpened(changes, transaction);
    await update(changes, transaction);
  },
  reset: async (transaction) => {
    await transaction.query('TRUNCATE trafficking_screening');
  },
  ...forgetRowsOf('trafficking_screening'),
};
