import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { type AgencyCommand, agencyDecider, type AgencyEvent, type AgencyKey, type FocalPoint } from './agency.ts';
import type { AgencyEntry } from './agency-entry.ts';

const { given } = decides(agencyDecider);

const ENTRY: AgencyEntry = {
  agencyId: 'cr-conatt',
  name: 'CONATT',
  kind: 'COUNTER_TRAFFICKING',
  jurisdiction: 'CR',
  nature: 'PUBLIC_AUTHORITY',
  authorityOf: 'CR',
  participation: 'NODE',
  languages: ['spa'],
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
const CONTACT: FocalPoint = {
  role: 'TRAFFICKING',
  contact: 'referencias@conatt.example',
  originRegion: null,
  languages: ['spa'],
};
const NAMED: AgencyEvent = { type: 'SuccessorNamed', data: { successor: 'cr-pani' } };
const DESIGNATED: AgencyEvent = { type: 'FocalPointDesignated', data: CONTACT };

describe('ListAgency', () => {
  it('lists a new agency as active', () => {
    given().when(LIST).then(LISTED);
    const nothingElse = { status: 'ACTIVE', successor: null, focalPoints: [], keys: [] };
    expect(fold(agencyDecider, [LISTED])).toEqual({ entry: ENTRY, ...nothingElse });
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
    expect(fold(agencyDecider, [LISTED, DESIGNATED, KEY_LISTED, SUSPENDED, NAMED, renamed])).toEqual({
      entry: renamed.data,
      status: 'SUSPENDED',
      successor: 'cr-pani',
      focalPoints: [CONTACT],
      keys: [KEY],
    });
  });

  it('listed again the same: nothing happens', () => {
    given(LISTED).when(LIST).thenNothing();
  });

  const { agencyId, name, kind, jurisdiction } = ENTRY;
  const bare = { agencyId, name, kind, jurisdiction };

  it('takes the usual of the kind for what is left out', () => {
    const usual = (data: Partial<AgencyEntry>): AgencyEvent => ({
      type: 'AgencyListed',
      data: { ...ENTRY, languages: [], ...data },
    });
    given()
      .when({ type: 'ListAgency', ...bare })
      .then(usual({}));
    given()
      .when({ type: 'ListAgency', ...bare, kind: 'SERVICE_PROVIDER', participation: 'LINK' })
      .then(usual({ kind: 'SERVICE_PROVIDER', nature: 'NGO', authorityOf: null, participation: 'LINK' }));
    given()
      .when({ type: 'ListAgency', ...bare, kind: 'RETURN', jurisdiction: null })
      .then(usual({ kind: 'RETURN', nature: 'RETURN', jurisdiction: null, authorityOf: null }));
  });

  it('begins as is asked where nothing was said, and then stays as listed', () => {
    const byLink = { type: 'ListAgency', ...bare, participationAtFirst: 'LINK' } as const;
    given()
      .when(byLink)
      .then({ type: 'AgencyListed', data: { ...ENTRY, participation: 'LINK', languages: [] } });
    given(LISTED).when(byLink).thenNothing();
  });

  it('keeps as listed what is left out later', () => {
    given(LISTED)
      .when({ type: 'ListAgency', ...bare })
      .thenNothing();
    given(LISTED)
      .when({ type: 'ListAgency', ...bare, authorityOf: null })
      .then({ type: 'AgencyListed', data: { ...ENTRY, authorityOf: null } });
    given(LISTED)
      .when({ type: 'ListAgency', ...bare, nature: 'NGO' })
      .then({ type: 'AgencyListed', data: { ...ENTRY, nature: 'NGO', authorityOf: null } });
  });

  it.each<[string, Partial<AgencyEntry>]>([
    ['nature', { nature: 'ENFORCEMENT' }],
    ['participation', { participation: 'LINK' }],
    ['languages', { languages: ['spa', 'hat'] }],
  ])('revises its %s', (_, change) => {
    given(LISTED)
      .when({ type: 'ListAgency', ...ENTRY, ...change })
      .then({ type: 'AgencyListed', data: { ...ENTRY, ...change } });
  });

  it('INV-05 needs to know whose a consulate is', () => {
    const consulate = { ...bare, nature: 'CONSULATE' } as const;
    given()
      .when({ type: 'ListAgency', ...consulate })
      .thenRefused('DIRECTORY.AUTHORITY_MISSING');
    given()
      .when({ type: 'ListAgency', ...consulate, authorityOf: 'HT' })
      .then({ type: 'AgencyListed', data: { ...ENTRY, ...consulate, authorityOf: 'HT', languages: [] } });
  });

  it.each<[string, Partial<AgencyEntry>, string]>([
    ['a malformed id', { agencyId: 'CONATT CR' }, 'DIRECTORY.AGENCY_ID_MALFORMED'],
    ['an empty name', { name: '  ' }, 'DIRECTORY.NAME_MISSING'],
    ['a country that is none', { jurisdiction: 'XX' }, 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['a State that is none', { authorityOf: 'XX' }, 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['a language that is no code', { languages: ['es'] }, 'DIRECTORY.LANGUAGE_MALFORMED'],
    ['51 languages', { languages: Array<string>(51).fill('spa') }, 'DIRECTORY.LANGUAGE_MALFORMED'],
    ['a language twice', { languages: ['spa', 'spa'] }, 'DIRECTORY.ENTRY_REPEATS'],
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
    { type: 'NameSuccessor', successor: 'cr-pani' },
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

describe('NameSuccessor', () => {
  it.each<[string, AgencyEvent[]]>([
    ['an agency that takes part', [LISTED]],
    ['a suspended one', [LISTED, SUSPENDED]],
    ['a closed one, which is when it is needed', [LISTED, CLOSED]],
  ])('names that of %s, and a second time nothing happens', (_, history) => {
    given(...history)
      .when({ type: 'NameSuccessor', successor: 'cr-pani' })
      .then(NAMED);
    given(...history, NAMED)
      .when({ type: 'NameSuccessor', successor: 'cr-pani' })
      .thenNothing();
    expect(fold(agencyDecider, [...history, NAMED])?.successor).toBe('cr-pani');
  });

  it('takes the name back', () => {
    const none: AgencyEvent = { type: 'SuccessorNamed', data: { successor: null } };
    given(LISTED).when({ type: 'NameSuccessor', successor: null }).thenNothing();
    given(LISTED, NAMED).when({ type: 'NameSuccessor', successor: null }).then(none);
    expect(fold(agencyDecider, [LISTED, NAMED, none])?.successor).toBeNull();
  });

  it.each([
    ['itself', 'cr-conatt', 'DIRECTORY.SUCCESSOR_ITSELF'],
    ['what is no agency id', 'CR PANI', 'DIRECTORY.AGENCY_ID_MALFORMED'],
  ])('refuses %s', (_, successor, code) => {
    given(LISTED).when({ type: 'NameSuccessor', successor }).thenRefused(code);
  });
});

describe('DesignateFocalPoint', () => {
  it.each(['referencias@conatt.example', '+506 2586 4000'])('accepts %s', (contact) => {
    given(LISTED)
      .when({ type: 'DesignateFocalPoint', ...CONTACT, contact })
      .then({ type: 'FocalPointDesignated', data: { ...CONTACT, contact } });
  });

  it.each(['Somebody', '2586 4000', 'a@b', `${'a'.repeat(200)}@conatt.example`])('refuses %s', (contact) => {
    given(LISTED)
      .when({ type: 'DesignateFocalPoint', ...CONTACT, contact })
      .thenRefused('DIRECTORY.CONTACT_MALFORMED');
  });

  it('the same again: nothing happens; another replaces it', () => {
    given(LISTED, DESIGNATED)
      .when({ type: 'DesignateFocalPoint', ...CONTACT })
      .thenNothing();
    const replaced = { ...CONTACT, contact: '+506 2586 4000' };
    given(LISTED, DESIGNATED)
      .when({ type: 'DesignateFocalPoint', ...replaced })
      .then({ type: 'FocalPointDesignated', data: replaced });
    const spoken = { ...CONTACT, languages: ['spa', 'hat'] };
    given(LISTED, DESIGNATED)
      .when({ type: 'DesignateFocalPoint', ...spoken })
      .then({ type: 'FocalPointDesignated', data: spoken });
    expect(
      fold(agencyDecider, [LISTED, DESIGNATED, { type: 'FocalPointDesignated', data: replaced }])?.focalPoints,
    ).toEqual([replaced]);
  });

  it('has one extra-continental focal point for each region of origin', () => {
    const africa: FocalPoint = { ...CONTACT, role: 'EXTRA_CONTINENTAL', originRegion: 'AFRICA', languages: ['fra'] };
    const any: FocalPoint = { ...africa, originRegion: null };
    const history = [africa, any].map((data): AgencyEvent => ({ type: 'FocalPointDesignated', data }));
    given(LISTED)
      .when({ type: 'DesignateFocalPoint', ...africa })
      .then(...history.slice(0, 1));
    given(LISTED, ...history)
      .when({ type: 'DesignateFocalPoint', ...africa })
      .thenNothing();
    expect(fold(agencyDecider, [LISTED, ...history])?.focalPoints).toEqual([africa, any]);
  });

  it.each<[string, Partial<FocalPoint>, string]>([
    ['a region for another role', { originRegion: 'ASIA' }, 'DIRECTORY.REGION_NOT_OF_ROLE'],
    ['a language that is no code', { languages: ['français'] }, 'DIRECTORY.LANGUAGE_MALFORMED'],
    ['a language twice', { languages: ['fra', 'fra'] }, 'DIRECTORY.ENTRY_REPEATS'],
  ])('refuses %s', (_, change, code) => {
    given(LISTED)
      .when({ type: 'DesignateFocalPoint', ...CONTACT, ...change })
      .thenRefused(code);
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
    for (const event of [SUSPENDED, REINSTATED, CLOSED, NAMED, DESIGNATED, KEY_LISTED]) {
      expect(agencyDecider.evolve(null, event)).toBeNull();
    }
  });
});
