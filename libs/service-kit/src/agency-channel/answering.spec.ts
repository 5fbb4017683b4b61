import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, instantAfter, type JsonObject } from '@acogida/core';
import { makeX25519Pair, systemRandomness } from '@acogida/sealing';
import { decodeJwt } from 'jose';
import type { Problem } from '../http/problem.ts';
import { questionClaims } from './channel-messages.ts';
import { openWithKey } from './channel-seal.ts';
import type { StatementKind } from './channel-statement.ts';
import { type AgencyOptions, AUTHORITY, ChannelBench, EchoService, GATE, OTHER } from './testing/channel-bench.ts';

const MINUTE_MS = 60_000;
const REQUEST = { topic: 'clearance', requestId: '00000000-0000-4000-8000-000000000001', body: { of: 'x' } } as const;
const reply = makeX25519Pair(systemRandomness);
const CLAIMS = questionClaims(REQUEST, reply.x);
/** Of order 8: everybody agrees on the same with it. */
const WEAK_POINT = Buffer.alloc(32).toString('base64url');

let bench: ChannelBench;
let service: EchoService;

beforeEach(() => {
  bench = new ChannelBench();
  service = new EchoService();
});

/** What comes in when an agency asks; every part of it can be another one. */
async function envelopeOf(
  from: string,
  options: AgencyOptions & {
    readonly audience?: string;
    readonly claims?: JsonObject;
    readonly kind?: StatementKind;
  } = {},
): Promise<string> {
  const { statements, seal } = bench.agency(from, options);
  const question = await statements.sign(
    options.kind ?? 'request',
    options.audience ?? AUTHORITY,
    options.claims ?? CLAIMS,
  );
  return (await seal.sealTo(AUTHORITY, question ?? '')) ?? '';
}

/** Another question each time. */
const anotherOf = (from: string) => envelopeOf(from, { claims: { ...CLAIMS, requestId: randomUUID() } });

/** Status and code of the answer, how often the service was asked, and what the audit keeps. */
async function outcomeOf(envelope: string, desk = bench.desk([service])): Promise<readonly unknown[]> {
  const problem = await desk.desk.answer(envelope).then(
    () => ({ status: 200, code: 'ANSWERED' }),
    (error: Problem) => ({ status: error.status, code: error.code }),
  );
  return [problem.status, problem.code, service.asked.length, desk.audit.entries.flatMap(({ details }) => details)];
}

