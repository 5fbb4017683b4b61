import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { type AgencyCommand, agencyDecider, type AgencyEntry, type AgencyEvent, type AgencyKey } from './agency.ts';

const { given } = decides(agencyDecider);

const ENTRY: AgencyEntry = {
  agencyId: 'cr-conatt',
  name: 'CONATT',
  kind: 'COUNTER_TRAFFICKING',
  jurisdiction: 'CR',
};
const KEY: AgencyKey = {
  keyId: 'cr-conatt-1',
  use: 'SIGNING',
  publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
  fromNumber: 1,
};
const LIST: AgencyCommand = { type: 'ListAgency', ...ENTRY };
const LISTED: AgencyEvent = { type: 'AgencyListed', data: ENTRY };
const SUSPENDED: AgencyEvent = { type: 'AgencySuspended', data: {} };
const REINSTATED: AgencyEvent = { type: 'AgencyReinstated', data: {} };
const CLOSED: AgencyEvent = { type: 'AgencyClosed', data: {} };
const KEY_LISTED: AgencyEvent = { type: 'AgencyKeyListed', data: KEY };
const CONTACT = { role: 'TRAFFICKING', contact: 'referencias@conatt.example' } as const;
const DESIGNATED: AgencyEvent = { type: 'FocalPointDesignated', data: CONTACT };

describe('ListAgency', () => {
  it('lists a new agency as active', () => {
    given().when(LIST).then(LISTED);
    expect(fold(agencyDecider, [LISTED])).toEqual({ entry: ENTRY, status: 'ACTIVE', focalPoints: {}, keys: [] });
  });

  it('accepts a regional agency', () => {
    given()
      .when({ ...LIST, ...ENTRY, jurisdiction: null, type: 'ListAgency' })
      .then({ type: 'AgencyListed', data: { ...ENTRY, jurisdiction: null } });
  });

  it('renames, and keeps all the rest', () => {
    const renamed: AgencyEvent = { type: 'AgencyListed', data: { ...ENTRY, name: 'Coalición' } };
    given(LISTED, SUSPENDED)
      .when({ type: 'ListAgency', ...ENTRY, name: 'Coalición' })
      .then(renamed);
    expect(fold(agencyDecider, [LISTED, DESIGNATED, KEY_LISTED, SUSPENDED, renamed])).toEqual({
      entry: renamed.data,
      status: 'SUSPENDED',
      focalPoints: { TRAFFICKING: CONTACT.contact },
      keys: [KEY],
    });
  });

  it('listed again the same: nothing happens', () => {
    given(LISTED).when(LIST).thenNothing();
  });

  it.each<[string, Partial<AgencyEntry>, string]>([
    ['a malformed id', { agencyId: 'CONATT CR' }, 'DIRECTORY.AGENCY_ID_MALFORMED'],
    ['an empty name', { name: '  ' }, 'DIRECTORY.NAME_MISSING'],
    ['a country that is none', { jurisdiction: 'XX' }, 'DIRECTORY.COUNTRY_UNKNOWN'],
  ])('refuses %s', (_, change, code) => {
    given()
      .when({ type: 'ListAgency', ...ENTRY, ...change })
      .thenRefused(code);
  });

  it.each<[string, Partial<AgencyEntry>]>([
    ['kind', { kind: 'ASYLUM' }],
    ['jurisdiction', { jurisdiction: 'MX' }],
  ])('refuses another %s', (_, change) => {
    given(LISTED)
      .when({ type: 'ListAgency', ...ENTRY, ...change })
      .thenRefused('DIRECTORY.MANDATE_FIXED');
  });

  it('refuses to reopen a closed agency', () => {
    given(LISTED, CLOSED).when(LIST).thenRefused('DIRECTORY.AGENCY_CLOSED');
  });
});

