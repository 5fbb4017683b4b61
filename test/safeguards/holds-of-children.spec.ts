import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { createTestNetwork } from '@acogida/testing/node';
import { CHILD_WELFARE, DIRECTORY, INTAKE, PATIENCE_MS } from '../network/agency-network.ts';
import { CaseNetwork } from '../network/case-network.ts';

const MINUTES = 60_000;
const OFFICER = { roles: ['caseworker'] } as const;

describe('H-10 and H-11 at two agencies', () => {
  let net: CaseNetwork;

  /** Kinds of the child authority’s holds that an agency shows. */
  async function shownAt(agency: string, caseId: string): Promise<readonly string[]> {
    const { body } = await net.at(agency).get(`/v1/cases/${caseId}/protection`, OFFICER);
    const holds = body.holds as { authority: string; kind: string }[];
    return holds.flatMap(({ authority, kind }) => (authority === CHILD_WELFARE ? [kind ?? 'HELD'] : [])).sort();
  }

  async function isShown(agency: string, caseId: string, ...kinds: readonly string[]): Promise<void> {
    await eventually(async () => expect(await shownAt(agency, caseId)).toEqual(kinds), PATIENCE_MS);
  }

  beforeAll(async () => {
    net = new CaseNetwork(await createTestNetwork([CHILD_WELFARE, 'child-protection', 'CR']), { keysMode: 'cases' });
    for (const agency of [DIRECTORY, INTAKE, CHILD_WELFARE] as const) await net.join(agency);
  }, 2 * MINUTES);
  afterAll(() => net?.stop(), MINUTES);

  it('INV-08 INV-11 a child whom intake found alone is held once the child authority can read it, before it met the child', async () => {
    const caseId = await net.openCase();
    const alone = { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' };
    await net.does(INTAKE, `/v1/cases/${caseId}/child-flag`, alone, { roles: ['border-officer'] });
    const referralId = await net.referAndAccept(caseId, CHILD_WELFARE, 'CHILD_PROTECTION');
    await isShown(CHILD_WELFARE, caseId, 'CHILD_NO_BID', 'CHILD_NO_GUARDIAN');
    await eventually(async () => expect(await shownAt(INTAKE, caseId)).toHaveLength(2), PATIENCE_MS);

    const found = { caseId, referralId, basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT' };
    const { id } = (await net.does<{ id: string }>(CHILD_WELFARE, '/v1/child-cases', found, OFFICER)).body;
    const guardian = { representativeId: randomUUID(), post: 'GUARDIANSHIP_BODY', conflicts: [], isVerified: false };
    const path = `/v1/child-cases/${id}/guardian`;
    await net.does(CHILD_WELFARE, path, { ...guardian, views: 'RECORDED' }, OFFICER);
    await isShown(CHILD_WELFARE, caseId, 'CHILD_NO_BID');
    await eventually(async () => expect(await shownAt(INTAKE, caseId)).toHaveLength(1), PATIENCE_MS);
  });
});
