import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContractPayload, KeysGrantedV1Data } from '@acogida/contracts';
import { type Envelope, MemoryEventLog, MemoryLogStore, parseEnvelope, topicOf } from '@acogida/event-log';
import { type AnyProcedure, inTransaction } from '@acogida/event-store';
import { CaseSealing, KeyRing, SealingKey, type SealReading, systemRandomness } from '@acogida/sealing';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { keyTurn } from '../case-keys/key-turn.ts';
import { decideOn } from '../decide-on.ts';
import { specimenNode } from '../testing/specimen-node.ts';

const INTAKE = 'cr-border-intake';
const AUDITOR = 'cr-ombudsman';
const caseworker = { roles: ['caseworker'] } as const;

describe('a node that seals with the keys of each case', () => {
  const store = new MemoryLogStore();
  const log = new MemoryEventLog(store);
  const started: TestNode[] = [];
  let network: TestNetwork;
  let intake: TestNode;
  let auditor: TestNode;

  async function start(agencyId: string, kind: string): Promise<TestNode> {
    const options = { network, agencyId, keysMode: 'cases' as const, log: new MemoryEventLog(store) };
    const node = await startTestNode({ ...specimenNode, kind }, options);
    started.push(node);
    return node;
  }

  beforeAll(async () => {
    network = await createTestNetwork();
    auditor = await start(AUDITOR, 'timeline');
    intake = await start(INTAKE, 'intake');
    await eventually(() => {
      expect(intake.node.runtime.caseKeys?.circles.isReady(AUDITOR)).toBe(true);
    });
  });

  afterAll(async () => {
    for (const node of started) await node.stop();
    await log.close();
  });

  async function topic(agencyId: string): Promise<readonly Envelope[]> {
    const found: Envelope[] = [];
    for await (const page of log.read(topicOf(agencyId), 0n)) {
      for (const { value } of page) if (!value.includes('"type":"head"')) found.push(parseEnvelope(value));
    }
    return found;
  }

  /** What a node makes of an event; an event in clear as if it had been opened. */
  async function readBy({ node }: TestNode, { keyId, data, ...envelope }: Envelope): Promise<SealReading> {
    if (keyId === null) return { kind: 'opened', text: data, lane: null, via: { under: 'development' } };
    const header = { ...envelope, keyId };
    await node.runtime.sealing.prepare([header]);
    return node.runtime.sealing.read(header, data);
  }

  async function opened(
    reader: TestNode,
    envelopes: readonly Envelope[],
  ): Promise<readonly [Envelope, ContractPayload][]> {
    const found: [Envelope, ContractPayload][] = [];
    for (const envelope of envelopes) {
      const reading = await readBy(reader, envelope);
      if (reading.kind === 'opened') found.push([envelope, JSON.parse(reading.text) as ContractPayload]);
    }
    return found;
  }

  async function openShelter(): Promise<string> {
    const reply = await intake.post('/v1/shelters', {}, caseworker);
    expect(reply.status).toBe(201);
    return reply.body.id as string;
  }

  /** What was published of a case for its circle, once there are so many. */
  async function eventsOf(caseId: string, count = 1): Promise<readonly [Envelope, ContractPayload][]> {
    return eventually(async () => {
      const all = await opened(intake, await topic(INTAKE));
      const found = all.filter(([, payload]) => payload.caseId === caseId);
      expect(found.length).toBe(count);
      return found;
    });
  }

  it('publishes its offer keys before it takes commands', async () => {
    const published = await opened(intake, await topic(INTAKE));
    expect(published.map(([{ class: clearClass }, { type }]) => [clearClass, type])).toContainEqual([
      'directory',
      'OfferKeyPublished',
    ]);
  });

  it('opens the circle with the first append, and hands the keys to the auditor in the same step', async () => {
    const caseId = await openShelter();
    const [[event, payload] = []] = await eventsOf(caseId);
    if (event === undefined || payload === undefined) throw new Error('nothing was published');
    const { rows } = await intake.pool.query<{ stream: string; version: number; same: boolean }>(
      `SELECT s.name AS stream, s.version, e.xmin = (SELECT xmin FROM es.event WHERE stream = $2) AS same
         FROM es.stream s JOIN es.event e ON e.stream = s.name AND e.version = 1 WHERE s.name = $1`,
      [`case-keys-${caseId}`, `shelter-${caseId}`],
    );
    expect(rows).toEqual([{ stream: `case-keys-${caseId}`, version: 1, same: true }]);
    expect(payload).toMatchObject({ type: 'CaseOpened', stream: `shelter-${caseId}`, version: 1 });
    const grants = (await opened(auditor, await topic(INTAKE))).filter(([, { type }]) => type === 'KeysGranted');
    const granted = grants.flatMap(([, { data }]) => (data as unknown as KeysGrantedV1Data).cases);
    const mine = granted.find((one) => one.caseId === caseId);
    expect(mine).toMatchObject({ holder: INTAKE, roster: [] });
    expect(mine?.keys.map(({ audience, epoch, subject }) => [audience, epoch, subject])).toEqual([
      ['coded', 1, event.subject],
      ['care', 1, event.subject],
      ['restricted', 1, event.subject],
    ]);
    expect(mine?.keys[0]?.keyId).toBe(event.keyId);
    const [{ key = '' } = {}] = mine?.keys ?? [];
    expect(textUnder(SealingKey.received(key), event)).toContain(caseId);
  });

  it('lets nobody tell cases, types or readers from what stands in clear', async () => {
    const [one, other] = [await openShelter(), await openShelter()];
    const [[first] = []] = await eventsOf(one);
    const [[second] = []] = await eventsOf(other);
    expect(first?.subject).not.toBe(second?.subject);
    expect(first?.keyId).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const text = (await topic(INTAKE)).map((envelope) => JSON.stringify(envelope)).join('\n');
    for (const word of [one, other, AUDITOR, 'KeysGranted', 'CaseOpened']) expect(text).not.toContain(word);
  });

  it('goes on under the same epoch, and under the next one after it was begun', async () => {
    const caseId = await openShelter();
    await openAgain(caseId, 1);
    await rotate(caseId);
    await openAgain(caseId, 2);
    const [first, second, third] = (await eventsOf(caseId, 3)).map(([{ subject }]) => subject);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('begins an epoch with a member that is opened nothing of the past: what comes next is sealed under it', async () => {
    const caseId = await openShelter();
    await openAgain(caseId, 1); // this process remembers the circle as it is now
    const { context, clock, pool, caseKeys } = intake.node.runtime;
    const terms = { role: 'MEMBER', memberKeyX: null, audiences: ['coded'], history: 'CURRENT' } as const;
    const metadata = { actor: 'spec.admit', correlationId: caseId, causation: null };
    await inTransaction(pool, async (transaction) => {
      const turn = keyTurn(context, transaction, clock.now(), metadata);
      await caseKeys?.circles.admit(turn, caseId, { agency: 'cr-conatt', ...terms });
    });
    await openAgain(caseId, 2);
    const sealed = await eventsOf(caseId, 4); // two appends, the announcement, and what the member is to read
    const [first, second, next] = sealed.flatMap(([{ subject }, { type }]) => (type === 'CaseOpened' ? [subject] : []));
    expect(second).toBe(first);
    expect(next).not.toBe(first);
  });

  it('opens the circle after all where the append that was to open it was refused', async () => {
    const { store, ids, caseKeys } = intake.node.runtime;
    const caseId = ids.uuid();
    const { request } = decideOn(openingOf(caseId, 'refused'), {
      version: 0,
      state: shelterProcedure().decider.initialState,
    });
    const large = {
      type: 'CaseOpened',
      class: 'case',
      schemaVersion: 1,
      caseId,
      data: { text: 'x'.repeat(300_000) },
    } as const;
    const refused = { ...request, events: request.events.map((event) => ({ ...event, publish: large })) };
    const before = (await caseKeys?.opening.before(refused)) ?? [];
    expect(before.map(({ stream }) => stream)).toContain(`case-keys-${caseId}`);
    await expect(store.appendTogether([...before, refused])).rejects.toMatchObject({
      code: 'EVENT_STORE.EVENT_TOO_LARGE',
    });
    await openAgain(caseId, 1);
    expect(await eventsOf(caseId)).toHaveLength(1);
  });

  function shelterProcedure(): AnyProcedure {
    const [shelter] = specimenNode.procedures;
    if (shelter === undefined) throw new Error('the specimen has no procedure');
    return shelter;
  }

  function openingOf(caseId: string, turn: number | string) {
    const { ids } = intake.node.runtime;
    return {
      ...{
        procedure: shelterProcedure(),
        id: ids.uuid(),
        actor: `spec.${turn}`,
        correlationId: ids.uuid(),
        causation: null,
      },
      command: { type: 'OpenShelter', now: '2026-11-22T09:00:00.000Z', caseId },
    };
  }

  /** Another stream of the case, which publishes as the first one did. */
  async function openAgain(caseId: string, turn: number): Promise<void> {
    await intake.node.runtime.context.handler.execute(openingOf(caseId, turn));
  }

  /** As a deadline does it: this process has not heard of it when it seals next. */
  async function rotate(caseId: string): Promise<void> {
    const { context, clock, pool, caseKeys } = intake.node.runtime;
    const metadata = { actor: 'spec.rotate', correlationId: caseId, causation: null };
    await inTransaction(pool, async (transaction) => {
      await caseKeys?.circles.rotate(keyTurn(context, transaction, clock.now(), metadata), caseId, 'ORDERED');
    });
  }

  function textUnder(key: SealingKey, { keyId, data, ...envelope }: Envelope): string {
    const ring = new KeyRing({ network: 'ab'.repeat(32), agency: AUDITOR });
    const { source, subject } = envelope;
    ring.hold({ source, subject, caseId: 'spec', audience: 'coded', epoch: 1, key });
    const sealing = new CaseSealing({ agency: AUDITOR, ring, randomness: systemRandomness });
    const reading = sealing.read({ ...envelope, keyId: keyId ?? '' }, data);
    return reading.kind === 'opened' ? reading.text : '';
  }
});
