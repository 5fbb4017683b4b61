import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import {
  directoryServiceDecider,
  type ServiceCommand,
  type ServiceEvent,
  type ToldCapacity,
} from './directory-service.ts';
import {
  type Eligibility,
  NEVER_TOLD,
  OPEN_ELIGIBILITY,
  type ServiceCapacity,
  type ServiceEntry,
} from './service-entry.ts';

const { given } = decides(directoryServiceDecider);

const NOW = '2026-11-22T09:00:00.000Z';
const BEFORE = '2026-11-22T08:00:00.000Z';
const EARLIER = '2026-11-21T08:00:00.000Z';
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR'] as const;
const HOURS = {
  ...{ byday: WEEKDAYS, opens_at: '08:00', closes_at: '16:00', timezone: 'America/Costa_Rica' },
  ...{ valid_from: null, valid_to: null },
};
const ENTRY: ServiceEntry = {
  serviceId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
  agencyId: 'cr-conatt',
  type: 'SHELTER',
  name: 'Casa segura',
  description: 'Para mujeres y sus hijas e hijos',
  status: 'ACTIVE',
  languages: ['spa', 'hat'],
  service_areas: [{ country: 'CR', name: null }],
  eligibility: { ...OPEN_ELIGIBILITY, minimum_age: 18, sexes: ['FEMALE'] },
  schedules: [HOURS],
};
const FREE: ServiceCapacity = { status: 'AVAILABLE', available: 4, maximum: 12, unit: 'beds', updated: BEFORE };
const FULL: ServiceCapacity = { status: 'FULL', available: null, maximum: null, unit: null, updated: BEFORE };
const LISTED: ServiceEvent = { type: 'ServiceListed', data: { ...ENTRY, capacity: FREE } };
const told = (capacity: ServiceCapacity): ToldCapacity => ({ ...capacity, at: NOW });
const listing = (change: Partial<ServiceEntry> = {}, capacity = FREE): ServiceCommand => ({
  ...{ type: 'ListService', entry: { ...ENTRY, ...change } },
  capacity: told(capacity),
});
const eligible = (change: Partial<Eligibility>): Partial<ServiceEntry> => ({
  eligibility: { ...ENTRY.eligibility, ...change },
});

