import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '@acogida/event-store';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { type ReferralCommand, referralProcedure } from '@acogida/referral';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { keyTurn } from '../case-keys/key-turn.ts';
import type { OwnRecord } from '../referral-desk/own-cases.ts';
import { deskNode } from '../testing/desk-node.ts';
import type { ReachParts } from './reach.ts';
import { type CaseTies, speakersFor, tiesOf } from './who-may-order.ts';

const HERE = 'cr-conatt';
const OTHER = 'mx-comar';
const AT = '2026-11-20T09:00:00.000Z';

const own = new Map<string, OwnRecord>();
let node: TestNode;

beforeAll(async () => {
  const ownCases = async (_: unknown, caseId: string): Promise<OwnRecord | null> => own.get(caseId) ?? null;
  node = await startTestNode({ ...deskNode('counter-trafficking'), ownCases });
});
afterAll(() => node?.stop());

const asked = () => ({ actor: 'spec', correlationId: randomUUID(), causation: null });

/** People of this agency begin with a person who came by themselves. */
async function begin(caseId: string): Promise<void> {
  const { rows } = await node.pool.query<{ next: string }>(
    'SELECT coalesce(max(position), 0) + 1 AS next FROM es.event',
  );
  own.set(caseId, { position: rows[0]?.next ?? '1', recordedAt: new Date().toISOString(), isOwnAct: true });
}

/** Another agency refers the case here; what is done with it. */
async function receive(caseId: string, ...commands: readonly ReferralCommand[]): Promise<void> {
  const referralId = randomUUID();
  const consent = {
    ...({ basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE' } as const),
    ...{ language: null, grantedOn: null },
  };
  const facts = {
    ...({ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: [] } as const),
    nationalityStatus: 'UNDETERMINED',
  } as const;
  const request = {
    ...({ service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' } as const),
    ...{ referralId, caseId, sender: OTHER, receiver: HERE, requestedAt: AT, acknowledgeBy: AT, consent, facts },
    ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
  };
  const { handler } = node.node.runtime.context;
  const receiving: ReferralCommand = { type: 'ReceiveReferral', by: HERE, publishedBy: OTHER, request };
  for (const command of [receiving, ...commands])
    await handler.execute({ procedure: referralProcedure, id: referralId, command, ...asked() });
}

function tiesAt(caseId: string, change: object = {}): Promise<CaseTies> {
  const keyStore: ReachParts['keyStore'] = {
    keysOf: async () => [{ grantedBy: OTHER }] as unknown as Awaited<ReturnType<ReachParts['keyStore']['keysOf']>>,
  };
  const definition = { procedures: [...deskNode('counter-trafficking').procedures] };
  const context = { ...node.node.runtime.context, ...change };
  return inTransaction(node.pool, (transaction) =>
    tiesOf(keyTurn(context, transaction, AT, asked()), caseId, { definition, keyStore, circles: null }),
  );
}

const speakers = async (caseId: string, change?: object) => speakersFor(await tiesAt(caseId, change), HERE);
const acting = { by: HERE, now: AT };

describe('INV-22 the erasure of a case that an own procedure opened', () => {
  it.each<[string, readonly ReferralCommand[]]>([
    ['asked for it', []],
    ['was rejected', [{ type: 'RejectReferral', ...acting, reason: 'NO_CAPACITY', alternativeAgency: null }]],
    [
      'was accepted',
      [
        { type: 'AcknowledgeReferral', ...acting },
        { type: 'AcceptReferral', ...acting },
      ],
    ],
  ])('is ordered by nobody who referred it here later and %s', async (_, answer) => {
    const caseId = randomUUID();
    await begin(caseId);
    await receive(caseId, ...answer);
    expect(await speakers(caseId)).toEqual([HERE]);
    // Also while a restored node does not know yet what it gave away: that makes it nobody else's.
    expect(await speakers(caseId, { awaitsAttestation: () => true })).toEqual([HERE]);
  });

  it('is not ordered by whoever gave keys of it', async () => {
    const caseId = randomUUID();
    await begin(caseId);
    expect(await speakers(caseId)).toEqual([HERE]);
  });

  it('is ordered by whoever referred it here before that', async () => {
    const caseId = randomUUID();
    await receive(caseId);
    await begin(caseId);
    expect(await speakers(caseId)).toEqual([OTHER]);
  });
});
