import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HoldPlacedV1Data } from '@acogida/contracts';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { knownHoldProjection, ManualAlarmClock, type ProcedureHandler, ProcedureHolds } from '@acogida/service-kit';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { childCaseIdOf, childCaseProcedure } from '../child-case.procedure.ts';
import { childProtectionNode } from '../child-protection.module.ts';
import { closeCase, identify } from '../domain/child-case-examples.ts';
import type { ChildCaseCommand } from '../domain/child-case-commands.ts';
import { besideChildCase } from './beside-child-case.ts';
import { referringAuthority } from './handing-over.ts';
import { whenChildHeldElsewhereThenHandOver } from './when-child-held-elsewhere-then-hand-over.ts';

const AGENCY = 'cr-child-welfare';
const NEXT = 'cr-child-court';
const ELSEWHERE = 'cr-conatt';
const POLICY = 'when-child-held-elsewhere-then-hand-over';
const NOW = '2026-11-23T15:00:00.000Z';
const BOTH = ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'];
const transfer = { ...closeCase, reason: 'TRANSFERRED', nextStep: 'RECEIVING_AUTHORITY', isTakenOver: true } as const;

let node: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([AGENCY, 'child-protection', 'CR'], [NEXT, 'child-protection', 'CR']);
  const clock = { now: () => NOW };
  node = await startTestNode(childProtectionNode, { network, agencyId: AGENCY, clock, alarm: new ManualAlarmClock() });
  const authorities = [AGENCY, NEXT].map((agencyId) => ({ agencyId, holds: BOTH }));
  authorities.push({ agencyId: ELSEWHERE, holds: ['TRAFFICKING_SCREENING'] });
  await node.pool.query(
    "INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ($1, 'CLEARANCE', 'CR', 1, $2)",
    [network.agencyOf('directory'), JSON.stringify({ jurisdiction: 'CR', authorities })],
  );
});
afterAll(() => node?.stop());

/** Takes a step of a child's case. */
async function step(
  caseId: string,
  command: ChildCaseCommand,
  pool: Pick<Transaction, 'query'> = node.pool,
): Promise<void> {
  const { context } = node.node.runtime;
  const id = childCaseIdOf(AGENCY, caseId);
  const at = { holds: node.node.app.get(ProcedureHolds, { strict: false }), node: context, pool };
  await context.handler.execute({
    ...{ procedure: childCaseProcedure, id, command, actor: 'officer', correlationId: 'spec', causation: null },
    beside: besideChildCase(at, id, { subject: 'officer', mayLift: true }),
  });
}

const identifying = (caseId: string) => ({ ...identify, at: NOW, caseId, childCaseId: childCaseIdOf(AGENCY, caseId) });

async function identified(): Promise<string> {
  const caseId = randomUUID();
  await step(caseId, identifying(caseId));
  return caseId;
}

type Heard = Partial<Pick<ReceivedEvent, 'source' | 'number'>>;

/** The word of an authority that it holds somebody. */
function held(caseId: string | null, change: Partial<HoldPlacedV1Data> = {}, by: Heard = {}): ReceivedEvent {
  const hold = { holdId: randomUUID(), kind: 'CHILD_NO_BID', groundId: null, takenOverFrom: null, since: NOW };
  const payload = { type: 'HoldPlaced', schemaVersion: 1, caseId, correlationId: 'spec', data: { ...hold, ...change } };
  return { id: randomUUID(), source: NEXT, number: 10, ...by, payload } as unknown as ReceivedEvent;
}

/** Lets the node read them in one go, as an inbox: the policies, then what it keeps of them. */
async function hears(...events: readonly ReceivedEvent[]): Promise<void> {
  const { context, definition } = node.node.runtime;
  const policy = definition.policies(context).find(({ name }) => name === POLICY);
  if (policy === undefined) throw new RangeError('no such policy');
  await hearsBy(policy, ...events);
}

async function hearsBy(policy: Policy, ...events: readonly ReceivedEvent[]): Promise<void> {
  await inTransaction(node.pool, async (transaction) => {
    for (const event of events) if (event.payload.type === policy.on) await policy.react(event, transaction, events);
    await knownHoldProjection.apply({ opened: events, sealed: [] }, transaction);
  });
}

/** Open holds of this agency. */
async function ownOn(caseId: string): Promise<readonly string[]> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, { roles: ['supervisor'] });
  const holds = body.holds as { kind: string; isOurs: boolean }[];
  return holds.flatMap(({ kind, isOurs }) => (isOurs ? [kind] : [])).sort();
}

const liftedOn = async (caseId: string) =>
  (await node.node.runtime.store.readStream(`hold-ledger-${caseId}`))
    .filter(({ type }) => type === 'HoldLifted')
    .map(({ data }) => [data['reason'], data['liftedBy']]);

