import { describe, expect, it } from '@jest/globals';
import {
  calendarDateIn,
  COUNTRY_PARAMETERS,
  countryParameters,
  DEFAULT_COUNTRY_PARAMETERS,
} from './country-parameters.ts';
import { COUNTRIES_WITH_HOLIDAYS, holidaysOf } from './holidays.ts';
import { addDays, isWorkingDay, type PeriodUnit } from './working-days.ts';

describe('addDays', () => {
  it.each<[string, string, number, PeriodUnit, string, string]>([
    ['the start day is not counted', '2026-11-23', 1, 'WD', 'CR', '2026-11-24'],
    ['weekends are skipped', '2026-11-20', 1, 'WD', 'CR', '2026-11-23'],
    ['starting on a Sunday counts from Monday', '2026-11-22', 3, 'WD', 'CR', '2026-11-25'],
    ['holidays are skipped', '2026-11-30', 1, 'WD', 'CR', '2026-12-02'],
    ['Holy Week is skipped in Costa Rica', '2026-04-01', 1, 'WD', 'CR', '2026-04-06'],
    ['and not in Mexico', '2026-04-01', 1, 'WD', 'MX', '2026-04-02'],
    ['45 working days in Mexico', '2026-11-02', 45, 'WD', 'MX', '2027-01-07'],
    ['calendar days run through weekends', '2026-11-20', 4, 'CD', 'CR', '2026-11-24'],
    ['an end on a Sunday moves forward', '2026-11-20', 2, 'CD', 'CR', '2026-11-23'],
    ['an end on a holiday moves forward', '2026-11-30', 1, 'CD', 'CR', '2026-12-02'],
    ['a month ends on the same day', '2026-11-24', 3, 'MONTH', 'CR', '2027-02-24'],
    ['or on the last of the month, then forward', '2026-11-30', 3, 'MONTH', 'CR', '2027-03-01'],
    ['zero days end at once on a working day', '2026-11-23', 0, 'WD', 'CR', '2026-11-23'],
    ['zero days on a Sunday move forward', '2026-11-22', 0, 'CD', 'CR', '2026-11-23'],
    ['a country without a list has weekends only', '2026-12-24', 1, 'WD', 'CA', '2026-12-25'],
  ])('%s', (_, from, length, unit, country, expected) => {
    expect(addDays({ from, length, unit, country })).toBe(expected);
  });

  it.each([
    ['no date', { from: '2026-02-30', length: 1 }],
    ['another format', { from: '22/11/2026', length: 1 }],
    ['a negative length', { from: '2026-11-22', length: -1 }],
    ['half a day', { from: '2026-11-22', length: 0.5 }],
  ])('refuses %s', (_, period) => {
    expect(() => addDays({ ...period, unit: 'CD', country: 'CR' })).toThrow(RangeError);
  });

  it('never ends on a non-working day and never earlier with one day more', () => {
    for (const country of ['CR', 'MX', 'US']) {
      for (const unit of ['WD', 'CD', 'MONTH'] as const) {
        let last = '';
        for (let length = 0; length < 120; length += 1) {
          const end = addDays({ from: '2026-03-01', length, unit, country });
          expect(isWorkingDay(end, country)).toBe(true);
          expect(end >= last).toBe(true);
          last = end;
        }
      }
    }
  });
});

describe('holidaysOf', () => {
  it('knows Costa Rica and Mexico', () => {
    expect(COUNTRIES_WITH_HOLIDAYS).toEqual(['CR', 'MX']);
    expect([...holidaysOf('CR', 2026)].sort()).toEqual([
      '2026-01-01',
      '2026-04-02',
      '2026-04-03',
      '2026-04-11',
      '2026-05-01',
      '2026-07-25',
      '2026-08-02',
      '2026-08-15',
      '2026-08-31',
      '2026-09-15',
      '2026-12-01',
      '2026-12-25',
    ]);
    expect([...holidaysOf('MX', 2026)].sort()).toEqual([
      '2026-01-01',
      '2026-02-02',
      '2026-03-16',
      '2026-05-01',
      '2026-09-16',
      '2026-11-16',
      '2026-12-25',
    ]);
  });

  it('knows the change of government in Mexico', () => {
    expect(holidaysOf('MX', 2018).has('2018-12-01')).toBe(true);
    expect(holidaysOf('MX', 2024).has('2024-10-01')).toBe(true);
    expect(holidaysOf('MX', 2024).has('2024-12-01')).toBe(false);
    expect(holidaysOf('MX', 2025).has('2025-10-01')).toBe(false);
  });

  it('has none for a country without a list, nor for a property name', () => {
    expect(holidaysOf('CA', 2026).size).toBe(0);
    expect(holidaysOf('constructor', 2026).size).toBe(0);
  });
});

describe('countryParameters', () => {
  it('gives the limits of domain.md §3', () => {
    const mexico = countryParameters('MX', '2026-11-22');
    expect(mexico.asylumFileWithin).toEqual({ length: 30, unit: 'WD' });
    expect(mexico.asylumDecideWithin).toEqual({ length: 45, unit: 'WD' });
    expect(mexico.asylumRatifyWithin).toEqual({ length: 3, unit: 'WD' });
    expect(mexico.asylumAppealWithin).toEqual({ length: 15, unit: 'WD' });
    const costaRica = countryParameters('CR', '2026-11-22');
    expect(costaRica.asylumFileWithin).toBeNull();
    expect(costaRica.asylumDecideWithin).toEqual({ length: 3, unit: 'MONTH' });
    expect(costaRica.reflectionPeriod).toEqual({ length: 90, unit: 'CD' });
    expect(costaRica.ageOfMajorityYears).toBe(18);
  });

  it('falls back to defaults that limit nobody: unknown country, or before the first entry', () => {
    expect(countryParameters('FR', '2026-11-22')).toEqual(DEFAULT_COUNTRY_PARAMETERS);
    expect(countryParameters('MX', '2000-01-01')).toEqual(DEFAULT_COUNTRY_PARAMETERS);
    expect(DEFAULT_COUNTRY_PARAMETERS.asylumFileWithin).toBeNull();
    expect(DEFAULT_COUNTRY_PARAMETERS.asylumAppealWithin).toEqual({ length: 15, unit: 'WD' });
  });

  it('has entries in order of their dates, with time zones that exist', () => {
    for (const { country, effectiveFrom, timeZone } of COUNTRY_PARAMETERS) {
      expect(effectiveFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
      const dates = COUNTRY_PARAMETERS.filter((entry) => entry.country === country).map((entry) => entry.effectiveFrom);
      expect(dates).toEqual([...dates].sort());
    }
  });

  it('says which day it is there', () => {
    expect(calendarDateIn('CR', '2026-11-22T05:59:59.999Z')).toBe('2026-11-21');
    expect(calendarDateIn('CR', '2026-11-22T06:00:00.000Z')).toBe('2026-11-22');
    expect(calendarDateIn('FR', '2026-11-22T05:59:59.999Z')).toBe('2026-11-22');
  });
});
