/** Days of the week as HSDS and iCalendar write them (RFC 5545 §3.3.10), from Monday on. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
/** One of `WEEKDAYS`. */
export type Weekday = (typeof WEEKDAYS)[number];

/** Weekly opening hours, with the names of the HSDS 3 `schedule`. */
export interface OpeningHours {
  /** Days on which it opens. */
  readonly byday: readonly Weekday[];
  /** Local wall-clock time, `HH:MM`. */
  readonly opens_at: string;
  /** The same; at or before `opens_at` it is that of the next day, `24:00` is the end of the day. */
  readonly closes_at: string;
  /** IANA name, or an offset `±HH:MM`. */
  readonly timezone: string;
  /** First and last calendar date; null is open. */
  readonly valid_from: string | null;
  readonly valid_to: string | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Whether a text is a time of day, `HH:MM` from 00:00 to 24:00. */
export function isTimeOfDay(text: string): boolean {
  return TIME.test(text) || text === '24:00';
}

/** Whether the runtime knows the time zone: an IANA name or an offset `±HH:MM`. */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** By time zone: making one takes a hundred times as long as using it. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  CLOCKS.set(timeZone, made);
  return made;
}

/** Local wall clock, `YYYY-MM-DDTHH:MM`: compared as text. */
function wallClock(instant: string, timeZone: string): string {
  const parts = clockOf(timeZone).formatToParts(new Date(instant));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10);

const weekdayOf = (date: string): Weekday | undefined =>
  WEEKDAYS[(new Date(`${date}T00:00:00.000Z`).getUTCDay() + 6) % 7];

function opensOn(hours: OpeningHours, date: string, from: string, until: string): boolean {
  const { byday, opens_at, closes_at, valid_from, valid_to } = hours;
  const weekday = weekdayOf(date);
  if (weekday === undefined || !byday.includes(weekday)) return false;
  if ((valid_from !== null && date < valid_from) || (valid_to !== null && date > valid_to)) return false;
  const opens = `${date}T${opens_at}`;
  const closes = `${closes_at > opens_at ? date : dayAfter(date, 1)}T${closes_at}`;
  return opens <= until && closes > from;
}

/**
 * Whether any of the hours has it open at some moment from one instant to another. Judged on each schedule's own wall clock,
 * so the hours stay what the sign on the door says when clocks change. Whoever states no hours is never closed.
 */
export function isOpenWithin(schedules: readonly OpeningHours[], fromInstant: string, untilInstant: string): boolean {
  if (schedules.length === 0) return true;
  return schedules.some((hours) => {
    const from = wallClock(fromInstant, hours.timezone);
    const until = wallClock(untilInstant, hours.timezone);
    // the day before as well: it may have opened then and still be open
    for (let date = dayAfter(from.slice(0, 10), -1); date <= until.slice(0, 10); date = dayAfter(date, 1)) {
      if (opensOn(hours, date, from, until)) return true;
    }
    return false;
  });
}
