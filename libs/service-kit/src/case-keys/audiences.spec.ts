import { describe, expect, it } from '@jest/globals';
import { AGENCY_KINDS, AGENCY_NATURES, AGENCY_STATUSES, type AgencyNature } from '@acogida/reference';
import type { GroupAudience } from '@acogida/sealing';
import fc from 'fast-check';
import { audiencesOf, type CircleCandidate, type CircleRelation } from './audiences.ts';

const AGENCY: CircleCandidate = {
  kind: 'SERVICE_PROVIDER',
  nature: 'NGO',
  status: 'ACTIVE',
  jurisdiction: 'CR',
};
const STRANGER: CircleRelation = { isMember: false, isNamed: false, jurisdictions: ['CR', 'MX'], mandate: 'NONE' };
const MEMBER: CircleRelation = { ...STRANGER, isMember: true };
const NAMED: CircleRelation = { ...MEMBER, isNamed: true };
const AUDITOR: CircleCandidate = { ...AGENCY, kind: 'OVERSIGHT', nature: 'OVERSIGHT' };

describe('INV-17 audiences of an agency that accepted a referral which needs what is restricted', () => {
  const table: Readonly<Record<AgencyNature, Readonly<Record<GroupAudience, boolean>>>> = {
    PUBLIC_AUTHORITY: { coded: true, care: true, restricted: true },
    NGO: { coded: true, care: true, restricted: true },
    INTERNATIONAL: { coded: true, care: true, restricted: true },
    OVERSIGHT: { coded: true, care: true, restricted: true },
    ENFORCEMENT: { coded: true, care: false, restricted: false },
    CONSULATE: { coded: true, care: false, restricted: false },
    RETURN: { coded: true, care: false, restricted: false },
  };
  const cells = AGENCY_NATURES.flatMap((nature) =>
    (['coded', 'care', 'restricted'] as const).map((audience) => [nature, audience, table[nature][audience]] as const),
  );

  it.each(cells)('INV-17 %s is given %s: %s', (nature, audience, given) => {
    expect(audiencesOf({ ...AGENCY, nature }, NAMED).includes(audience)).toBe(given);
  });

  it('INV-17 never gives more than is coded to enforcement, consulates or return, whatever they are to the case', () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom(...AGENCY_KINDS),
          nature: fc.constantFrom<AgencyNature>('ENFORCEMENT', 'CONSULATE', 'RETURN'),
          status: fc.constantFrom(...AGENCY_STATUSES),
          jurisdiction: fc.constantFrom('CR', 'MX', null),
        }),
        fc.record({
          isMember: fc.boolean(),
          isNamed: fc.boolean(),
          jurisdictions: fc.array(fc.constantFrom('CR', 'MX', null)),
          mandate: fc.constantFrom('NONE', 'CODED', 'RESTRICTED'),
        }),
        (agency, relation) => {
          expect(['', 'coded']).toContain(audiencesOf(agency, relation).join());
        },
      ),
    );
  });
});

describe('audiences', () => {
  it.each<readonly [string, CircleCandidate, CircleRelation, readonly GroupAudience[]]>([
    ['of a member whose service needs nothing restricted', AGENCY, MEMBER, ['coded', 'care']],
    ['of a stranger', AGENCY, STRANGER, []],
    ['of a stranger who is named all the same', AGENCY, { ...STRANGER, isNamed: true }, []],
    ['of a stranger with a mandate that only auditors have', AGENCY, { ...STRANGER, mandate: 'RESTRICTED' }, []],
    ['of the auditor of a jurisdiction', AUDITOR, STRANGER, ['coded', 'care']],
    ['of the auditor of another jurisdiction', { ...AUDITOR, jurisdiction: 'HN' }, STRANGER, []],
    [
      'of one of another jurisdiction, whatever its mandate',
      { ...AUDITOR, jurisdiction: 'HN' },
      { ...STRANGER, mandate: 'CODED' },
      [],
    ],
    [
      'of a regional auditor without a mandate',
      { ...AUDITOR, jurisdiction: null },
      { ...STRANGER, jurisdictions: [null] },
      [],
    ],
    [
      'of a regional auditor with one',
      { ...AUDITOR, jurisdiction: null },
      { ...STRANGER, mandate: 'CODED' },
      ['coded', 'care'],
    ],
    [
      'of an auditor whose mandate covers asylum and trafficking',
      AUDITOR,
      { ...STRANGER, mandate: 'RESTRICTED' },
      ['coded', 'care', 'restricted'],
    ],
    ['of an auditor that is a member too', AUDITOR, MEMBER, ['coded', 'care']],
    [
      'of an auditor with a mandate that enforces too',
      { ...AUDITOR, nature: 'ENFORCEMENT' },
      { ...STRANGER, mandate: 'RESTRICTED' },
      ['coded'],
    ],
  ])('%s', (_, agency, relation, audiences) => {
    expect(audiencesOf(agency, relation)).toEqual(audiences);
  });

  it.each(AGENCY_STATUSES.filter((status) => status !== 'ACTIVE'))('are none of an agency that is %s', (status) => {
    expect(audiencesOf({ ...AGENCY, status }, NAMED)).toEqual([]);
    expect(audiencesOf({ ...AUDITOR, status }, { ...STRANGER, mandate: 'RESTRICTED' })).toEqual([]);
  });
});
