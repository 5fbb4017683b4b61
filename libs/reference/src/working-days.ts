import { holidaysOf } from './holidays.ts';

/** A calendar date, `YYYY-MM-DD`. */
export type CalendarDate = string;

/** Unit of a legal period: working days, calendar days, months. */
export type PeriodUnit = 'WD' | 'CD' | 'MONTH';

/** A legal period, such as 45 working days. */
export interface Period {
  readonly length: number;
  readonly unit: PeriodUnit;
}

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

function toDay(date: CalendarDate): number {
  const ms = DATE.test(date) ? Date.parse(`${date}T00:00:00.000Z`) : Number.NaN;
  if (Number.isNaN(ms) || fromDay(ms / DAY_MS) !== date) throw new RangeError('not a calendar date');
  return ms / DAY_MS;
}

function fromDay(day: number): CalendarDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a date is a working day in a country: not a weekend, not a national holiday (countries without a list: weekends). */
export function isWorkingDay(date: CalendarDate, country: string): boolean {
  const weekday = new Date(toDay(date) * DAY_MS).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidaysOf(country, Number(date.slice(0, 4))).has(date);
}

function forwardToWorkingDay(from: number, country: string): number {
  let day = from;
  while (!isWorkingDay(fromDay(day), country)) day += 1;
  return day;
}

function addMonths(date: CalendarDate, months: number): number {
  const start = new Date(toDay(date) * DAY_MS);
  const lastOfMonth = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months + 1, 0));
  lastOfMonth.setUTCDate(Math.min(start.getUTCDate(), lastOfMonth.getUTCDate()));
  return lastOfMonth.getTime() / DAY_MS;
}

/**
 * The last day of a period (time rules of domain.md §3): the start day is not counted, an end on a non-working day moves
 * forward; a month ends on the same day of the month, or its last. Authority's missed limits never mean refusal.
 *
 * @throws RangeError when `from` is not a calendar date or the length is not a whole number from 0
 */
export function addDays(period: {
  readonly from: CalendarDate;
  readonly length: number;
  readonly unit: PeriodUnit;
  readonly country: string;
}): CalendarDate {
  const { from, length, unit, country } = period;
  if (!Number.isInteger(length) || length < 0) throw new RangeError('the length of a period is a whole number from 0');
  const start = toDay(from);
  switch (unit) {
    case 'CD':
      return fromDay(forwardToWorkingDay(start + length, country));
    case 'MONTH':
      return fromDay(forwardToWorkingDay(addMonths(from, length), country));
    case 'WD': {
      let day = start;
      for (let counted = 0; counted < length; counted += 1) day = forwardToWorkingDay(day + 1, country);
      return fromDay(forwardToWorkingDay(day, country));
    }
  }
}
