import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import {
  custodyProcedure,
  referralProcedure,
  type ReferralRequest,
  successionProcedure,
  type TransferAnswer,
  type TransferRequest,
  transferRequestProcedure,
} from '@acogida/referral';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import type { NodeContext } from '../node-definition.ts';
import { answerByCustody } from './answer-by-custody.ts';
import { NOTHING_KNOWN } from './case-facts.ts';
import { referralDesk } from './referral-desk.ts';

const AT = '2026-11-22T10:00:00.000Z';
const US = 'cr-conatt';
/** No clock acts on it meanwhile. */
const ASKED = { urgency: 'URGENT', answerBy: '2126-11-23T10:00:00.000Z' };

let node: TestNode;

const DESK = { description: 'A referral desk.', providers: [], contractProjections: [], ...referralDesk() };
const DEFINITION = { kind: 'counter-trafficking', ...DESK };

beforeAll(async () => {
  node = await startTestNode(DEFINITION);
});

afterAll(() => node?.stop());

function received(type: string, source: string, caseId: string | null, data: object): ReceivedEvent {
  const payload = { type, schemaVersion: 2, caseId, data, occurredAt: AT, recordedAt: AT, correlationId: randomUUID() };
  return { id: randomUUID(), source, number: 20, class: 'referral', subject: 's', payload } as unknown as ReceivedEvent;
}

/** All that the desk does because of it. */
async function hear(event: ReceivedEvent): Promise<void> {
  const { context, pool } = node.node.runtime;
  const policies = referralDesk().policies(context);
  await inTransaction(pool, async (transaction) => {
    for (const policy of policies.filter(({ on }) => on === event.payload.type)) await policy.react(event, transaction);
  });
}

const commanded = { actor: 'spec', correlationId: randomUUID(), causation: null };

/** A case that this agency opened, or was given by one that is gone by now. */
async function ourCase(from: string | null = null): Promise<string> {
  const caseId = randomUUID();
  const release = { referralId: randomUUID(), term: 2, from: from ?? '', to: US, number: 12, at: AT };
  const command =
    from === null
      ? ({ type: 'OpenCustody', by: US, now: AT, caseId } as const)
      : ({ type: 'RecordRelease', caseId, ...release } as const);
  await node.node.runtime.context.handler.execute({ procedure: custodyProcedure, id: caseId, command, ...commanded });
  return caseId;
}

async function askedBy(asker: string, caseId: string, change: object = {}): Promise<string> {
  const transferRequestId = randomUUID();
  const data = { transferRequestId, asker, custodian: US, ...ASKED, ...change };
  await hear(received('TransferRequested', asker, caseId, data));
  return transferRequestId;
}

/** A request that this agency makes. */
async function asking(caseId: string, custodian: string): Promise<string> {
  const transferRequestId = randomUUID();
  const asked = {
    transferRequestId,
    caseId,
    custodian,
    urgency: 'URGENT',
    answerWithinMs: Date.parse(ASKED.answerBy) - Date.parse(AT),
  } as const;
  await node.node.runtime.context.handler.execute({
    ...{ procedure: transferRequestProcedure, id: transferRequestId, ...commanded },
    command: { type: 'RequestTransfer', by: US, now: AT, ...asked },
  });
  return transferRequestId;
}

async function stateOf(id: string): Promise<TransferRequest | null> {
  return (await node.node.runtime.context.handler.load(transferRequestProcedure, id)).state;
}

describe('when transfer requested, then receive it', () => {
  it('waits for the people of an agency that has the case, by the time that the asker gives', async () => {
    const caseId = await ourCase();
    const transferRequestId = await askedBy('cr-border-intake', caseId);
    expect(await stateOf(transferRequestId)).toEqual({
      ...{ side: 'RECEIVER', answer: null, escalatedUntil: null, hasLapsed: false, isWithdrawn: false },
      question: { transferRequestId, caseId, asker: 'cr-border-intake', custodian: US, askedAt: AT, ...ASKED },
    });
  });

  it('refuses one that was due before it was asked, and one for somebody else is none of its business', async () => {
    const caseId = await ourCase();
    await expect(askedBy('cr-border-intake', caseId, { answerBy: AT })).rejects.toMatchObject({
      code: 'TRANSFER.DEADLINE_UNCLEAR',
    });
    expect(await stateOf(await askedBy('cr-border-intake', caseId, { custodian: 'mx-comar' }))).toBeNull();
  });
});

