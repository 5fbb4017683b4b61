import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HoldPlacedV1Data } from '@acogida/contracts';
import { knownHoldProjection } from '@acogida/service-kit';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { intakeNode } from '../intake.module.ts';
import { whenApplicationLodgedThenLiftAsylumIntent } from './when-application-lodged-then-lift-asylum-intent.ts';

const [AUTHORITY, OTHER] = ['cr-refugee-unit', 'mx-comar'];
const NOW = '2026-11-22T09:00:00.000Z';
const HOLD = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode(intakeNode);
  const entry = { jurisdiction: 'CR', authorities: [{ agencyId: AUTHORITY, holds: ['ASYLUM_PENDING'] }] };
  await node.pool.query(
    "INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ($1, 'CLEARANCE', 'CR', 1, $2)",
    [node.network.agencyOf('directory'), JSON.stringify(entry)],
  );
});
afterAll(() => node?.stop());

interface Heard {
  readonly source?: string;
  readonly number?: number;
}

/** The word of an authority that it holds somebody by an application. */
function heard(caseId: string | null, change: Partial<HoldPlacedV1Data> = {}, by: Heard = {}): ReceivedEvent {
  const data = {
    holdId: HOLD,
    kind: 'ASYLUM_PENDING',
    groundId: randomUUID(),
    takenOverFrom: null,
    since: NOW,
    ...change,
  };
  const payload = { type: 'HoldPlaced', schemaVersion: 1, caseId, correlationId: randomUUID(), data };
  return { id: randomUUID(), source: AUTHORITY, number: 10, ...by, payload } as unknown as ReceivedEvent;
}

/** Lets the node read them in one go, as an inbox: the policies, then what it keeps of them. */
async function hears(...events: readonly ReceivedEvent[]): Promise<void> {
  const { context } = node.node.runtime;
  const acting = () => ({ by: node.agencyId, reading: { boot: 'spec', ms: 0 }, now: NOW });
  const policy = whenApplicationLodgedThenLiftAsylumIntent(context, { acting });
  await inTransaction(node.pool, async (client) => {
    for (const event of events) if (event.payload.type === policy.on) await policy.react(event, client, events);
    await knownHoldProjection.apply({ opened: events, sealed: [] }, client);
  });
}

async function seekAsylum(): Promise<string> {
  const contact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
  const { caseId } = (await node.post('/v1/cases', contact, { roles: ['border-officer'] })).body;
  const intent = { expressedOn: null, manner: 'ORAL' };
  await node.post(`/v1/cases/${caseId}/asylum-intent`, intent, { roles: ['border-officer'] });
  return caseId as string;
}

const ledgerOf = async (caseId: string) => node.node.runtime.store.readStream(`hold-ledger-${caseId}`);
const isHeld = async (caseId: string): Promise<boolean> =>
  !(await ledgerOf(caseId)).some(({ type }) => type === 'HoldLifted');

describe('the word of an authority that an application was lodged', () => {
  it('INV-02 lifts every open H-02 of the case, once, and no other hold', async () => {
    const caseId = await seekAsylum();
    for (const kind of ['ASYLUM_INTENT', 'NEEDS_NOT_ASSESSED'])
      await node.post(`/v1/cases/${caseId}/holds`, { kind }, { roles: ['caseworker'] });
    const word = heard(caseId);
    await hears(word);
    await hears(word, heard(caseId));
    const lifted = (await ledgerOf(caseId)).filter(({ type }) => type === 'HoldLifted');
    const officer = `${node.agencyId}.when-application-lodged-then-lift-asylum-intent`;
    expect(lifted.map(({ data }) => [data['reason'], data['liftedBy']])).toEqual([
      ['APPLICATION_LODGED', officer],
      ['APPLICATION_LODGED', officer],
    ]);
    expect(lifted[0]?.metadata).toMatchObject({ actor: officer, causation: { source: AUTHORITY, id: word.id } });
    const { body } = await node.get(`/v1/cases/${caseId}/protection`, { roles: ['caseworker'] });
    expect(body.holds).toMatchObject([{ kind: 'NEEDS_NOT_ASSESSED' }, { kind: 'ASYLUM_PENDING', isOurs: false }]);
  });

  it.each<[string, Partial<HoldPlacedV1Data>, Heard]>([
    ['of an agency whom no gate asks about applications', {}, { source: OTHER }],
    ['that does not say which hold it is', { kind: null, groundId: null }, {}],
    ['of another hold', { kind: 'APPEAL_OPEN' }, {}],
    ['of a hold without an application', { groundId: null }, {}],
  ])('INV-02 lifts nothing where it is a word %s', async (_, change, by) => {
    const caseId = await seekAsylum();
    await hears(heard(caseId, change, by), heard(null));
    expect(await isHeld(caseId)).toBe(true);
  });

  it.each(['before the word could be read', 'in the batch of the word'])(
    'INV-02 lifts nothing where its hold was lifted %s',
    async (when) => {
      const caseId = await seekAsylum();
      const holdId = randomUUID();
      const word = heard(caseId, { holdId });
      const over = {
        ...word,
        number: 12,
        payload: { ...word.payload, type: 'HoldLifted' },
      } as unknown as ReceivedEvent;
      if (when === 'in the batch of the word') await hears(word, over);
      else for (const event of [over, word]) await hears(event);
      expect(await isHeld(caseId)).toBe(true);
      await hears(heard(caseId, { holdId }, { number: 14 })); // placed again since
      expect(await isHeld(caseId)).toBe(false);
    },
  );
});
