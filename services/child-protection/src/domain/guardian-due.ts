import { type Instant, instantAfter } from '@acogida/core';
import { calendarDateIn, type ChildSituation, countryParameters } from '@acogida/reference';
import type { ChildCase } from './child-case-state.ts';
import { isAlone } from './situations.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Until when a child alone is to have a guardian (domain.md §3): counted from when it is first known here that it has none. */
export function guardianDue(
  situation: ChildSituation,
  { guardian, guardianDueAt, closing }: Pick<ChildCase, 'guardian' | 'guardianDueAt' | 'closing'>,
  country: string | null,
  at: Instant,
): Instant | null {
  if (!isAlone(situation) || (guardian !== null && closing === null)) return null;
  if (guardianDueAt !== null) return guardianDueAt;
  const place = country ?? '';
  const { guardianWithinHours } = countryParameters(place, calendarDateIn(place, at));
  return instantAfter(at, guardianWithinHours * HOUR_MS);
}
