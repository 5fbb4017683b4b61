import type { BirthDate } from './identity-elements.ts';

/** What two dates of birth say of two persons being one. */
export type BirthDateMatch =
  | 'SAME'
  /** Day and month stand the other way round. */
  | 'SWAPPED'
  /** Two of year, month and day agree. */
  | 'CLOSE'
  /** As far as both are known they agree. */
  | 'FITS'
  /** One of them is estimated, or only a year: it may be the same. */
  | 'NOT_EXCLUDED'
  | 'UNKNOWN'
  /** Other dates, a few years apart. */
  | 'FEW_YEARS_APART'
  | 'DIFFERENT';

/** How far an estimate of age may be off: assessments of adolescents and what people guess of themselves spread as much. */
export const ESTIMATE_SPAN_YEARS = 5;
/** How far a year that was computed from an age may be off. */
export const YEAR_SPAN_YEARS = 1;
/** Two exact dates that differ as little may be two statements of one person: ages are told up and down at borders. */
export const FEW_YEARS = 3;

interface ReadDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
  /** Years that it may be off. */
  readonly spanYears: number;
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** Null where nothing is known. */
function readDate(birth: BirthDate | null): ReadDate | null {
  if (birth === null || birth.precision === 'UNKNOWN') return null;
  const [, year, month, day] = DATE.exec(birth.date) ?? [];
  if (year === undefined) return null;
  // The first of January is what papers say where only the year was known.
  const isYearOnly = month === undefined || (month === '01' && day === '01') || birth.precision === 'YEAR';
  if (birth.precision === 'ESTIMATED')
    return { year: Number(year), month: null, day: null, spanYears: ESTIMATE_SPAN_YEARS };
  if (isYearOnly) return { year: Number(year), month: null, day: null, spanYears: YEAR_SPAN_YEARS };
  const isMonthOnly = day === undefined || birth.precision === 'MONTH';
  return { year: Number(year), month: Number(month), day: isMonthOnly ? null : Number(day), spanYears: 0 };
}

function compareFull(one: ReadDate, other: ReadDate): BirthDateMatch {
  const agreeing = [one.year === other.year, one.month === other.month, one.day === other.day].filter(Boolean).length;
  if (agreeing === 3) return 'SAME';
  if (one.year === other.year && one.month === other.day && one.day === other.month) return 'SWAPPED';
  if (agreeing === 2) return 'CLOSE';
  return Math.abs(one.year - other.year) <= FEW_YEARS ? 'FEW_YEARS_APART' : 'DIFFERENT';
}

/** Compares two dates of birth. Symmetric. */
export function compareBirthDates(one: BirthDate | null, other: BirthDate | null): BirthDateMatch {
  const [first, second] = [readDate(one), readDate(other)];
  if (first === null || second === null) return 'UNKNOWN';
  if (first.day !== null && second.day !== null) return compareFull(first, second);
  const apart = Math.abs(first.year - second.year);
  if (apart === 0) {
    const isMonthOff = first.month !== null && second.month !== null && first.month !== second.month;
    return isMonthOff ? 'NOT_EXCLUDED' : 'FITS';
  }
  if (apart <= first.spanYears + second.spanYears) return 'NOT_EXCLUDED';
  return apart <= FEW_YEARS ? 'FEW_YEARS_APART' : 'DIFFERENT';
}

/** One text for a date and for the same with day and month swapped; null where the day is not known. */
export function birthDateKey(birth: BirthDate | null): string | null {
  const read = readDate(birth);
  if (read === null || read.month === null || read.day === null) return null;
  const parts = [read.month, read.day].sort((one, other) => one - other);
  return `b:${read.year}-${parts.join('-')}`;
}