/** A referral that this agency accepted, of a case of which it knows nothing else. */
async function accepted(transfer: boolean): Promise<string> {
  const [caseId, referralId] = [randomUUID(), randomUUID()];
  const request: ReferralRequest = {
    ...{ referralId, caseId, sender: 'cr-border-intake', receiver: US, requestedAt: AT, acknowledgeBy: AT },
    ...{ service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED', transfer, groupId: null, attachments: [] },
    consent: { basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'SELF', language: null, grantedOn: null },
    facts: NOTHING_KNOWN,
    deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
  };
  for (const command of [
    { type: 'ReceiveReferral', by: US, publishedBy: 'cr-border-intake', request },
    { type: 'AcknowledgeReferral', by: US, now: AT },
    { type: 'AcceptReferral', by: US, now: AT },
  ] as const) {
    const run = { procedure: referralProcedure, id: referralId, command, ...commanded };
    await node.node.runtime.context.handler.execute(run);
  }
  return caseId;
}

/** Custody of a case as another agency's release says it. */
async function released(caseId: string, from: string, to: string): Promise<void> {
  const release = { referralId: randomUUID(), term: 2, from, to, number: 12, at: AT };
  await node.node.runtime.context.handler.execute({
    ...{ procedure: custodyProcedure, id: caseId, ...commanded },
    command: { type: 'RecordRelease', caseId, ...release },
  });
}

function answerTo(asker: string, caseId: string, change: Partial<NodeContext> = {}): Promise<TransferAnswer | null> {
  const { context, pool } = node.node.runtime;
  return inTransaction(pool, (transaction) =>
    answerByCustody({ ...context, ...change }, { caseId, asker }, transaction),
  );
}

const NOT_OURS = { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN', heldBy: null } as const;

describe('a case of which it says by itself that it does not have it', () => {
  it('is none as long as a restore is not attested: it may have been given away, or come back, since the copy', async () => {
    const [opened, elsewhere] = [randomUUID(), randomUUID()];
    await released(elsewhere, 'mx-comar', 'cr-refugee-unit');
    for (const caseId of [opened, elsewhere]) {
      expect(await answerTo('mx-comar', caseId, { awaitsAttestation: () => true })).toBeNull();
      expect(await answerTo('mx-comar', caseId, { awaitsAttestation: () => false })).toEqual(NOT_OURS);
    }
  });

  it('is none whose transfer it accepted, also where the acceptance crossed the expiry', async () => {
    const caseId = await accepted(true);
    const { rows } = await node.pool.query<{ id: string }>(
      'SELECT referral_id AS id FROM referral WHERE case_id = $1',
      [caseId],
    );
    await node.node.runtime.context.handler.execute({
      ...{ procedure: referralProcedure, id: rows[0]!.id, ...commanded },
      command: { type: 'NoteExpiry', by: 'cr-border-intake', at: AT },
    });
    expect(await answerTo('mx-comar', caseId)).toBeNull();
  });

  it('is none whose transfer it accepted from who has it, but for that agency itself', async () => {
    const caseId = await accepted(true);
    await released(caseId, 'mx-comar', 'cr-border-intake');
    expect(await answerTo('mx-comar', caseId)).toBeNull();
    expect(await answerTo('cr-border-intake', caseId)).toEqual({ ...NOT_OURS, heldBy: 'cr-border-intake' });
  });

  it('INV-17 is said of it where it is to no agency of which the directory has said nothing, though it serves it', async () => {
    const caseId = await accepted(false);
    await released(caseId, 'mx-comar', 'cr-refugee-unit');
    expect(await answerTo('cr-border-intake', caseId)).toEqual(NOT_OURS);
  });
});

describe('a case of whose custody nothing is known', () => {
  it.each([
    ['another agency has, if it only serves it', false, { reason: 'NOT_THE_CUSTODIAN', heldBy: null }],
    ['may be its own at any moment, if it accepted its transfer', true, null],
  ])('%s', async (_, transfer, answer) => {
    const id = await askedBy('mx-comar', await accepted(transfer));
    expect((await stateOf(id))?.answer).toEqual(answer && { granted: false, referralId: null, ...answer });
  });
});

describe('when transfer request withdrawn, then note it', () => {
  const withdrawn = (source: string, caseId: string, transferRequestId: string): ReceivedEvent =>
    received('TransferRequestWithdrawn', source, caseId, { transferRequestId });

  it('takes it from who asked, of that case, once; an unknown one is none of its business', async () => {
    const caseId = await ourCase();
    const id = await askedBy('cr-border-intake', caseId);
    await expect(hear(withdrawn('mx-comar', caseId, id))).rejects.toMatchObject({ code: 'TRANSFER.NOT_THE_ASKER' });
    await expect(hear(withdrawn('cr-border-intake', randomUUID(), id))).rejects.toMatchObject({
      code: 'TRANSFER.CONTRADICTION',
    });
    expect(await stateOf(id)).toMatchObject({ isWithdrawn: false });
    await hear(withdrawn('cr-border-intake', caseId, id));
    await hear(withdrawn('cr-border-intake', caseId, id));
    expect(await stateOf(id)).toMatchObject({ isWithdrawn: true, answer: null });
    await expect(hear(withdrawn('cr-border-intake', caseId, randomUUID()))).resolves.toBeUndefined();
  });
});

describe('when transfer request answered, then note it', () => {
  const NOT_HERE = { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN' } as const;

  it.each([
    ['another agency', 'mx-comar', {}, 'TRANSFER.NOT_THE_CUSTODIAN'],
    ['who names itself as the one that has the case', 'cr-border-intake', {}, 'TRANSFER.ANSWER_UNCLEAR'],
    ['who speaks of another case', 'cr-border-intake', { caseId: randomUUID() }, 'TRANSFER.CONTRADICTION'],
  ])('refuses an answer of %s', async (_, source, change, code) => {
    const caseId = randomUUID();
    const transferRequestId = await asking(caseId, 'cr-border-intake');
    const said = { caseId, ...change };
    const data = { transferRequestId, ...NOT_HERE, heldBy: 'cr-border-intake' };
    await expect(hear(received('TransferRequestAnswered', source, said.caseId, data))).rejects.toMatchObject({ code });
    expect(await stateOf(transferRequestId)).toMatchObject({ answer: null });
  });

  it.each(['cr-refugee-unit', null])('notes that another agency has the case: %s', async (heldBy) => {
    const caseId = randomUUID();
    const transferRequestId = await asking(caseId, 'cr-border-intake');
    const answer = { ...NOT_HERE, heldBy };
    const word = received('TransferRequestAnswered', 'cr-border-intake', caseId, { transferRequestId, ...answer });
    await hear(word);
    await hear(word);
    expect(await stateOf(transferRequestId)).toMatchObject({ side: 'SENDER', answer });
  });
});

describe('when the custody of a case moves, then end pointless requests', () => {
  it('whoever asks an agency that loses the case by an order of succession is told', async () => {
    const [lost, kept] = [await ourCase('cr-agency-gone'), await ourCase()];
    const [inVain, waiting] = [await askedBy('cr-border-intake', lost), await askedBy('cr-border-intake', kept)];
    const statement = { agency: 'cr-agency-gone', successor: 'cr-refugee-unit', lastGoodNumber: 9 };
    await hear(received('SuccessionOrdered', 'regional-directory', null, { statement }));
    expect(await stateOf(inVain)).toMatchObject({
      answer: { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN', heldBy: null },
    });
    expect(await stateOf(waiting)).toMatchObject({ answer: null });
  });

  it('whoever withdrew is not told, nor is anybody twice', async () => {
    const caseId = await ourCase();
    const [gone, one] = [await askedBy('cr-border-intake', caseId), await askedBy('mx-comar', caseId)];
    await hear(received('TransferRequestWithdrawn', 'cr-border-intake', caseId, { transferRequestId: gone }));
    const release = { referralId: randomUUID(), term: 2, from: US, to: 'mx-comar', number: null, at: AT };
    await node.node.runtime.context.handler.execute({
      ...{ procedure: custodyProcedure, id: caseId, ...commanded },
      command: { type: 'RecordRelease', caseId, ...release },
    });
    const next = { referralId: randomUUID(), term: 3, to: 'cr-refugee-unit' };
    for (let time = 0; time < 2; time += 1) await hear(received('CustodyReleased', 'mx-comar', caseId, next));
    expect(await stateOf(gone)).toMatchObject({ isWithdrawn: true, answer: null });
    const answer = { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN', heldBy: null };
    expect(await stateOf(one)).toMatchObject({ answer });
  });

  it('what this agency asked for is withdrawn when it has the case, but where the case comes from', async () => {
    const caseId = randomUUID();
    const asked = [await asking(caseId, 'mx-comar'), await asking(caseId, 'cr-border-intake')];
    const release = { referralId: randomUUID(), term: 2, from: 'cr-border-intake', to: US, number: 20, at: AT };
    await node.node.runtime.context.handler.execute({
      ...{ procedure: custodyProcedure, id: caseId, ...commanded },
      command: { type: 'RecordRelease', caseId, ...release },
    });
    const again = { referralId: release.referralId, term: 2, to: 'cr-refugee-unit' };
    await hear(received('CustodyReleased', 'cr-border-intake', caseId, again));
    expect(await Promise.all(asked.map(stateOf))).toMatchObject([{ isWithdrawn: true }, { isWithdrawn: false }]);
  });
});

describe('an agency that nothing can be sealed to', () => {
  let otherNode: TestNode;

  beforeAll(async () => {
    otherNode = node;
    node = await startTestNode(DEFINITION, { keysMode: 'cases' });
  });

  afterAll(async () => {
    await node.stop();
    node = otherNode;
  });

  it('keeps no succession from its effect by what it asked: its answer stands here, and its own deadline ends it there', async () => {
    const lost = await ourCase('cr-agency-gone');
    const id = await askedBy('mx-comar', lost);
    const statement = { agency: 'cr-agency-gone', successor: 'cr-refugee-unit', lastGoodNumber: 9 };
    await hear(received('SuccessionOrdered', 'regional-directory', null, { statement }));
    expect(await stateOf(id)).toMatchObject({ answer: NOT_OURS });
    const { handler } = node.node.runtime.context;
    expect((await handler.load(successionProcedure, 'cr-agency-gone')).state).not.toBeNull();
    expect((await handler.load(custodyProcedure, lost)).state).toMatchObject({ holder: 'cr-refugee-unit' });
  });
});