describe('a child whose case went on to another authority', () => {
  it('INV-11 INV-19 is held here until that one has said that its own H-10 stands', async () => {
    const caseId = await identified();
    await step(caseId, transfer);
    expect(await ownOn(caseId)).toEqual(BOTH);
    await hears(held(caseId));
    await hears(held(caseId));
    expect(await ownOn(caseId)).toEqual([]);
    const officer = `${AGENCY}.${POLICY}`;
    expect(await liftedOn(caseId)).toEqual([
      ['TAKEN_OVER', officer],
      ['TAKEN_OVER', officer],
    ]);
  });

  it('INV-19 is handed over with the end of the case where that was heard before', async () => {
    const caseId = await identified();
    await hears(held(caseId));
    expect(await ownOn(caseId)).toEqual(BOTH); // the case goes on here
    await step(caseId, transfer);
    expect(await ownOn(caseId)).toEqual([]);
    expect(await liftedOn(caseId)).toEqual([
      ['TAKEN_OVER', 'officer'],
      ['TAKEN_OVER', 'officer'],
    ]);
  });

  it.each<[string, Partial<HoldPlacedV1Data>, Heard]>([
    ['of an agency whom no gate asks about children alone', {}, { source: ELSEWHERE }],
    ['that does not say which hold it is', { kind: null }, {}],
    ['of another hold', { kind: 'CHILD_NO_GUARDIAN' }, {}],
  ])('INV-11 stays held here where there is but a word %s, before its end or after', async (_, change, by) => {
    for (const isBefore of [true, false]) {
      const caseId = await identified();
      if (isBefore) await hears(held(caseId, change, by));
      await step(caseId, transfer);
      if (!isBefore) await hears(held(caseId, change, by));
      expect(await ownOn(caseId)).toEqual(BOTH);
    }
  });

  it.each(['before it could be read', 'in the same batch'])(
    'INV-11 stays held here where that one had lifted it %s',
    async (when) => {
      const caseId = await identified();
      const word = held(caseId, {}, { number: 12 });
      const over = {
        ...word,
        number: 13,
        payload: { ...word.payload, type: 'HoldLifted' },
      } as unknown as ReceivedEvent;
      if (when !== 'in the same batch') await hears(over);
      await step(caseId, transfer);
      await (when === 'in the same batch' ? hears(word, over) : hears(word));
      expect(await ownOn(caseId)).toEqual(BOTH);
      await hears({ ...word, number: 14 }); // placed again since
      expect(await ownOn(caseId)).toEqual([]);
    },
  );

  it('INV-11 stays held here where it is taken up again while that is heard', async () => {
    const caseId = await identified();
    await step(caseId, transfer);
    const { context } = node.node.runtime;
    const meanwhile: Pick<ProcedureHandler, 'load'> = {
      load: async (procedure, id, transaction) => {
        const loaded = await context.handler.load(procedure, id, transaction);
        if (id === childCaseIdOf(AGENCY, caseId)) await step(caseId, identifying(caseId));
        return loaded;
      },
    };
    const { executeWithin } = context.handler;
    const handler = { ...context.handler, ...meanwhile, executeWithin: executeWithin.bind(context.handler) };
    const holds = node.node.app.get(ProcedureHolds, { strict: false });
    const policy = whenChildHeldElsewhereThenHandOver({ ...context, handler }, holds);
    await expect(hearsBy(policy, held(caseId))).rejects.toMatchObject({ code: '40001' }); // its inbox tries again
    expect(await ownOn(caseId)).toEqual(BOTH);
  });

  it('INV-19 is handed over where that one said so while the case was being closed', async () => {
    const caseId = await identified();
    const word = held(caseId);
    const once: string[] = [];
    const query = async (text: string, values: unknown[]) => {
      const result = await node.pool.query(text, values);
      if (text.includes('known_hold') && once.push(text) === 1) await hears(word);
      return result;
    };
    await step(caseId, transfer, { query } as Pick<Transaction, 'query'>);
    expect(once).toHaveLength(1);
    expect(await ownOn(caseId)).toEqual(BOTH);
    const path = `/v1/child-cases/${childCaseIdOf(AGENCY, caseId)}/closing`;
    const { reason, nextStep, views } = transfer;
    const officer = { roles: ['caseworker'], idempotencyKey: randomUUID() } as const;
    const close = () => node.post(path, { reason, nextStep, views }, officer);
    expect((await close()).status).toBe(200);
    expect(await ownOn(caseId)).toEqual([]);
    await step(caseId, identifying(caseId));
    expect((await close()).headers['idempotency-replayed']).toBe('true');
    expect(await ownOn(caseId)).toEqual(BOTH); // taken up again: the same request hands over nothing
  });
});

describe('whom this agency tells which holds stand', () => {
  const refer = (caseId: string, sender: string) =>
    node.pool.query(
      `INSERT INTO referral (referral_id, direction, version, case_id, sender, receiver, service, urgency, reason,
         consent_basis, consent_form, consent_given_by, sex, age_status, nationalities, nationality_status, requested_at,
         acknowledge_by)
       VALUES ($1, 'received', 1, $2, $3, $4, 'CHILD_PROTECTION', 'ROUTINE', 'CHILD_PROTECTION', 'CONSENT', 'WRITTEN',
         'PERSON', 'UNKNOWN', 'UNKNOWN', '{}', 'UNKNOWN', $5, $5)`,
      [randomUUID(), caseId, sender, AGENCY, NOW],
    );

  it('INV-17 is the authority for children that referred the child here, and nobody else', async () => {
    const [caseId, other] = [randomUUID(), randomUUID()];
    await refer(caseId, NEXT);
    await refer(other, ELSEWHERE);
    const { context } = node.node.runtime;
    expect(await referringAuthority(context, node.pool, caseId)).toEqual({ referredBy: NEXT });
    for (const one of [other, randomUUID()]) expect(await referringAuthority(context, node.pool, one)).toEqual({});
  });
});
