import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import type { NodeDefinition } from '../node-definition.ts';
import { deskNode } from '../testing/desk-node.ts';
import { agencyEntry, agreementEntry, type ListedEntry, listingNode, serviceEntry } from '../testing/listing-node.ts';
import type { RoutedCandidateView } from './candidate-view.ts';

const STAFF = { roles: ['caseworker'] } as const;
const PERSON = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
  ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
};
const CONSENT = {
  ...{ purposes: ['REFERRAL'], fields: ['FACTS'], recipients: ['cr-conatt'], services: ['SHELTER'] },
  ...{ history: 'CURRENT', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE' },
  ...{ language: 'hat', interpretation: 'IN_PERSON', explained: true, understandingChecked: true },
  ...{ withoutPenalty: true, ageStatus: 'ADULT' },
};
const idOf = (last: string): string => `00000000-0000-4000-8000-0000000000${last}`;
const OPEN = { status: 'AVAILABLE', available: null, maximum: null, unit: 'beds', updated: null } as const;
const ENTRIES: readonly ListedEntry[] = [
  agencyEntry('cr-border-intake', { nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' }),
  agencyEntry('cr-conatt', { nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' }),
  agencyEntry('cr-casa'),
  agencyEntry('ht-consulate', { nature: 'CONSULATE', authorityOf: 'HT' }),
  agencyEntry('mx-casa', { jurisdiction: 'MX' }),
  agencyEntry('pa-casa', { jurisdiction: 'PA' }),
  agreementEntry(idOf('21'), ['cr-border-intake', 'mx-casa']),
  serviceEntry(idOf('01'), 'cr-conatt', { capacity: { ...OPEN, available: 2, maximum: 2 } }),
  serviceEntry(idOf('02'), 'cr-casa'),
  serviceEntry(idOf('03'), 'ht-consulate'),
  serviceEntry(idOf('04'), 'mx-casa'),
  serviceEntry(idOf('05'), 'pa-casa'),
  serviceEntry(idOf('06'), 'cr-nobody-listed'),
];

let directory: TestNode;
let intake: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const start = (definition: NodeDefinition) => startTestNode(definition, { network, log: new MemoryEventLog(store) });
  directory = await start(listingNode());
  intake = await start(deskNode('intake'));
  for (const entry of ENTRIES) {
    const listed = await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] });
    expect(listed.status).toBe(201);
  }
  await eventually(async () => {
    const { rows } = await intake.pool.query('SELECT FROM known_entry');
    expect(rows).toHaveLength(ENTRIES.length);
  });
});

afterAll(async () => {
  await directory?.stop();
  await intake?.stop();
});

async function ask(change: object = {}): Promise<readonly RoutedCandidateView[]> {
  const question = {
    caseId: randomUUID(),
    service: 'SHELTER',
    urgency: 'URGENT',
    reason: 'URGENT_NEED',
    facts: PERSON,
  };
  const reply = await intake.post('/v1/candidates', { ...question, ...change }, STAFF);
  expect([reply.status, reply.body.code]).toEqual([200, undefined]);
  return (reply.body as { candidates: RoutedCandidateView[] }).candidates;
}

const byAgency = (candidates: readonly RoutedCandidateView[], agencyId: string) =>
  candidates.find((candidate) => candidate.agencyId === agencyId);

