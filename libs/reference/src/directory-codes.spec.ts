import { describe, expect, it } from '@jest/globals';
import {
  AGENCY_KINDS,
  COUNTRIES,
  isOpenWithin,
  isTimeOfDay,
  isTimeZone,
  type OpeningHours,
  originRegionOf,
  REMOVAL_HOLDS,
  usualAuthority,
  usualNature,
} from './index.ts';

describe('agency natures', () => {
  it('are told of every kind where nothing was said', () => {
    expect(AGENCY_KINDS.map((kind) => [kind, usualNature(kind)])).toEqual([
      ['INTAKE', 'PUBLIC_AUTHORITY'],
      ['ASYLUM', 'PUBLIC_AUTHORITY'],
      ['COUNTER_TRAFFICKING', 'PUBLIC_AUTHORITY'],
      ['CHILD_PROTECTION', 'PUBLIC_AUTHORITY'],
      ['PROFILING', 'PUBLIC_AUTHORITY'],
      ['RETURN', 'RETURN'],
      ['OVERSIGHT', 'OVERSIGHT'],
      ['DIRECTORY', 'INTERNATIONAL'],
      ['SERVICE_PROVIDER', 'NGO'],
    ]);
  });

  it('INV-05 an authority is that of its jurisdiction unless told otherwise', () => {
    expect(usualAuthority('PUBLIC_AUTHORITY', 'CR')).toBe('CR');
    expect(usualAuthority('ENFORCEMENT', 'MX')).toBe('MX');
    expect(usualAuthority('RETURN', 'GT')).toBe('GT');
    expect(usualAuthority('NGO', 'CR')).toBeNull();
    expect(usualAuthority('OVERSIGHT', 'CR')).toBeNull();
    expect(usualAuthority('PUBLIC_AUTHORITY', null)).toBeNull();
  });
});

describe('regions of origin', () => {
  it.each([
    ['NG', 'AFRICA'],
    ['EG', 'AFRICA'],
    ['CN', 'ASIA'],
    ['TR', 'ASIA'],
    ['UA', 'EUROPE'],
    ['SY', 'MIDDLE_EAST'],
    ['FJ', 'OCEANIA'],
    ['HT', null],
    ['VE', null],
    ['XX', null],
  ])('%s is in %s', (country, region) => {
    expect(originRegionOf(country)).toBe(region);
  });

  it('leave out the Americas and Antarctica only', () => {
    expect(COUNTRIES.filter((country) => originRegionOf(country) === null)).toEqual(
      (
        'AG AI AQ AR AW BB BL BM BO BQ BR BS BV BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC MF ' +
        'MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI'
      ).split(' '),
    );
  });
});

it('there are seventeen removal holds, H-01 to H-17', () => {
  expect(REMOVAL_HOLDS).toHaveLength(17);
  expect([REMOVAL_HOLDS[1], REMOVAL_HOLDS[16]]).toEqual(['ASYLUM_INTENT', 'VOLUNTARINESS']);
});

describe('opening hours', () => {
  const OFFICE: OpeningHours = {
    byday: ['MO', 'TU', 'WE', 'TH', 'FR'],
    opens_at: '08:00',
    closes_at: '16:00',
    timezone: 'America/Costa_Rica', // UTC-6 all the year
    valid_from: null,
    valid_to: null,
  };
  const open = (change: Partial<OpeningHours>, from: string, until: string): boolean =>
    isOpenWithin([{ ...OFFICE, ...change }], from, until);

  it.each<[string, Partial<OpeningHours>, string, string, boolean]>([
    ['on a Monday morning', {}, '2026-11-23T15:00:00.000Z', '2026-11-23T16:00:00.000Z', true],
    ['an hour before it opens', {}, '2026-11-23T13:00:00.000Z', '2026-11-23T14:00:00.000Z', true],
    ['two hours before', {}, '2026-11-23T12:00:00.000Z', '2026-11-23T13:00:00.000Z', false],
    ['from the minute when it closes', {}, '2026-11-23T22:00:00.000Z', '2026-11-23T23:00:00.000Z', false],
    ['on a Sunday', {}, '2026-11-22T15:00:00.000Z', '2026-11-22T16:00:00.000Z', false],
    ['from Sunday to Monday', {}, '2026-11-22T15:00:00.000Z', '2026-11-23T15:00:00.000Z', true],
    [
      'at night',
      { opens_at: '20:00', closes_at: '06:00' },
      '2026-11-24T11:00:00.000Z',
      '2026-11-24T11:30:00.000Z',
      true,
    ],
    [
      'after a night',
      { opens_at: '20:00', closes_at: '06:00' },
      '2026-11-24T12:00:00.000Z',
      '2026-11-24T13:00:00.000Z',
      false,
    ],
    [
      'all day',
      { opens_at: '00:00', closes_at: '24:00' },
      '2026-11-24T05:59:00.000Z',
      '2026-11-24T05:59:30.000Z',
      true,
    ],
    ['before it is valid', { valid_from: '2026-12-01' }, '2026-11-23T15:00:00.000Z', '2026-11-24T15:00:00.000Z', false],
    ['after it was valid', { valid_to: '2026-11-20' }, '2026-11-23T15:00:00.000Z', '2026-11-24T15:00:00.000Z', false],
    ['with an offset', { timezone: '+05:30' }, '2026-11-23T03:00:00.000Z', '2026-11-23T03:10:00.000Z', true],
    ['in summer time', { timezone: 'America/New_York' }, '2026-07-06T12:00:00.000Z', '2026-07-06T12:10:00.000Z', true],
    ['in winter time', { timezone: 'America/New_York' }, '2026-12-07T12:00:00.000Z', '2026-12-07T12:10:00.000Z', false],
  ])('%s', (_, change, from, until, expected) => {
    expect(open(change, from, until)).toBe(expected);
  });

  it('whoever states none is never closed; of several one is enough', () => {
    expect(isOpenWithin([], '2026-11-22T15:00:00.000Z', '2026-11-22T15:00:00.000Z')).toBe(true);
    const sunday: OpeningHours = { ...OFFICE, byday: ['SU'] };
    expect(isOpenWithin([OFFICE, sunday], '2026-11-22T15:00:00.000Z', '2026-11-22T15:00:00.000Z')).toBe(true);
  });

  it('tells times and zones from other texts', () => {
    expect(['00:00', '23:59', '24:00', '24:01', '8:00', '08:60'].map(isTimeOfDay)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['America/Costa_Rica', 'UTC', '-06:00', 'Costa Rica', ''].map(isTimeZone)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
