import type { AgeBand, AgeStatus } from '@acogida/reference';

/** Adulthood begins at this age, in years (domain.md §2.5). */
export const ADULT_FROM_YEARS = 18;
/** No older age is believed, in years. */
export const OLDEST_YEARS = 120;

/**
 * Age status of a band, as intake derives it: what is surely an adult is ADULT, what is surely a child is CHILD, and every
 * doubt is DISPUTED, which is treated as a child (INV-08).
 */
export function ageStatusOf(band: AgeBand | null): AgeStatus {
  if (band !== null && band.fromYears !== null && band.fromYears >= ADULT_FROM_YEARS) return 'ADULT';
  if (band !== null && band.toYears !== null && band.toYears < ADULT_FROM_YEARS) return 'CHILD';
  return 'DISPUTED';
}

/** The band of an age in whole years; undefined when it is none. */
export function bandOfYears(text: string): AgeBand | undefined {
  if (!/^\d{1,3}$/.test(text) || Number(text) > OLDEST_YEARS) return undefined;
  return { fromYears: Number(text), toYears: Number(text) };
}