describe('who can take this referral, asked at any node', () => {
  it('is answered from what it heard of the directory, with why others cannot', async () => {
    const candidates = await ask();
    expect(candidates.filter(({ can }) => can).map(({ agencyId, rank }) => [agencyId, rank])).toEqual([
      ...[
        ['cr-casa', 1],
        ['cr-conatt', 2],
        ['mx-casa', 3],
      ],
    ]);
    expect(byAgency(candidates, 'pa-casa')).toMatchObject({ can: false, rank: null, reasons: ['NO_AGREEMENT'] });
    expect(byAgency(candidates, 'cr-casa')).toEqual({
      ...{
        agencyId: 'cr-casa',
        serviceId: idOf('02'),
        can: true,
        reasons: [],
        warnings: ['INTERPRETER_NEEDED'],
        rank: 1,
      },
      ...{ capacityUpdated: null, refusals: [], needs: [], consentAsOf: expect.any(String) },
      access: { audiences: ['coded', 'care'], fields: ['FACTS'], history: 'CURRENT' },
    });
  });

  it('INV-05 never is the country of origin, also where a life is at stake, nor an agency that nobody knows', async () => {
    const candidates = await ask({ urgency: 'LIFE_SAVING' });
    expect(byAgency(candidates, 'ht-consulate')).toMatchObject({
      ...{ can: false, reasons: ['DENIED_RECIPIENT'], refusals: ['DENY.CONSULATE'] },
      access: { audiences: [], fields: [], history: 'CURRENT' },
    });
    expect(byAgency(candidates, 'cr-nobody-listed')).toMatchObject({ can: false });
    expect(byAgency(candidates, 'pa-casa')).toMatchObject({
      can: true,
      warnings: expect.arrayContaining(['WITHOUT_AGREEMENT']),
    });
  });

  it('is judged by the consent that it is to rest on, as it will be when it is sent', async () => {
    const caseId = randomUUID();
    const { body } = await intake.post('/v1/consents', { ...CONSENT, caseId }, STAFF);
    const candidates = await ask({ caseId, consentId: body.id });
    expect(candidates.filter(({ can }) => can).map(({ agencyId }) => agencyId)).toEqual(['cr-conatt']);
    expect(byAgency(candidates, 'cr-casa')).toMatchObject({
      ...{ reasons: ['CONSENT'], refusals: ['CONSENT.OTHER_RECIPIENT'] },
    });
    await intake.post('/v1/consents/withdrawals', { caseId }, STAFF);
    const after = await ask({ caseId, consentId: body.id });
    expect(byAgency(after, 'cr-conatt')).toMatchObject({ can: false, refusals: ['CONSENT.WITHDRAWN'] });
  });

  it('leaves out who was asked before', async () => {
    const candidates = await ask({ exclude: ['cr-casa'] });
    expect(byAgency(candidates, 'cr-casa')).toMatchObject({ can: false, reasons: ['TRIED_BEFORE'] });
  });

  it('leaves out whose keys were revoked, though the directory still lists it as active', async () => {
    const { trust } = intake.node.runtime;
    const ended = trust.agencies().map((agency) => {
      const keySets = agency.keySets.map((keys) => ({ ...keys, throughNumber: 7 }));
      return agency.agencyId === 'cr-conatt' ? { ...agency, keySets } : agency;
    });
    const revoked = jest.spyOn(trust, 'agencies').mockReturnValue(ended);
    const candidates = await ask();
    revoked.mockRestore();
    expect(byAgency(candidates, 'cr-conatt')).toMatchObject({ can: false, reasons: ['NOT_ACTIVE'] });
    expect(byAgency(candidates, 'cr-casa')).toMatchObject({ can: true });
  });

  it('INV-24 warns where the family would be separated', async () => {
    const family = Array.from({ length: 4 }, () => ({ ageStatus: 'CHILD' }));
    const candidates = await ask({ family });
    expect(byAgency(candidates, 'cr-casa')?.warnings).not.toContain('SEPARATES_FAMILY');
    expect(byAgency(candidates, 'cr-conatt')?.warnings).toContain('SEPARATES_FAMILY');
  });

  it('shows what restricted content would be read, before it is sent', async () => {
    const telling = { reason: 'TRAFFICKING_SUSPECTED' };
    expect(byAgency(await ask(telling), 'cr-conatt')?.access.audiences).toEqual(['coded', 'care', 'restricted']);
  });

  it('records nothing', async () => {
    const caseId = randomUUID();
    await ask({ caseId });
    expect(await intake.node.runtime.store.readStream(`consent-${caseId}`)).toEqual([]);
    const { rows } = await intake.pool.query('SELECT FROM audit.entry WHERE case_id = $1', [caseId]);
    expect(rows).toEqual([]);
  });
});
