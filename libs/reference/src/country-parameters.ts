import { DEFAULT_REFERRAL_DEADLINES, type ReferralDeadlines } from './referral-deadlines.ts';
import type { CalendarDate, Period } from './working-days.ts';

/** Parameters of a country's procedures (domain.md §3). Defaults, all editable; null where the country sets no limit. */
export interface CountryParameters {
  /** Asylum: file within, from entry. Late filing opens a justification, never an automatic bar. */
  readonly asylumFileWithin: Period | null;
  /** Asylum: decide within, from registration. A missed limit escalates, never refuses. */
  readonly asylumDecideWithin: Period | null;
  /** Asylum: a third party's lodging is to be ratified within. */
  readonly asylumRatifyWithin: Period | null;
  /** Asylum: appeal within, from notification. */
  readonly asylumAppealWithin: Period;
  /** Trafficking: reflection period, and the shortest allowed. */
  readonly reflectionPeriod: Period;
  readonly reflectionFloor: Period;
  /** Consent is valid for. */
  readonly consentValidFor: Period;
  /** Between the signing of a return consent and the earliest moment at which it counts, in hours. */
  readonly returnCoolingOffHours: number;
  /** Guardian appointed within, in hours. */
  readonly guardianWithinHours: number;
  readonly ageOfMajorityYears: number;
  /** Time limits of a referral that an agency of this country sends, by urgency (domain.md §1.4). */
  readonly referralDeadlines: ReferralDeadlines;
  /** Whether a referral that nobody answered goes to the next agency by the directory, or only back to its sender. */
  readonly rerouteUnanswered: boolean;
  /** Time zone of its calendar dates. */
  readonly timeZone: string;
}

/** A version of a country's parameters, in force from a date on. */
export interface DatedCountryParameters extends CountryParameters {
  readonly country: string;
  readonly effectiveFrom: CalendarDate;
}

const wd = (length: number): Period => ({ length, unit: 'WD' });
const cd = (length: number): Period => ({ length, unit: 'CD' });
const months = (length: number): Period => ({ length, unit: 'MONTH' });

/** In force where a country has no entry: never a limit on the person, appeal 15 working days. */
export const DEFAULT_COUNTRY_PARAMETERS: CountryParameters = {
  asylumFileWithin: null,
  asylumDecideWithin: null,
  asylumRatifyWithin: null,
  asylumAppealWithin: wd(15),
  reflectionPeriod: cd(90),
  reflectionFloor: cd(30),
  consentValidFor: months(12),
  returnCoolingOffHours: 48,
  guardianWithinHours: 72,
  ageOfMajorityYears: 18,
  referralDeadlines: DEFAULT_REFERRAL_DEADLINES,
  rerouteUnanswered: true,
  timeZone: 'UTC',
};

type Own = Partial<CountryParameters> & { readonly timeZone: string };

/** Entries per country, oldest first. To change a parameter, add an entry with a later date; never edit one in force. */
const ENTRIES: Readonly<Record<string, readonly (readonly [effectiveFrom: CalendarDate, own: Own])[]>> = {
  MX: [
    [
      '2011-01-27',
      {
        asylumFileWithin: wd(30),
        asylumDecideWithin: wd(45),
        asylumRatifyWithin: wd(3),
        asylumAppealWithin: wd(15),
        timeZone: 'America/Mexico_City',
      },
    ],
  ],
  CR: [['2011-11-01', { asylumDecideWithin: months(3), asylumAppealWithin: wd(3), timeZone: 'America/Costa_Rica' }]],
  EC: [
    [
      '2017-02-06',
      {
        asylumFileWithin: cd(90),
        asylumDecideWithin: months(3),
        asylumAppealWithin: wd(10),
        timeZone: 'America/Guayaquil',
      },
    ],
  ],
  AR: [['2006-11-28', { asylumAppealWithin: wd(10), timeZone: 'America/Argentina/Buenos_Aires' }]],
  PA: [['2018-01-16', { asylumFileWithin: months(6), timeZone: 'America/Panama' }]],
  CO: [['2013-12-26', { asylumFileWithin: months(2), asylumAppealWithin: wd(10), timeZone: 'America/Bogota' }]],
  GT: [['2019-03-27', { asylumAppealWithin: cd(10), timeZone: 'America/Guatemala' }]],
  SV: [['2005-08-31', { asylumDecideWithin: wd(30), asylumAppealWithin: wd(3), timeZone: 'America/El_Salvador' }]],
  BR: [['1997-07-23', { asylumAppealWithin: cd(15), timeZone: 'America/Sao_Paulo' }]],
  CL: [['2010-04-15', { timeZone: 'America/Santiago' }]],
  PE: [
    [
      '2002-12-20',
      { asylumFileWithin: cd(30), asylumDecideWithin: wd(60), asylumAppealWithin: wd(15), timeZone: 'America/Lima' },
    ],
  ],
  US: [['1998-04-01', { asylumFileWithin: months(12), asylumAppealWithin: cd(30), timeZone: 'America/New_York' }]],
  CA: [['2012-12-15', { asylumAppealWithin: cd(15), timeZone: 'America/Toronto' }]],
};

/** Every entry, for publication and review. */
export const COUNTRY_PARAMETERS: readonly DatedCountryParameters[] = Object.entries(ENTRIES).flatMap(
  ([country, entries]) =>
    entries.map(([effectiveFrom, own]) => ({ ...DEFAULT_COUNTRY_PARAMETERS, ...own, country, effectiveFrom })),
);

/** The parameters in force in a country on a date; the defaults where there is no entry. */
export function countryParameters(country: string, on: CalendarDate): CountryParameters {
  const inForce = COUNTRY_PARAMETERS.filter((entry) => entry.country === country && entry.effectiveFrom <= on);
  return inForce.at(-1) ?? DEFAULT_COUNTRY_PARAMETERS;
}

/** The calendar date of an instant in a country, by its (main) time zone. */
export function calendarDateIn(country: string, instant: string): CalendarDate {
  const { timeZone } = countryParameters(country, instant.slice(0, 10));
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(instant),
  );
}