describe('a question of an agency', () => {
  it('is answered to it, by a statement that names the question', async () => {
    const answer = await bench.desk([service]).desk.answer(await envelopeOf(GATE));
    const statement = (await openWithKey(reply.privateKey, answer)) ?? '';
    const { from, claims } = await bench.agency(GATE).statements.verify('answer', statement);
    expect(from).toBe(AUTHORITY);
    expect(claims).toMatchObject({
      ...{ iss: AUTHORITY, aud: GATE, network: bench.state.networkId, topic: 'clearance' },
      ...{ requestId: REQUEST.requestId, body: { echo: REQUEST.body, times: 1 } },
    });
    expect(claims['question']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('that is heard twice asks the service twice with one id, and each answer names it', async () => {
    const { desk } = bench.desk([service]);
    const envelope = await envelopeOf(GATE);
    const answers = [await desk.answer(envelope), await desk.answer(envelope)];
    const opened = await Promise.all(answers.map((answer) => openWithKey(reply.privateKey, answer)));
    const questions = opened.map((statement) => decodeJwt(statement ?? '')['question']);
    expect(questions[0]).toBe(questions[1]);
    expect(service.asked.map(({ requestId }) => requestId)).toEqual([REQUEST.requestId, REQUEST.requestId]);
  });

  it('is answered where its clock is minutes off: what is old is only not dug up again', async () => {
    const at = (offsetMs: number) => ({ clock: { now: () => instantAfter(bench.now, offsetMs) } });
    const outcomes: unknown[] = [];
    for (const minutes of [-21, -19, 14, 16]) {
      const [status] = await outcomeOf(await envelopeOf(GATE, at(minutes * MINUTE_MS)));
      outcomes.push([minutes, status]);
    }
    expect(outcomes).toEqual([
      [-21, 401],
      [-19, 200],
      [14, 200],
      [16, 401],
    ]);
  });
});

describe('nobody is answered, and nothing is told of why', () => {
  const transportOf = (agencyId: string) => bench.network.keysOf(agencyId).privateKeys.transport;
  const refused = (...details: readonly string[]) => [401, 'CHANNEL.NOT_AUTHENTICATED', 0, details];

  it('who sends what is no envelope', async () => {
    for (const text of ['', 'a.b.c.d.e', '{"isGranted":true}', 'x'.repeat(10_000)])
      expect(await outcomeOf(text)).toEqual(refused('reason:NOT_FOR_US'));
  });

  it('who signs nothing', async () => {
    const { seal } = bench.agency(GATE);
    expect(await outcomeOf((await seal.sealTo(AUTHORITY, '{}')) ?? '')).toEqual(refused('reason:MALFORMED'));
  });

  it('who is not of the network, and may call itself what it likes', async () => {
    const signs = { keyId: 'x', privateKey: transportOf(OTHER) };
    bench.network.newcomer({ agency: 'xx-nobody', kind: 'intake', name: 'Nobody', jurisdiction: 'CR' });
    expect(await outcomeOf(await envelopeOf('xx-nobody', { signs }))).toEqual(refused('reason:UNKNOWN_AGENCY'));
  });

  it('who signs in the name of another agency', async () => {
    const signs = { keyId: `${GATE}-transport-1`, privateKey: transportOf(OTHER) };
    expect(await outcomeOf(await envelopeOf(GATE, { signs }))).toEqual(refused(`agency:${GATE}`, 'reason:SIGNATURE'));
  });

  it('who signs with another key of its own: each has one use', async () => {
    const { privateKeys } = bench.network.keysOf(GATE);
    const signs = { keyId: `${GATE}-1`, privateKey: privateKeys.signing };
    const details = [`agency:${GATE}`, 'reason:KEY_NOT_IN_USE'];
    expect(await outcomeOf(await envelopeOf(GATE, { signs }))).toEqual(refused(...details));
  });

  it('who asked another agency, which hands the question on', async () => {
    const handedOn = await envelopeOf(GATE, { audience: OTHER });
    expect(await outcomeOf(handedOn)).toEqual(refused(`agency:${GATE}`, 'reason:OTHER_AUDIENCE'));
  });

  it('who is of another network', async () => {
    const envelope = await envelopeOf(GATE, { network: 'cd'.repeat(32) });
    expect(await outcomeOf(envelope)).toEqual(refused(`agency:${GATE}`, 'reason:OTHER_NETWORK'));
  });

  it('whose keys the roots ended, from the moment that this is heard', async () => {
    const signs = { keyId: `${GATE}-transport-1`, privateKey: transportOf(GATE) };
    const envelope = await envelopeOf(GATE, { signs });
    expect((await outcomeOf(envelope))[0]).toBe(200);
    bench.revoke(GATE);
    const details = [`agency:${GATE}`, 'reason:KEY_ENDED'];
    expect(await outcomeOf(envelope)).toEqual([401, 'CHANNEL.NOT_AUTHENTICATED', 1, details]);
  });

  it('who rotated its keys and signs with the one before; with the next one it is answered', async () => {
    const before = await envelopeOf(GATE);
    const next = bench.rotate(GATE);
    const details = [`agency:${GATE}`, 'reason:KEY_NOT_IN_USE'];
    expect(await outcomeOf(before)).toEqual(refused(...details));
    const after = await envelopeOf(GATE, { transport: [transportOf(GATE), next.privateKeys.transport] });
    expect((await outcomeOf(after)).slice(0, 2)).toEqual([200, 'ANSWERED']);
  });

  it('who hands an answer in as a question', async () => {
    const envelope = await envelopeOf(GATE, { kind: 'answer' });
    expect(await outcomeOf(envelope)).toEqual(refused(`agency:${GATE}`, 'reason:MALFORMED'));
  });

  it.each<[string, JsonObject]>([
    ['an id that is none', { ...CLAIMS, requestId: 'María Pérez' }],
    ['no body', { ...CLAIMS, body: null }],
    ['a list as body', { ...CLAIMS, body: [] }],
    ['no topic', { ...CLAIMS, topic: 1 }],
    ['no key to answer to', { ...CLAIMS, replyTo: 'x' }],
    ['a key that anybody can open for', { ...CLAIMS, replyTo: WEAK_POINT }],
  ])('who asks with %s', async (_, claims) => {
    const details = [`agency:${GATE}`, 'reason:MALFORMED'];
    expect(await outcomeOf(await envelopeOf(GATE, { claims }))).toEqual(refused(...details));
  });
});

describe('an agency of the network is refused', () => {
  it('a topic that this node is not asked', async () => {
    const envelope = await envelopeOf(GATE, { claims: { ...CLAIMS, topic: 'weather' } });
    const details = [`agency:${GATE}`, 'reason:TOPIC_UNKNOWN'];
    expect(await outcomeOf(envelope)).toEqual([404, 'CHANNEL.TOPIC_UNKNOWN', 0, details]);
  });

  it('what its service refuses, without the reason', async () => {
    const answer = () => Promise.reject(new DomainError('CLEARANCE.NOT_A_GATE', 'forbidden', 'told to nobody'));
    const outcome = await outcomeOf(await envelopeOf(GATE), bench.desk([{ topic: 'clearance', answer }]));
    const details = [`agency:${GATE}`, 'reason:CLEARANCE.NOT_A_GATE'];
    expect(outcome).toEqual([422, 'CHANNEL.REFUSED', 0, details]);
  });

  it('more than it may ask in a minute; others go on', async () => {
    const desk = bench.desk([service], bench.agency(AUTHORITY), { aMinute: 1, atOnce: 2 });
    const statusFor = async (from: string) => (await outcomeOf(await anotherOf(from), desk))[0];
    const statuses: unknown[] = [];
    for (const from of [GATE, GATE, GATE, OTHER]) statuses.push(await statusFor(from));
    expect(statuses).toEqual([200, 200, 429, 200]);
    bench.now = instantAfter(bench.now, MINUTE_MS);
    expect([await statusFor(GATE), await statusFor(GATE)]).toEqual([200, 429]);
    expect(desk.refused).toEqual(['TOO_MANY', 'TOO_MANY']);
  });

  it('no more for what somebody sends again who listened: that counts once, and is answered some times', async () => {
    const desk = bench.desk([service], bench.agency(AUTHORITY), { aMinute: 1, atOnce: 2 });
    const heard = await envelopeOf(GATE);
    const statuses: unknown[] = [];
    for (let sent = 0; sent < 13; sent += 1) statuses.push((await outcomeOf(heard, desk))[0]);
    expect(statuses).toEqual([...Array.from({ length: 11 }, () => 200), 429, 429]);
    bench.now = instantAfter(bench.now, 2 * MINUTE_MS);
    const again = [await outcomeOf(heard, desk), await outcomeOf(await envelopeOf(GATE), desk)];
    expect(again.map(([status]) => status)).toEqual([200, 200]); // as it was sent, and signed anew
    const others = [await outcomeOf(await anotherOf(GATE), desk), await outcomeOf(await anotherOf(GATE), desk)];
    expect(others.map(([status]) => status)).toEqual([200, 200]);
    expect((await outcomeOf(await anotherOf(GATE), desk))[0]).toBe(429);
  });

  it('all while this agency has no key to answer with', async () => {
    bench.revoke(AUTHORITY);
    const outcome = await outcomeOf(await envelopeOf(GATE));
    expect(outcome).toEqual([503, 'CHANNEL.NO_KEY', 0, []]);
  });
});

it('keeps a bounded number of entries of what anybody can send, and counts the rest', async () => {
  const desk = bench.desk([service]);
  for (let sent = 0; sent < 100; sent += 1) await outcomeOf('nothing', desk);
  expect([desk.audit.entries.length, desk.refused.length]).toEqual([60, 100]);
});

it('takes no two services of one topic', () => {
  expect(() => bench.desk([service, new EchoService()])).toThrow(RangeError);
});