describe('ListService', () => {
  it('lists a service with its capacity', () => {
    given().when(listing()).then(LISTED);
    expect(fold(directoryServiceDecider, [LISTED])).toEqual({ entry: ENTRY, capacity: FREE });
  });

  it('the same again: nothing happens', () => {
    given(LISTED).when(listing()).thenNothing();
    given(LISTED)
      .when(listing({}, { ...FREE, updated: null }))
      .thenNothing();
  });

  it('keeps a capacity of which nothing is said, and at first it was never told', () => {
    const listed: ServiceEvent = { type: 'ServiceListed', data: { ...ENTRY, capacity: FULL } };
    const silent = (change: Partial<ServiceEntry> = {}): ServiceCommand => ({
      ...{ type: 'ListService', entry: { ...ENTRY, ...change }, capacity: null },
    });
    given()
      .when(silent())
      .then({ type: 'ServiceListed', data: { ...ENTRY, capacity: NEVER_TOLD } });
    given(listed).when(silent()).thenNothing();
    given(listed)
      .when(silent({ name: 'Albergue' }))
      .then({ type: 'ServiceListed', data: { ...ENTRY, name: 'Albergue', capacity: FULL } });
  });

  it.each<[string, Partial<ServiceEntry>]>([
    ['a language', { languages: ['spa', 'spa'] }],
    ['an area', { service_areas: [{ ...ENTRY.service_areas[0]! }, { ...ENTRY.service_areas[0]! }] }],
    ['hours', { schedules: [{ ...HOURS }, { ...HOURS }] }],
    ['a day', { schedules: [{ ...HOURS, byday: ['MO', 'MO'] }] }],
    ['a sex', eligible({ sexes: ['FEMALE', 'FEMALE'] })],
    ['a nationality', eligible({ nationalities: ['HT', 'HT'] })],
    ['an excluded nationality', eligible({ excluded_nationalities: ['HT', 'HT'] })],
    ['a stage', eligible({ stages: ['RETURN', 'RETURN'] })],
  ])('refuses %s said twice, which no contract lets through', (_, change) => {
    given(LISTED).when(listing(change)).thenRefused('DIRECTORY.ENTRY_REPEATS');
  });

  it.each<[string, Partial<ServiceEntry>]>([
    ['description', { description: '' }],
    ['part of a country', { service_areas: [{ country: 'CR', name: ' ' }] }],
    ['description of whom it takes', eligible({ eligibility_description: '' })],
  ])('refuses an empty %s', (_, change) => {
    given(LISTED).when(listing(change)).thenRefused('DIRECTORY.TEXT_EMPTY');
  });

  it.each<[string, Partial<ServiceEntry>]>([
    ['name', { name: 'Albergue' }],
    ['description', { description: null }],
    ['status', { status: 'TEMPORARILY_CLOSED' }],
    ['languages', { languages: [] }],
    ['areas', { service_areas: [{ country: 'CR', name: 'Limón' }] }],
    ['eligibility', eligible({ stages: ['FIRST_CONTACT'] })],
    ['hours', { schedules: [{ ...HOURS, closes_at: '24:00', timezone: '-06:00', valid_to: '2026-12-31' }] }],
  ])('revises its %s and keeps its capacity', (_, change) => {
    const revised: ServiceEvent = { type: 'ServiceListed', data: { ...ENTRY, ...change, capacity: FREE } };
    given(LISTED).when(listing(change)).then(revised);
  });

  it('revises entry and capacity together, or the capacity alone', () => {
    const full = { ...FULL, updated: NOW };
    given(LISTED)
      .when(listing({ name: 'Albergue' }, full))
      .then({ type: 'ServiceListed', data: { ...ENTRY, name: 'Albergue', capacity: full } });
    given(LISTED).when(listing({}, full)).then({ type: 'CapacityUpdated', data: full });
  });

  it.each<[string, Partial<ServiceEntry>, string]>([
    ['an empty name', { name: '' }, 'DIRECTORY.NAME_MISSING'],
    ['a language that is no code', { languages: ['Kreyòl'] }, 'DIRECTORY.LANGUAGE_MALFORMED'],
    ['a country that is none', { service_areas: [{ country: 'XX', name: null }] }, 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['half a year', eligible({ minimum_age: 0.5 }), 'DIRECTORY.AGES_MALFORMED'],
    ['the youngest above the oldest', eligible({ maximum_age: 17 }), 'DIRECTORY.AGES_MALFORMED'],
    ['a nationality that is none', eligible({ nationalities: ['XX'] }), 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['an excluded one that is none', eligible({ excluded_nationalities: ['XX'] }), 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['hours without a day', { schedules: [{ ...HOURS, byday: [] }] }, 'DIRECTORY.SCHEDULE_MALFORMED'],
    ['an hour that is none', { schedules: [{ ...HOURS, opens_at: '25:00' }] }, 'DIRECTORY.SCHEDULE_MALFORMED'],
    ['opening at the end of the day', { schedules: [{ ...HOURS, opens_at: '24:00' }] }, 'DIRECTORY.SCHEDULE_MALFORMED'],
    ['a zone that is none', { schedules: [{ ...HOURS, timezone: 'Limón' }] }, 'DIRECTORY.SCHEDULE_MALFORMED'],
    [
      'dates in disorder',
      { schedules: [{ ...HOURS, valid_from: '2026-02-01', valid_to: '2026-01-01' }] },
      'DIRECTORY.SCHEDULE_MALFORMED',
    ],
    ['another agency', { agencyId: 'mx-comar' }, 'DIRECTORY.SERVICE_FIXED'],
    ['another type', { type: 'HEALTH' }, 'DIRECTORY.SERVICE_FIXED'],
  ])('refuses %s', (_, change, code) => {
    given(LISTED).when(listing(change)).thenRefused(code);
  });

  it.each<Partial<Eligibility>>([{ nationalities: ['VE'] }, { excluded_nationalities: ['VE'] }])(
    'INV-07 asylum is not limited by nationality: %j',
    (limit) => {
      const asylum: ServiceEntry = { ...ENTRY, type: 'ASYLUM', eligibility: OPEN_ELIGIBILITY };
      const open: ServiceEvent = { type: 'ServiceListed', data: { ...asylum, capacity: FREE } };
      given().when(listing(asylum)).then(open);
      given()
        .when(listing({ ...asylum, eligibility: { ...OPEN_ELIGIBILITY, ...limit } }))
        .thenRefused('DIRECTORY.ASYLUM_BY_NATIONALITY');
    },
  );
});

describe('ReviseService', () => {
  const revision: ServiceCommand = {
    type: 'ReviseService',
    entry: { ...ENTRY, name: 'Albergue' },
    capacity: told(FREE),
  };

  it('revises what is listed', () => {
    given(LISTED)
      .when(revision)
      .then({ type: 'ServiceListed', data: { ...ENTRY, name: 'Albergue', capacity: FREE } });
    given(LISTED)
      .when({ ...revision, entry: ENTRY })
      .thenNothing();
  });

  it('refuses what is not', () => {
    given().when(revision).thenRefused('DIRECTORY.SERVICE_UNKNOWN');
  });
});

describe('UpdateCapacity', () => {
  const update = (capacity: ServiceCapacity): ServiceCommand => ({ type: 'UpdateCapacity', ...told(capacity) });

  it('updates, as of when it is said or of now', () => {
    given(LISTED)
      .when(update({ ...FULL, updated: NOW }))
      .then({ type: 'CapacityUpdated', data: { ...FULL, updated: NOW } });
    given(LISTED)
      .when(update({ ...FULL, updated: null }))
      .then({ type: 'CapacityUpdated', data: { ...FULL, updated: NOW } });
    const updated: ServiceEvent = { type: 'CapacityUpdated', data: FULL };
    expect(fold(directoryServiceDecider, [LISTED, updated])).toEqual({ entry: ENTRY, capacity: FULL });
    expect(directoryServiceDecider.evolve(null, updated)).toBeNull();
  });

  it.each<[string, Partial<ServiceCapacity>]>([
    ['places', { available: 3 }],
    ['all places', { maximum: 14 }],
    ['what is counted', { unit: 'rooms' }],
  ])('updates %s alone', (_, change) => {
    const next = { ...FREE, ...change, updated: NOW };
    given(LISTED).when(update(next)).then({ type: 'CapacityUpdated', data: next });
  });

  it('the same again: nothing happens, unless it is said to be so still', () => {
    given(LISTED)
      .when(update({ ...FREE, updated: null }))
      .thenNothing();
    given(LISTED).when(update(FREE)).thenNothing();
    given(LISTED)
      .when(update({ ...FREE, updated: NOW }))
      .then({ type: 'CapacityUpdated', data: { ...FREE, updated: NOW } });
  });

  it('takes any date where none was ever told', () => {
    const old: ServiceEvent = { type: 'ServiceListed', data: { ...ENTRY, capacity: { ...FULL, updated: null } } };
    given(old)
      .when(update({ ...FULL, updated: EARLIER }))
      .then({ type: 'CapacityUpdated', data: { ...FULL, updated: EARLIER } });
  });

  it.each<[string, ServiceCapacity, string]>([
    ['what was so before', { ...FULL, updated: EARLIER }, 'DIRECTORY.CAPACITY_OLDER'],
    ['what will be', { ...FULL, updated: '2026-11-22T09:00:00.001Z' }, 'DIRECTORY.CAPACITY_AHEAD'],
    ['more places than are counted', { ...FREE, maximum: 1_000_001 }, 'DIRECTORY.CAPACITY_MALFORMED'],
    ['half a place', { ...FREE, available: 0.5 }, 'DIRECTORY.CAPACITY_MALFORMED'],
    ['more free than there are', { ...FREE, available: 13 }, 'DIRECTORY.CAPACITY_MALFORMED'],
    ['places of nothing', { ...FREE, unit: null }, 'DIRECTORY.CAPACITY_MALFORMED'],
    ['a unit without places', { ...FULL, unit: 'beds' }, 'DIRECTORY.CAPACITY_MALFORMED'],
    ['all places without those free', { ...FULL, maximum: 12 }, 'DIRECTORY.CAPACITY_MALFORMED'],
    ['available with no place', { ...FREE, available: 0 }, 'DIRECTORY.CAPACITY_CONTRADICTS'],
    ['full with a place', { ...FREE, status: 'FULL' }, 'DIRECTORY.CAPACITY_CONTRADICTS'],
    ['a waiting list with a place', { ...FREE, status: 'WAITLIST' }, 'DIRECTORY.CAPACITY_CONTRADICTS'],
  ])('refuses %s', (_, capacity, code) => {
    given(LISTED).when(update(capacity)).thenRefused(code);
  });

  it('refuses an unknown service', () => {
    given().when(update(FULL)).thenRefused('DIRECTORY.SERVICE_UNKNOWN');
  });
});
