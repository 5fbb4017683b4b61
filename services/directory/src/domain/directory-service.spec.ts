import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { directoryServiceDecider, type ServiceEntry, type ServiceEvent } from './directory-service.ts';

const { given } = decides(directoryServiceDecider);

const ENTRY: ServiceEntry = {
  serviceId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
  agencyId: 'cr-conatt',
  type: 'TRAFFICKING_SCREENING',
  name: 'Identificación',
  languages: ['spa', 'hat'],
  areas: ['CR'],
};
const LISTED: ServiceEvent = { type: 'ServiceListed', data: { ...ENTRY, capacity: 'AVAILABLE' } };

describe('ListService', () => {
  it('lists a service', () => {
    given().when({ type: 'ListService', entry: ENTRY, capacity: 'AVAILABLE' }).then(LISTED);
    expect(fold(directoryServiceDecider, [LISTED])).toEqual({ entry: ENTRY, capacity: 'AVAILABLE' });
  });

  it('revises it; the same again: nothing happens', () => {
    given(LISTED).when({ type: 'ListService', entry: ENTRY, capacity: 'AVAILABLE' }).thenNothing();
    const entry = { ...ENTRY, languages: ['spa'] };
    given(LISTED)
      .when({ type: 'ListService', entry, capacity: 'FULL' })
      .then({ type: 'ServiceListed', data: { ...entry, capacity: 'FULL' } });
  });

  it.each<[string, Partial<ServiceEntry>, string]>([
    ['an empty name', { name: '' }, 'DIRECTORY.NAME_MISSING'],
    ['a language that is no code', { languages: ['Kreyòl'] }, 'DIRECTORY.LANGUAGE_MALFORMED'],
    ['a country that is none', { areas: ['XX'] }, 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['another agency', { agencyId: 'mx-comar' }, 'DIRECTORY.SERVICE_FIXED'],
    ['another type', { type: 'SHELTER' }, 'DIRECTORY.SERVICE_FIXED'],
  ])('refuses %s', (_, change, code) => {
    given(LISTED)
      .when({ type: 'ListService', entry: { ...ENTRY, ...change }, capacity: 'AVAILABLE' })
      .thenRefused(code);
  });
});

describe('UpdateCapacity', () => {
  it('updates; the same again: nothing happens', () => {
    const updated: ServiceEvent = { type: 'CapacityUpdated', data: { capacity: 'FULL' } };
    given(LISTED).when({ type: 'UpdateCapacity', capacity: 'FULL' }).then(updated);
    given(LISTED, updated).when({ type: 'UpdateCapacity', capacity: 'FULL' }).thenNothing();
    expect(fold(directoryServiceDecider, [LISTED, updated])).toEqual({ entry: ENTRY, capacity: 'FULL' });
    expect(directoryServiceDecider.evolve(null, updated)).toBeNull();
  });

  it('refuses an unknown service', () => {
    given().when({ type: 'UpdateCapacity', capacity: 'FULL' }).thenRefused('DIRECTORY.SERVICE_UNKNOWN');
  });
});
