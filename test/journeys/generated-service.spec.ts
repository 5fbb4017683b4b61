import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newService } from '@acogida/generator';
import { ApiClient, IssuerTokens } from '@acogida/operations';
import { eventually } from '@acogida/testing';
import { randomUUID } from 'node:crypto';
import { WorkspaceCopy } from '../generator/workspace-copy.ts';
import { Auditor } from './auditor.ts';
import { RunningPlatform } from './running-platform.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const MINUTES = 60_000;
const PATIENCE_MS = 60_000;
const INTAKE = 'cr-border-intake';
const SHELTER = 'cr-national-shelter';

interface Stepped {
  readonly id: string;
  readonly state?: string;
}

describe('a generated service beside the others', () => {
  let copy: WorkspaceCopy;
  let platform: RunningPlatform;
  let client: ApiClient;

  beforeAll(async () => {
    copy = await WorkspaceCopy.create();
    const lines: string[] = [];
    const hear = (line: string): void => void lines.push(line);
    const args = ['shelter', '--agency', SHELTER, '--procedure', 'shelter-stay'];
    expect([await newService(args, copy.path, Date.now(), { out: hear, err: hear }), lines]).toEqual([0, lines]);
    for (const folder of ['contracts', 'services/shelter']) {
      expect(await copy.build(folder)).toMatchObject({ exitCode: 0 });
    }
    platform = await RunningPlatform.create('embedded', { workspace: copy.path });
    const run = await platform.run();
    client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: PATIENCE_MS });
  }, 5 * MINUTES);
  afterAll(async () => {
    await platform?.remove();
    await copy?.remove();
  }, 2 * MINUTES);

  async function post(agency: string, role: string, path: string, body: object = {}): Promise<Stepped> {
    return (await client.call<Stepped>({ agency, role, method: 'POST', path, body, idempotencyKey: randomUUID() }))
      .body;
  }

  async function get<T>(agency: string, role: string, path: string): Promise<T> {
    return (await client.call<T>({ agency, role, method: 'GET', path })).body;
  }

  it(
    'is referred to over the log, answers, opens its procedure, and stands in the timeline',
    async () => {
      const contact = {
        place: 'PASO-CANOAS',
        channel: 'BORDER',
        contactedOn: '2026-11-20',
        entryMode: 'IRREGULAR',
      };
      const { id: caseId } = await post(INTAKE, 'border-officer', '/v1/cases', contact);
      const { id: referralId } = await post(INTAKE, 'caseworker', '/v1/referrals', {
        ...{ caseId, receiver: SHELTER, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' },
        consent: {
          ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES' }, // age not known: as of a child
          ...{ language: 'spa', grantedOn: TODAY },
        },
      });

      const received = await eventually(
        () => get<{ sender: string; state: string }>(SHELTER, 'referral-officer', `/v1/referrals/${referralId}`),
        PATIENCE_MS,
      );
      expect(received).toMatchObject({ sender: INTAKE, state: 'REQUESTED' });
      await post(SHELTER, 'referral-officer', `/v1/referrals/${referralId}/acknowledgement`);
      await post(SHELTER, 'referral-officer', `/v1/referrals/${referralId}/acceptance`);
      const stay = { caseId, referralId, openedOn: '2026-11-20' };
      const { id: stayId } = await post(SHELTER, 'caseworker', '/v1/shelter-stays', stay);
      expect(await get(SHELTER, 'caseworker', `/v1/shelter-stays/${stayId}`)).toMatchObject({
        ...{ id: stayId, stage: 'OPEN', referralId, treatedAsChild: true },
      });

      await eventually(async () => {
        const sent = await get<{ state: string }>(INTAKE, 'caseworker', `/v1/referrals/${referralId}`);
        expect(sent.state).toBe('ACCEPTED');
      }, PATIENCE_MS);
      const auditor = await Auditor.of(platform);
      await eventually(async () => {
        const opened = (await auditor.timeline(caseId)).find(({ type }) => type === 'ShelterStayOpened');
        expect(opened).toMatchObject({ source: SHELTER, data: { shelterStayId: stayId, openedOn: '2026-11-20' } });
      }, PATIENCE_MS);
    },
    3 * MINUTES,
  );

  it(
    'is listed in the directory with what it provides, and reconciles',
    async () => {
      const services = await get<{ items: { agencyId: string; type: string }[] }>(
        'regional-directory',
        'coordinator',
        '/v1/services',
      );
      expect(services.items).toContainEqual(expect.objectContaining({ agencyId: SHELTER, type: 'SHELTER' }));
      const { exitCode, json } = await platform.operate<{ equal: boolean }>('reconcile', '--wait', '60');
      expect([exitCode, json.equal]).toEqual([0, true]);
    },
    2 * MINUTES,
  );
});
