import {
  type FulfilmentStatus,
  pairsOf,
  type ReferralStatus,
  type RequestStatus,
  type TaskList,
} from '@acogida/referral';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import type { ReferralEntity } from './referral.entity.ts';

/** Both axes in one text, as `statusPairs` writes them. */
export const PAIR = "referral.request_status || ' ' || referral.fulfilment_status";
const textOf = ([request, fulfilment]: readonly [RequestStatus, FulfilmentStatus]): string =>
  `${request} ${fulfilment}`;

/** The pairs of axes that have one of these statuses. */
export function statusPairs(statuses: readonly ReferralStatus[]): readonly string[] {
  return pairsOf(statuses).map(textOf);
}

/** Narrows to referrals that are in one of these statuses, or in none of them. */
export function withStatus(
  select: SelectQueryBuilder<ReferralEntity>,
  statuses: readonly ReferralStatus[],
  match: 'IN' | 'NOT IN',
): void {
  select.andWhere(`(${PAIR}) ${match} (:...pairs)`, { pairs: statusPairs(statuses) });
}

/** Of which a row says what is due next: a referral, or a request for transfer. */
type DueRow = Pick<ReferralEntity, 'direction' | 'nextDueAt' | 'nextDueOf'> & { readonly nextDueKind: string | null };

const ownTurn = (row: string): string =>
  `${row}.next_due_of = CASE ${row}.direction WHEN 'sent' THEN 'SENDER' ELSE 'RECEIVER' END`;
const LISTS: Readonly<Record<TaskList, (row: string) => string>> = {
  'due-today': (row) => `${row}.next_due_at > :now AND ${row}.next_due_at < :dayEndsAt`,
  overdue: (row) => `${row}.next_due_at <= :now`,
  'awaiting-us': ownTurn,
  'awaiting-them': (row) => `NOT (${ownTurn(row)})`,
};

/** Narrows to a task list, as `taskListsOfDeadline` of @acogida/referral defines it. */
export function onList<Row extends DueRow>(
  select: SelectQueryBuilder<Row>,
  list: TaskList,
  times: { readonly now: string; readonly dayEndsAt: string },
): void {
  select.andWhere(LISTS[list](select.alias), times);
}

/** Narrows to what this agency's own supervisor is to answer. */
export function onSupervisorsList<Row extends DueRow>(select: SelectQueryBuilder<Row>): void {
  select.andWhere(`${select.alias}.next_due_kind = 'ANSWER_ESCALATION' AND ${ownTurn(select.alias)}`);
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
