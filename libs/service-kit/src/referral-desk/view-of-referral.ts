import { businessStatusOf, type Deadline, hasEnded, MERGE_TABLE, taskListsOfDeadline } from '@acogida/referral';
import type { ReferralEntity } from './referral.entity.ts';
import type { ReferralView } from './referral-view.ts';

function instant(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

const INSTANTS = [
  ...(['acknowledgedAt', 'acceptedAt', 'rejectedAt', 'completedAt', 'holdExpectedBy', 'heldAt', 'informedAt'] as const),
  ...(['startedAt', 'failedAt', 'endedAt', 'escalatedAt', 'answerBy', 'nextDueAt'] as const),
];
type Instants = { readonly [K in (typeof INSTANTS)[number]]: string | null };

/** What is due next, as the last event said. */
function dueOf({ nextDueKind: kind, nextDueAt, nextDueOf: of }: ReferralEntity): Deadline | null {
  return kind === null || nextDueAt === null || of === null ? null : { kind, dueAt: nextDueAt.toISOString(), of };
}

const TOLD = [
  ...(['reason', 'sex', 'ageStatus', 'nationalityStatus'] as const),
  ...(['consentBasis', 'consentForm', 'consentGivenBy'] as const),
];
type Told = { readonly [K in (typeof TOLD)[number]]: string };

/** What the request told, as far as it is kept: clients were promised a word for each code, and lists. */
function toldIn(row: ReferralEntity): Told & Pick<ReferralView, 'nationalities' | 'attachments' | 'factsKept'> {
  const told = Object.fromEntries(TOLD.map((name) => [name, row[name] ?? 'NOT_KEPT'])) as Told;
  const { nationalities, attachments } = row;
  return { ...told, nationalities: nationalities ?? [], attachments: attachments ?? [], factsKept: row.sex !== null };
}

/**
 * The answer for a row at an instant.
 *
 * @param dayEndsAt end of the agency's day: what is due before it is due today
 * @param successors of agencies that are gone, by agency
 */
export function referralViewOf(
  row: ReferralEntity,
  now: string,
  dayEndsAt: string,
  successors: ReadonlyMap<string, string>,
): ReferralView {
  const { referralId, requestedAt, acknowledgeBy, nextDueOf, requestStatus, fulfilmentStatus, ...rest } = row;
  const { status, senderTask } = MERGE_TABLE[requestStatus][fulfilmentStatus];
  const due = dueOf(row);
  const side = row.direction === 'sent' ? 'SENDER' : 'RECEIVER';
  return {
    ...{ ...rest, ...toldIn(row) },
    ...{ requestStatus, fulfilmentStatus, state: status, senderTask, awaits: nextDueOf },
    id: referralId,
    requestedAt: requestedAt.toISOString(),
    acknowledgeBy: acknowledgeBy.toISOString(),
    overdue: status === 'REQUESTED' && acknowledgeBy.toISOString() < now,
    businessStatus: businessStatusOf(row.requestStatus, row.fulfilmentStatus, row.holdReason),
    lists: due === null ? [] : taskListsOfDeadline(due, side, now, dayEndsAt),
    ...(Object.fromEntries(INSTANTS.map((name) => [name, instant(row[name])])) as Instants),
    endedAt: hasEnded(requestStatus, fulfilmentStatus) ? instant(row.endedAt) : null,
    succeededBy: successors.get(side === 'SENDER' ? row.receiver : row.sender) ?? null,
  };
}
