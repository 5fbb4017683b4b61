/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; null when unknown. */
export type PartialDate = string | null;

/** Earliest year that is believed. */
const EARLIEST_YEAR = 1900;
const FORMAT = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** What is wrong with a date. */
export type DateFault = 'DATE.MALFORMED' | 'DATE.IN_FUTURE';

/**
 * Whether the text is a date that exists and does not lie after `today`, as far as its precision says.
 *
 * @param today `YYYY-MM-DD`
 */
export function dateFaultOf(text: string, today: string): DateFault | null {
  const match = FORMAT.exec(text);
  if (match === null || Number(match[1]) < EARLIEST_YEAR) return 'DATE.MALFORMED';
  const [, year, month = '01', day = '01'] = match;
  const whole = `${year}-${month}-${day}`;
  const instant = new Date(`${whole}T00:00:00.000Z`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== whole) return 'DATE.MALFORMED';
  return text > today.slice(0, text.length) ? 'DATE.IN_FUTURE' : null;
}

/** How many parts a date has. */
export function precisionOf(text: string): 'YEAR' | 'MONTH' | 'DAY' {
  return text.length === 4 ? 'YEAR' : text.length === 7 ? 'MONTH' : 'DAY';
}
