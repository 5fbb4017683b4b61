import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LeavingReason } from '@acogida/reference';
import { AgencyStandings } from './agency-standings.ts';
import type { CircleCandidate } from './audiences.ts';
import type { StandingAgency } from './leaving-reason.ts';
import { COMAR, CONATT, OMBUDSMAN, OWN } from './testing/case-keys-examples.ts';

const LISTED: CircleCandidate = { kind: 'SERVICE_PROVIDER', nature: 'NGO', status: 'ACTIVE', jurisdiction: 'CR' };
const [STILL_GOOD, ENDED] = [{}, { throughNumber: 7 }];

describe('who may be in a circle at all', () => {
  let agencies: StandingAgency[];
  let listed: Record<string, CircleCandidate>;
  let audits: readonly {
    readonly agency: string;
    readonly audiences: readonly 'coded'[];
    readonly jurisdiction: null;
  }[];
  let revision: number;
  let standings: AgencyStandings;

  beforeEach(() => {
    agencies = [OWN, CONATT, COMAR].map((agencyId) => ({ agencyId, successor: null, keySets: [ENDED, STILL_GOOD] }));
    [listed, audits, revision] = [{}, [], 1];
    standings = new AgencyStandings({
      agencyId: OWN,
      trust: {
        get revision() {
          return revision;
        },
        agencies: () => agencies,
      },
      auditors: {
        get revision() {
          return revision;
        },
        listed: (agency) => listed[agency],
        everywhere: () => audits,
      },
    });
  });

  const becomes = (change: Partial<StandingAgency>, agencyId = CONATT): void => {
    agencies = agencies.map((agency) => (agency.agencyId === agencyId ? { ...agency, ...change } : agency));
  };

  it.each<[string, LeavingReason | null, () => void]>([
    ['takes part', null, () => {}],
    ['is listed as active', null, () => (listed = { [CONATT]: LISTED })],
    ['is suspended', 'AGENCY_SUSPENDED', () => (listed = { [CONATT]: { ...LISTED, status: 'SUSPENDED' } })],
    ['is closed', 'AGENCY_CLOSED', () => (listed = { [CONATT]: { ...LISTED, status: 'CLOSED' } })],
    ['was succeeded', 'AGENCY_CLOSED', () => becomes({ successor: COMAR, keySets: [ENDED] })],
    ['has no key that still counts', 'KEY_REVOKED', () => becomes({ keySets: [ENDED, ENDED] })],
    ['has no keys at all', 'KEY_REVOKED', () => becomes({ keySets: [] })],
    ['is of a network whose keys never end', null, () => (agencies = [{ agencyId: CONATT }])],
  ])('of one that %s: %s', (_, reason, happens) => {
    happens();
    expect(standings.leaving(CONATT)).toBe(reason);
    expect(standings.leaving(COMAR)).toBeNull();
  });

  it('is looked at again when something was said, and not before', () => {
    expect(standings.leaving(CONATT)).toBeNull();
    becomes({ keySets: [ENDED] });
    expect(standings.leaving(CONATT)).toBeNull();
    revision += 1;
    expect(standings.leaving(CONATT)).toBe('KEY_REVOKED');
  });

  it('never shuts this agency out of its own circles', () => {
    becomes({ keySets: [ENDED] }, OWN);
    expect(standings.leaving(OWN)).toBeNull();
  });

  it.each<[string, boolean, () => void]>([
    ['an agency is listed that may be in circles', false, () => (listed = { [CONATT]: LISTED })],
    ['an agency joins', false, () => agencies.push({ agencyId: 'cr-casa', successor: null, keySets: [STILL_GOOD] })],
    ['an agency is suspended', true, () => (listed = { [CONATT]: { ...LISTED, status: 'SUSPENDED' } })],
    ['an agency turns out to enforce', true, () => (listed = { [CONATT]: { ...LISTED, nature: 'ENFORCEMENT' } })],
    ['an auditor comes', true, () => (audits = [{ agency: OMBUDSMAN, audiences: ['coded'], jurisdiction: null }])],
  ])('where %s, circles may be out of line: %s', (_, moves, happens) => {
    const before = standings.fingerprint;
    happens();
    revision += 1;
    expect(standings.fingerprint !== before).toBe(moves);
  });
});
