const DAY_MS = 86_400_000;

/** Years from `from` (inclusive) on which a rule yields a holiday. */
interface HolidayRule {
  readonly from?: number;
  readonly to?: number;
  /** Only every so many years, counted from `from`. */
  readonly everyYears?: number;
  readonly on: (year: number) => number;
}

function utc(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day);
}

/** Easter Sunday in the Gregorian calendar (anonymous algorithm). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return utc(year, Math.floor(n / 31), (n % 31) + 1);
}

const fixed = (month: number, day: number, from?: number): HolidayRule => ({
  ...(from === undefined ? {} : { from }),
  on: (year) => utc(year, month, day),
});

const beforeEaster = (days: number): HolidayRule => ({ on: (year) => easterSunday(year) - days * DAY_MS });

/** The n-th Monday of a month. */
const monday = (nth: number, month: number): HolidayRule => ({
  on: (year) => {
    const first = new Date(utc(year, month, 1)).getUTCDay();
    return utc(year, month, 1 + ((8 - first) % 7) + (nth - 1) * 7);
  },
});

/**
 * National holidays by country. Costa Rica: labour code, fixed dates again since 2025; Mexico: federal labour law.
 * Extraordinary non-working days by official act are not here: they are suspensions. [K]: confirm yearly.
 */
const RULES: Readonly<Record<string, readonly HolidayRule[]>> = {
  CR: [
    fixed(1, 1),
    beforeEaster(3),
    beforeEaster(2),
    fixed(4, 11),
    fixed(5, 1),
    fixed(7, 25),
    fixed(8, 2),
    fixed(8, 15),
    fixed(8, 31, 2021),
    fixed(9, 15),
    fixed(12, 1, 2020),
    fixed(12, 25),
  ],
  MX: [
    fixed(1, 1),
    monday(1, 2),
    monday(3, 3),
    fixed(5, 1),
    fixed(9, 16),
    { from: 2024, everyYears: 6, on: (year) => utc(year, 10, 1) },
    monday(3, 11),
    { from: 1934, to: 2018, everyYears: 6, on: (year) => utc(year, 12, 1) },
    fixed(12, 25),
  ],
};

/** Countries whose national holidays are known; for others only weekends are non-working. */
export const COUNTRIES_WITH_HOLIDAYS: readonly string[] = Object.keys(RULES);

const kept = new Map<string, ReadonlySet<string>>();

/** National holidays of a country in a year, as `YYYY-MM-DD`; empty for a country without a list. */
export function holidaysOf(country: string, year: number): ReadonlySet<string> {
  const key = `${country}-${year}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const rules = Object.hasOwn(RULES, country) ? (RULES[country] ?? []) : [];
  const days = rules
    .filter(({ from = 0, to = 9999, everyYears = 1 }) => year >= from && year <= to && (year - from) % everyYears === 0)
    .map((rule) => new Date(rule.on(year)).toISOString().slice(0, 10));
  const holidays = new Set(days);
  kept.set(key, holidays);
  return holidays;
}
