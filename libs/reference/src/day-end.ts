import { countryParameters } from './country-parameters.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** By time zone: a formatter is dear to make, and views want one for every row. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
  clocks.set(timeZone, clock);
  return clock;
}

/** Milliseconds since midnight on the clock of a time zone. */
function msOfDay(instantMs: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(new Date(instantMs));
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return ((of('hour') * 60 + of('minute')) * 60 + of('second')) * 1000 + (instantMs % 1000);
}

/**
 * The next midnight in a country, by its (main) time zone: what is due before it is due today. A day on which clocks are
 * changed is shorter or longer.
 */
export function dayEndIn(country: string, instant: string): string {
  const { timeZone } = countryParameters(country, instant.slice(0, 10));
  const now = Date.parse(instant);
  const guess = now + DAY_MS - msOfDay(now, timeZone);
  const beyond = msOfDay(guess, timeZone); // not midnight where clocks changed in between
  return new Date(beyond < DAY_MS / 2 ? guess - beyond : guess + DAY_MS - beyond).toISOString();
}
