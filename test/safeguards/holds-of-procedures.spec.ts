import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calendarDateIn } from '@acogida/reference';
import type { Role } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { createTestNetwork } from '@acogida/testing/node';
import { COMAR, DIRECTORY, INTAKE, PATIENCE_MS, REFUGEE_UNIT } from '../network/agency-network.ts';
import { CaseNetwork } from '../network/case-network.ts';

const MINUTES = 60_000;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const TODAY = calendarDateIn('CR', new Date().toISOString());
const LODGED = { form: 'ORAL', lodgedBy: 'SELF', lodgedOn: TODAY, enteredOn: null };

/** Holds that an agency shows of a case: whose, and which as far as it may know. */
type Shown = readonly (readonly [authority: string, kind: string | null])[];

describe('H-02 and H-03 at two agencies', () => {
  let net: CaseNetwork;

  async function shownAt(agency: string, caseId: string, role: Role = 'caseworker'): Promise<Shown> {
    const { body } = await net.at(agency).get(`/v1/cases/${caseId}/protection`, { roles: [role] });
    return (body.holds as { authority: string; kind: string | null }[]).map(({ authority, kind }) => [authority, kind]);
  }

  async function seekAsylum(): Promise<string> {
    const caseId = await net.openCase();
    const intent = { expressedOn: null, manner: 'ORAL' };
    await net.does(INTAKE, `/v1/cases/${caseId}/asylum-intent`, intent, { roles: ['border-officer'] });
    return caseId;
  }

  /** An application that follows a referral by intake. */
  async function lodge(agency: string, caseId: string): Promise<void> {
    const referralId = await net.referAndAccept(caseId, agency, 'ASYLUM');
    await net.does(agency, '/v1/applications', { ...LODGED, caseId, referralId }, OFFICER);
  }

  beforeAll(async () => {
    net = new CaseNetwork(await createTestNetwork(), { keysMode: 'cases' });
    for (const agency of [DIRECTORY, INTAKE, REFUGEE_UNIT, COMAR] as const) await net.join(agency);
    const coordinator = { roles: ['coordinator'] } as const;
    const entry = { name: 'Unidad de Refugio', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR' };
    const listed = { ...entry, agencyId: REFUGEE_UNIT, nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' };
    await net.does(DIRECTORY, '/v1/agencies', listed, coordinator);
    const path = `/v1/clearance-authorities/CR/${REFUGEE_UNIT}`;
    const named = await net.at(DIRECTORY).put(path, { holds: ['ASYLUM_PENDING'] }, coordinator);
    expect(named.status).toBe(200);
    await eventually(async () => {
      const { rows } = await net.at(INTAKE).pool.query("SELECT FROM known_entry WHERE kind = 'CLEARANCE'");
      expect(rows).toHaveLength(1);
    }, PATIENCE_MS);
  }, 2 * MINUTES);
  afterAll(() => net?.stop(), MINUTES);

  it('INV-02 hands H-02 over once the authority of the country has said that H-03 stands, and never before', async () => {
    const caseId = await seekAsylum();
    expect(await shownAt(INTAKE, caseId)).toEqual([[INTAKE, 'ASYLUM_INTENT']]);
    await lodge(COMAR, caseId); // whom no gate of this country asks
    await eventually(async () => {
      expect(await shownAt(INTAKE, caseId)).toEqual([
        [INTAKE, 'ASYLUM_INTENT'],
        [COMAR, 'ASYLUM_PENDING'],
      ]);
    }, PATIENCE_MS);

    await lodge(REFUGEE_UNIT, caseId);
    await eventually(async () => {
      const shown = await shownAt(INTAKE, caseId);
      expect(shown).toContainEqual([REFUGEE_UNIT, 'ASYLUM_PENDING']);
      expect(shown).not.toContainEqual([INTAKE, 'ASYLUM_INTENT']);
    }, PATIENCE_MS);
    const ledger = await net.at(INTAKE).node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(ledger.map(({ type }) => type)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldLifted']);
    expect(ledger.at(-1)?.data).toMatchObject({ reason: 'APPLICATION_LODGED', proposedBy: null, replacedBy: null });
    expect(ledger.at(-1)?.metadata.causation?.source).toBe(REFUGEE_UNIT);
    expect((await shownAt(INTAKE, caseId, 'border-officer')).map(([, kind]) => kind)).toEqual([null, null]);
  });
});
