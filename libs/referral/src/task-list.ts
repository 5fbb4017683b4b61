import type { Instant } from '@acogida/core';
import { deadlinesOf } from './deadlines.ts';
import type { Deadline, ReferralState, Side } from './referral.ts';

/** Lists of an agency's desk. A referral may stand on several. */
export const TASK_LISTS = ['due-today', 'overdue', 'awaiting-us', 'awaiting-them'] as const;
/** One of `TASK_LISTS`. */
export type TaskList = (typeof TASK_LISTS)[number];

/**
 * The lists on which an open deadline stands at one side: by whose turn it is, and by when.
 *
 * @param dayEndsAt end of the agency's working day, exclusive: what is due before it is due today
 */
export function taskListsOfDeadline(
  { dueAt, of }: Pick<Deadline, 'dueAt' | 'of'>,
  side: Side,
  now: Instant,
  dayEndsAt: Instant,
): readonly TaskList[] {
  const turn: TaskList = of === side ? 'awaiting-us' : 'awaiting-them';
  if (dueAt <= now) return ['overdue', turn];
  return dueAt < dayEndsAt ? ['due-today', turn] : [turn];
}

/** The lists on which a referral stands at its side; none when nobody has to do anything any more. */
export function taskListsOf(state: ReferralState, now: Instant, dayEndsAt: Instant): readonly TaskList[] {
  const [deadline] = deadlinesOf(state);
  return state === null || deadline === undefined ? [] : taskListsOfDeadline(deadline, state.side, now, dayEndsAt);
}
