import {
  type FulfilmentStatus,
  pairsOf,
  type ReferralStatus,
  type RequestStatus,
  type TaskList,
} from '@acogida/referral';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import type { ReferralEntity } from './referral.entity.ts';

/** Both axes in one text, as `textOf` writes them. */
const PAIR = "referral.request_status || ' ' || referral.fulfilment_status";
const textOf = ([request, fulfilment]: readonly [RequestStatus, FulfilmentStatus]): string =>
  `${request} ${fulfilment}`;

/** Narrows to referrals that are in one of these statuses, or in none of them. */
export function withStatus(
  select: SelectQueryBuilder<ReferralEntity>,
  statuses: readonly ReferralStatus[],
  match: 'IN' | 'NOT IN',
): void {
  select.andWhere(`(${PAIR}) ${match} (:...pairs)`, { pairs: pairsOf(statuses).map(textOf) });
}

const OWN_TURN = "referral.next_due_of = CASE referral.direction WHEN 'sent' THEN 'SENDER' ELSE 'RECEIVER' END";
const LISTS: Readonly<Record<TaskList, string>> = {
  'due-today': 'referral.next_due_at > :now AND referral.next_due_at < :dayEndsAt',
  overdue: 'referral.next_due_at <= :now',
  'awaiting-us': OWN_TURN,
  'awaiting-them': `NOT (${OWN_TURN})`,
};

/** Narrows to a task list, as `taskListsOfDeadline` of @acogida/referral defines it. */
export function onList(
  select: SelectQueryBuilder<ReferralEntity>,
  list: TaskList,
  times: { readonly now: string; readonly dayEndsAt: string },
): void {
  select.andWhere(LISTS[list], times);
}

/** Narrows to what this agency's own supervisor is to answer. */
export function onSupervisorsList(select: SelectQueryBuilder<ReferralEntity>): void {
  select.andWhere(`referral.next_due_kind = 'ANSWER_ESCALATION' AND ${OWN_TURN}`);
}

/** Of these referrals, the other agencies that are gone, with who succeeds them. */
export async function successorsFor(
  referrals: Repository<ReferralEntity>,
  rows: readonly ReferralEntity[],
): Promise<ReadonlyMap<string, string>> {
  const agencies = [
    ...new Set(rows.map(({ direction, sender, receiver }) => (direction === 'sent' ? receiver : sender))),
  ];
  if (agencies.length === 0) return new Map();
  const found = await referrals.query<{ agency: string; successor: string }[]>(
    'SELECT agency, successor FROM succession WHERE agency = ANY ($1)',
    [agencies],
  );
  return new Map(found.map(({ agency, successor }) => [agency, successor]));
}