describe('status', () => {
  it.each<[string, AgencyEvent[], AgencyCommand, AgencyEvent, string]>([
    ['suspends', [LISTED], { type: 'SuspendAgency' }, SUSPENDED, 'SUSPENDED'],
    ['reinstates', [LISTED, SUSPENDED], { type: 'ReinstateAgency' }, REINSTATED, 'ACTIVE'],
    ['closes', [LISTED], { type: 'CloseAgency' }, CLOSED, 'CLOSED'],
    ['closes a suspended one', [LISTED, SUSPENDED], { type: 'CloseAgency' }, CLOSED, 'CLOSED'],
  ])('%s, and a second time nothing happens', (_, history, command, event, status) => {
    given(...history)
      .when(command)
      .then(event);
    given(...history, event)
      .when(command)
      .thenNothing();
    expect(fold(agencyDecider, [...history, event])?.status).toBe(status);
  });

  it.each<AgencyCommand>([
    { type: 'SuspendAgency' },
    { type: 'ReinstateAgency' },
    { type: 'CloseAgency' },
    { type: 'DesignateFocalPoint', ...CONTACT },
    { type: 'ListAgencyKey', ...KEY },
  ])('$type needs a listed agency', (command) => {
    given().when(command).thenRefused('DIRECTORY.AGENCY_UNKNOWN');
  });

  it.each<AgencyCommand>([
    { type: 'SuspendAgency' },
    { type: 'ReinstateAgency' },
    { type: 'DesignateFocalPoint', ...CONTACT },
    { type: 'ListAgencyKey', ...KEY },
  ])('$type of a closed agency is refused', (command) => {
    given(LISTED, CLOSED).when(command).thenRefused('DIRECTORY.AGENCY_CLOSED');
  });
});

describe('DesignateFocalPoint', () => {
  it.each(['referencias@conatt.example', '+506 2586 4000'])('accepts %s', (contact) => {
    given(LISTED)
      .when({ type: 'DesignateFocalPoint', role: 'REFERRALS', contact })
      .then({ type: 'FocalPointDesignated', data: { role: 'REFERRALS', contact } });
  });

  it.each(['Somebody', '2586 4000', 'a@b', `${'a'.repeat(200)}@conatt.example`])('refuses %s', (contact) => {
    given(LISTED)
      .when({ type: 'DesignateFocalPoint', role: 'REFERRALS', contact })
      .thenRefused('DIRECTORY.CONTACT_MALFORMED');
  });

  it('the same again: nothing happens; another replaces it', () => {
    given(LISTED, DESIGNATED)
      .when({ type: 'DesignateFocalPoint', ...CONTACT })
      .thenNothing();
    const replaced = { role: 'TRAFFICKING', contact: '+506 2586 4000' } as const;
    given(LISTED, DESIGNATED)
      .when({ type: 'DesignateFocalPoint', ...replaced })
      .then({ type: 'FocalPointDesignated', data: replaced });
  });
});

describe('ListAgencyKey', () => {
  it('lists a first and a later key', () => {
    given(LISTED)
      .when({ type: 'ListAgencyKey', ...KEY })
      .then(KEY_LISTED);
    const second = { ...KEY, keyId: 'cr-conatt-2', fromNumber: 100 };
    given(LISTED, KEY_LISTED)
      .when({ type: 'ListAgencyKey', ...second })
      .then({ type: 'AgencyKeyListed', data: second });
  });

  it('the same again: nothing happens', () => {
    given(LISTED, KEY_LISTED)
      .when({ type: 'ListAgencyKey', ...KEY })
      .thenNothing();
  });

  it.each<[string, Partial<AgencyKey>, string]>([
    ['an empty id', { keyId: ' ' }, 'DIRECTORY.KEY_ID_MISSING'],
    ['a short key', { keyId: 'k', publicKey: { ...KEY.publicKey, x: 'AA' } }, 'DIRECTORY.KEY_MALFORMED'],
    ['number zero', { keyId: 'k', fromNumber: 0 }, 'DIRECTORY.KEY_NUMBER_MALFORMED'],
    ['half a number', { keyId: 'k', fromNumber: 1.5 }, 'DIRECTORY.KEY_NUMBER_MALFORMED'],
    ['another key under a known id', { publicKey: { ...KEY.publicKey, x: 'B'.repeat(43) } }, 'DIRECTORY.KEY_ID_TAKEN'],
    ['a known id from another number', { fromNumber: 2 }, 'DIRECTORY.KEY_ID_TAKEN'],
    ['a new key that signs what the old one did', { keyId: 'k' }, 'DIRECTORY.KEY_NOT_LATER'],
  ])('refuses %s', (_, change, code) => {
    given(LISTED, KEY_LISTED)
      .when({ type: 'ListAgencyKey', ...KEY, ...change })
      .thenRefused(code);
  });
});

describe('evolve', () => {
  it('changes nothing without a first event', () => {
    for (const event of [SUSPENDED, REINSTATED, CLOSED, DESIGNATED, KEY_LISTED]) {
      expect(agencyDecider.evolve(null, event)).toBeNull();
    }
  });
});
