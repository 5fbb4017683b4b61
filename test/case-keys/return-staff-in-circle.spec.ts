import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { CircleNetwork, CONATT, DIRECTORY, INTAKE, OMBUDSMAN, REFUGEE_UNIT, RETURN_UNIT } from './circle-network.ts';

const PATIENCE_MS = 30_000;
const MINUTES = 60_000;

let net: CircleNetwork;
let caseId: string;

const soon = (assertion: () => Promise<void>): Promise<void> => eventually(assertion, PATIENCE_MS);

beforeAll(async () => {
  net = await CircleNetwork.start(DIRECTORY, OMBUDSMAN, INTAKE, CONATT, REFUGEE_UNIT, RETURN_UNIT);
  const [kind, nature] = ['SERVICE_PROVIDER', 'RETURN'];
  const entry = { agencyId: RETURN_UNIT, name: RETURN_UNIT, kind, nature, jurisdiction: 'CR', authorityOf: null };
  const listed = { ...entry, participation: 'NODE', languages: ['spa'] };
  await net.does(DIRECTORY, '/v1/agencies', listed, { roles: ['coordinator'] });
  const { caseKeys } = net.at(INTAKE).node.runtime;
  await soon(async () => expect(caseKeys?.auditors.listed(RETURN_UNIT)).toMatchObject({ nature }));
}, 3 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

/** How often each type was read by an agency in the circle of the case at the intake agency. */
async function readBy(agency: string, ...types: readonly string[]): Promise<readonly number[]> {
  const read = await net.typesAt(agency, INTAKE, caseId);
  return types.map((type) => read.filter((one) => one === type).length);
}

describe('INV-17 return staff in the circle of a case', () => {
  it(
    'reads along what the case is about, as others do who serve the person',
    async () => {
      caseId = await net.openCase();
      await net.referAndAccept(caseId, CONATT, 'SHELTER');
      await net.referAndAccept(caseId, RETURN_UNIT, 'LIVELIHOOD');
      await net.informOfRights(caseId);
      for (const agency of [CONATT, RETURN_UNIT]) {
        await soon(async () => expect(await readBy(agency, 'CaseOpened', 'RightsInformationProvided')).toEqual([1, 1]));
      }
    },
    2 * MINUTES,
  );

  it(
    'opens nothing of a consent to asylum, of the referral and of who joins for it; providers and auditors do',
    async () => {
      const types = ['ConsentGranted', 'ReferralRequested', 'MemberAnnounced'];
      const before = await readBy(RETURN_UNIT, ...types);
      const provider = await readBy(CONATT, ...types);
      const more = (counts: readonly number[]) => counts.map((count) => count + 1);
      await net.referAndAccept(caseId, REFUGEE_UNIT, 'ASYLUM');
      await soon(async () => expect(await readBy(CONATT, ...types)).toEqual(more(provider)));
      await soon(async () => {
        const timeline = await net.timelineOf(caseId);
        for (const type of ['ConsentGranted', 'ReferralRequested', 'ReferralAccepted'])
          expect(timeline.filter((one) => one === type)).toHaveLength(3);
      });
      await net.consent(caseId, CONATT, 'HEALTH', 'CURRENT'); // what comes after it is read again
      const [consents = 0, ...others] = before;
      await soon(async () => expect(await readBy(RETURN_UNIT, ...types)).toEqual([consents + 1, ...others]));
      const staff = { roles: ['caseworker'] } as const;
      const { status, body } = await net.at(RETURN_UNIT).get(`/v1/consents?caseId=${caseId}`, staff);
      expect([status, JSON.stringify(body)]).toEqual([200, expect.not.stringMatching(/ASYLUM|cr-refugee-unit/)]);
    },
    2 * MINUTES,
  );
});
