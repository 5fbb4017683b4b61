import { addDays, type CalendarDate, countryParameters, type LodgedBy, type Period } from '@acogida/reference';

function lastDay(from: CalendarDate, period: Period | null, country: string | null): CalendarDate | null {
  return period === null ? null : addDays({ from, ...period, country: country ?? '' });
}

function parametersOn(country: string | null, on: CalendarDate): ReturnType<typeof countryParameters> {
  return countryParameters(country ?? '', on);
}

/** The latest day that a partial date allows. A vague date never counts against the person. */
export function latestDayOf(partialDate: string): CalendarDate {
  const [year = '', month, day] = partialDate.split('-');
  if (day !== undefined) return partialDate;
  if (month === undefined) return `${year}-12-31`;
  return new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
}

/** Last day to file after entry (domain.md 3), null where the country sets no limit or the entry is unknown. */
export function fileBy(country: string | null, enteredOn: string | null, lodgedOn: CalendarDate): CalendarDate | null {
  if (enteredOn === null) return null;
  return lastDay(latestDayOf(enteredOn), parametersOn(country, lodgedOn).asylumFileWithin, country);
}

/** Last day to ratify what a third party lodged, null when not needed or where the country sets no limit. */
export function ratifyBy(country: string | null, lodgedBy: LodgedBy, lodgedOn: CalendarDate): CalendarDate | null {
  if (lodgedBy !== 'THIRD_PARTY') return null;
  return lastDay(lodgedOn, parametersOn(country, lodgedOn).asylumRatifyWithin, country);
}

/** Last day to decide, from registration; null where the country sets none. */
export function decideBy(country: string | null, registeredOn: CalendarDate): CalendarDate | null {
  return lastDay(registeredOn, parametersOn(country, registeredOn).asylumDecideWithin, country);
}
