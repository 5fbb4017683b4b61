import type { Instant } from './json.ts';

/** Whether a text is an instant as we write them: what `toISOString` gives, so of a day and an hour that exist. */
export function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/** The instant so many milliseconds after another, or before it when they are negative. @throws RangeError it is none */
export function instantAfter(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}
