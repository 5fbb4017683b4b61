import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { fhirBundleOf, referralProcedure } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { Role } from '../auth/roles.ts';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { describeRoutes } from '../openapi/route-description.ts';
import { referralDesk } from './referral-desk.ts';

function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = { providers: [], contractProjections: [], ownCases: openedBySending, ...referralDesk() };
  return { kind, description: 'A referral desk.', ...desk };
}

const TODAY = new Date().toISOString().slice(0, 10);
let sender: TestNode;
let receiver: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  sender = await startTestNode(deskNode('intake'), { network, log: new MemoryEventLog(store) });
  receiver = await startTestNode(deskNode('counter-trafficking'), { network, log: new MemoryEventLog(store) });
});

afterAll(async () => {
  await sender?.stop();
  await receiver?.stop();
});

async function send(): Promise<string> {
  const reply = await sender.post(
    '/v1/referrals',
    {
      ...{
        caseId: randomUUID(),
        receiver: 'cr-conatt',
        service: 'SHELTER',
        urgency: 'URGENT',
        reason: 'SPECIFIC_NEED',
      },
      consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: TODAY },
      facts: {
        ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
        ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
      },
    },
    { roles: ['caseworker'] },
  );
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  return (reply.body as { id: string }).id;
}

const exported = (node: TestNode, id: string, role: Role = 'supervisor'): Promise<TestReply> =>
  node.get(`/v1/referrals/${id}/fhir`, { roles: [role] });
const statusesOf = ({ body }: TestReply): readonly string[] =>
  (body?.entry ?? []).map(({ resource }: { resource: { status: string } }) => resource.status);

describe('GET /v1/referrals/:id/fhir', () => {
  it('answers the referral as FHIR, the same at both sides, with its version', async () => {
    const id = await send();
    const sent = await exported(sender, id);
    expect([sent.status, sent.headers['content-type'], sent.headers['etag']]).toEqual([
      ...[200, 'application/fhir+json; charset=utf-8', '"1"'],
    ]);
    const { state } = await sender.node.runtime.context.handler.load(referralProcedure, id);
    const taskId = (sent.body.entry[1].resource as { id: string }).id;
    expect(taskId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(taskId).not.toBe(id);
    expect(sent.body).toEqual(fhirBundleOf(state!, taskId));
    expect((await exported(sender, id.toUpperCase())).text).toBe(sent.text);
    await eventually(async () => expect((await exported(receiver, id)).text).toBe(sent.text));

    await receiver.post(`/v1/referrals/${id}/acknowledgement`, undefined, { roles: ['referral-officer'] });
    const received = await exported(receiver, id);
    expect([received.headers['etag'], statusesOf(received)]).toEqual(['"2"', ['active', 'received']]);
    await eventually(async () => expect((await exported(sender, id)).text).toBe(received.text));
  });

  it('is for those who may read the referral, and for nobody else', async () => {
    const id = await send();
    const routes = describeRoutes(deskNode('intake').controllers);
    const { roles } = routes.get('ReferralFhirController_show')!;
    expect(roles).toEqual(routes.get('ReferralsController_show')!.roles);
    for (const role of roles) expect((await exported(sender, id, role)).status).toBe(200);
    const refused = await exported(sender, id, 'operator');
    expect([refused.status, refused.headers['content-type']]).toEqual([
      ...[403, expect.stringContaining('application/problem+json')],
    ]);
    expect((await sender.get(`/v1/referrals/${id}/fhir`, { token: null })).status).toBe(401);
  });

  it('knows no other referral', async () => {
    const unknown = await exported(sender, randomUUID());
    expect([unknown.status, unknown.body.code]).toEqual([404, 'REFERRAL.UNKNOWN']);
    expect((await exported(sender, 'everything')).status).toBe(400);
  });

  it('is described as what it answers', async () => {
    const { body } = await sender.get('/openapi.json', { token: null });
    const answer = body.paths['/v1/referrals/{id}/fhir'].get.responses['200'].content;
    expect(answer).toEqual({ 'application/fhir+json': { schema: { $ref: '#/components/schemas/FhirBundleView' } } });
  });
});
