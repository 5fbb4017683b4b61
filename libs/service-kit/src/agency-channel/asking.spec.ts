import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type JsonObject } from '@acogida/core';
import { makeX25519Pair, systemRandomness, usablePublicKey } from '@acogida/sealing';
import { freePort } from '@acogida/testing';
import { decodeJwt } from 'jose';
import { answerClaims, ENVELOPE_LIMIT_BYTES, questionOf } from './channel-messages.ts';
import { openWithKey, sealToKey } from './channel-seal.ts';
import { ChannelHosts } from './channel-hosts.ts';
import { channelUrlOf } from './channel-url.ts';
import type { ChannelRequest, ChannelService } from './port.ts';
import {
  AUTHORITY,
  type BenchAgency,
  ChannelBench,
  EchoService,
  GATE,
  OTHER,
  type ServedAnswer,
  servedBy,
  SpecServer,
} from './testing/channel-bench.ts';

const REQUEST: ChannelRequest = {
  topic: 'clearance',
  requestId: '00000000-0000-4000-8000-000000000001',
  body: { caseId: '00000000-0000-4000-8000-000000000002', name: 'canary María Pérez' },
};
const DEADLINE_MS = 5_000;
const SHORT_DEADLINE_MS = 250;
const NEVER = new Promise<never>(() => {});

let bench: ChannelBench;
let service: EchoService;
let server: SpecServer;
let others: SpecServer[];

beforeEach(async () => {
  bench = new ChannelBench();
  service = new EchoService();
  server = await SpecServer.start(servedBy(bench.desk([service]).desk));
  others = [];
});
afterEach(async () => {
  for (const one of [server, ...others]) await one.stop();
});

function asker(address: string | null = server.url, services: ChannelService[] = []) {
  return bench.channel((agencyId) => (agencyId === AUTHORITY ? address : null), bench.agency(GATE), services);
}

/** Answers by hand what the authority is asked, as somebody does who got hold of the question. */
async function answeredBy(
  envelope: string,
  signer: BenchAgency,
  change: { readonly question?: string; readonly claims?: JsonObject; readonly kind?: 'request' | 'answer' } = {},
): Promise<ServedAnswer> {
  const question = (await bench.agency(AUTHORITY).seal.open(envelope)) ?? '';
  const asked = questionOf(decodeJwt(question), GATE);
  const claims = { ...answerClaims(asked, change.question ?? question, { isGranted: true }), ...change.claims };
  const answer = (await signer.statements.sign(change.kind ?? 'answer', GATE, claims)) ?? '';
  return { status: 200, body: await sealToKey(usablePublicKey(asked.replyTo), answer) };
}

describe('asking another agency', () => {
  it('brings its answer, signed by it to this question', async () => {
    const { channel, asked, audit } = asker();
    const answer = await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS);
    expect(answer).toEqual({ outcome: 'ANSWERED', body: { echo: REQUEST.body, times: 1 } });
    expect(service.asked).toEqual([{ from: GATE, requestId: REQUEST.requestId, body: REQUEST.body }]);
    expect(asked).toEqual([['clearance', 'ANSWERED']]);
    expect(audit.entries).toEqual([]);
  });

  it('shows nothing of it on the way', async () => {
    await asker().channel.ask(AUTHORITY, REQUEST, DEADLINE_MS);
    const [envelope = ''] = server.got;
    const shown = envelope.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const word of ['canary', GATE, AUTHORITY, REQUEST.requestId, 'clearance']) {
      expect([envelope, ...shown].join('\n')).not.toContain(word);
    }
  });

  it('asks again with the same id what could not be answered at once', async () => {
    const answer = server.answer;
    const failures: ServedAnswer[] = [{ status: 503 }, { status: 401 }];
    server.answer = (envelope) => {
      const failure = failures.shift();
      return failure === undefined ? answer(envelope) : Promise.resolve(failure);
    };
    expect(await asker().channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toMatchObject({ outcome: 'ANSWERED' });
    expect([server.got.length, new Set(server.got).size]).toEqual([3, 3]);
    expect(service.asked.map(({ requestId }) => requestId)).toEqual([REQUEST.requestId]);
  });

  it('is answered twice where an answer was lost: the service is asked with the same id', async () => {
    const answer = server.answer;
    server.answer = async (envelope) => {
      const answered = await answer(envelope);
      return server.got.length === 1 ? { status: 502 } : answered;
    };
    expect(await asker().channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toMatchObject({ outcome: 'ANSWERED' });
    expect(service.asked.map(({ requestId }) => requestId)).toEqual([REQUEST.requestId, REQUEST.requestId]);
  });
});

describe('S1 nobody is reached', () => {
  it.each([
    ['where nothing was announced', null],
    ['at an address of another protocol', 'ftp://127.0.0.1/'],
    ['at an address with credentials', 'http://user:secret@127.0.0.1/'],
    ['at an address with a query', 'http://127.0.0.1/?to='],
    ['at what is no address', 'not an address'],
  ])('%s', async (_, address) => {
    const { channel, unreached } = asker(address);
    expect(await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect([unreached, server.got]).toEqual([['NO_ADDRESS'], []]);
  });

  it('where nobody listens, after a few tries', async () => {
    const { channel, unreached, asked } = asker(`http://127.0.0.1:${await freePort()}`);
    expect(await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect([unreached, asked]).toEqual([['ECONNREFUSED'], [['clearance', 'UNREACHABLE']]]);
  });

  it('by the deadline, if the other one is slow', async () => {
    server.answer = () => NEVER;
    const { channel, unreached } = asker();
    const begunAtMs = performance.now();
    expect(await channel.ask(AUTHORITY, REQUEST, SHORT_DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect(performance.now() - begunAtMs).toBeLessThan(SHORT_DEADLINE_MS * 8);
    expect(unreached).toEqual(['DEADLINE']);
  });

  it('elsewhere: a redirection is not followed', async () => {
    const elsewhere = await SpecServer.start(server.answer);
    others.push(elsewhere);
    server.answer = () => Promise.resolve({ status: 307, headers: { location: `${elsewhere.url}/v1/channel` } });
    const { channel, unreached } = asker();
    expect(await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect([unreached, elsewhere.got, server.got.length]).toEqual([['STATUS_307'], [], 1]);
  });

  it('where this node may not ask, whatever was announced: nothing is sent there', async () => {
    const onlyElsewhere = new ChannelHosts(['*.agency.example']);
    const judging = (hosts: ChannelHosts, url: string) => bench.channel(() => url, bench.agency(GATE), [], hosts);
    const byAddress = judging(onlyElsewhere, server.url);
    expect(await byAddress.channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    const url = server.url.replace('127.0.0.1', 'localhost');
    const byName = judging(new ChannelHosts(['http://10.0.0.0/8']), url);
    expect(await byName.channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect([byAddress.unreached, byName.unreached]).toEqual([['ADDRESS_NOT_ALLOWED'], ['ADDRESS_NOT_ALLOWED']]);
    expect(server.got).toEqual([]);
    const allowed = judging(new ChannelHosts(['http://127.0.0.0/8', 'http://::1']), url);
    expect(await allowed.channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toMatchObject({ outcome: 'ANSWERED' });
  });

  it('by who refuses: for good at once, for now after some tries', async () => {
    const { channel, unreached } = asker();
    server.answer = () => Promise.resolve({ status: 422 });
    expect(await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect(server.got).toHaveLength(1);
    server.answer = () => Promise.resolve({ status: 503 });
    expect(await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect([server.got.length, unreached]).toEqual([4, ['STATUS_422', 'STATUS_503']]);
  });

  it('without a key of its own to sign with', async () => {
    const end = bench.agency(GATE);
    bench.revoke(GATE);
    const { channel, unreached } = bench.channel(() => server.url, end);
    expect(await channel.ask(AUTHORITY, REQUEST, DEADLINE_MS)).toEqual({ outcome: 'UNREACHABLE' });
    expect([unreached, server.got]).toEqual([['NO_OWN_KEY'], []]);
  });
});

describe('S1 an answer that cannot be shown to be of the agency that was asked', () => {
  const unverifiable = async (agencyId = AUTHORITY) => {
    const { channel, audit } = bench.channel(() => server.url);
    const answer = await channel.ask(agencyId, REQUEST, DEADLINE_MS);
    return [answer, audit.entries.map(({ actor, kind, details }) => [actor, kind, ...details])];
  };
  const keysOf = (agencyId: string) => bench.network.keysOf(agencyId).privateKeys;
  const refusedFor = (reason: string, agencyId = AUTHORITY) => [
    { outcome: 'UNVERIFIABLE' },
    [[`${GATE}.channel`, 'CHANNEL_UNVERIFIABLE', `agency:${agencyId}`, `reason:${reason}`]],
  ];

  it('is none: words that no key was needed for', async () => {
    server.answer = () => Promise.resolve({ status: 200, body: '{"isGranted":true}' });
    expect(await unverifiable()).toEqual(refusedFor('NOT_FOR_US'));
  });

  it('is none: signed by another key in its name', async () => {
    const signs = { keyId: `${AUTHORITY}-transport-1`, privateKey: keysOf(OTHER).transport };
    const forger = bench.agency(AUTHORITY, { signs });
    server.answer = (envelope) => answeredBy(envelope, forger);
    expect(await unverifiable()).toEqual(refusedFor('SIGNATURE'));
  });

  it('is none: under the key that the agency had before a rotation; under the next one it is', async () => {
    const before = bench.agency(AUTHORITY);
    const signs = { keyId: `${AUTHORITY}-transport-1`, privateKey: keysOf(AUTHORITY).transport };
    const next = bench.rotate(AUTHORITY);
    const after = bench.agency(AUTHORITY, { transport: [keysOf(AUTHORITY).transport, next.privateKeys.transport] });
    expect([before.statements.canSign(), after.statements.canSign()]).toEqual([false, true]);
    server.answer = (envelope) => answeredBy(envelope, bench.agency(AUTHORITY, { signs }));
    expect(await unverifiable()).toEqual(refusedFor('KEY_NOT_IN_USE'));
    server.answer = (envelope) => answeredBy(envelope, after);
    expect(await unverifiable()).toEqual([{ outcome: 'ANSWERED', body: { isGranted: true } }, []]);
  });

  it('is none: signed by another agency', async () => {
    server.answer = (envelope) => answeredBy(envelope, bench.agency(OTHER));
    expect(await unverifiable()).toEqual(refusedFor('OTHER_AGENCY'));
  });

  it('is none: the authority’s own answer to another question, also to the same one asked before', async () => {
    const authority = bench.agency(AUTHORITY);
    server.answer = (envelope) => answeredBy(envelope, authority, { question: 'another' });
    expect(await unverifiable()).toEqual(refusedFor('OTHER_REQUEST'));
    const claims = { requestId: '00000000-0000-4000-8000-000000000009' };
    server.answer = (envelope) => answeredBy(envelope, authority, { claims });
    expect(await unverifiable()).toEqual(refusedFor('OTHER_REQUEST'));
    server.answer = servedBy(bench.desk([service]).desk);
    const [first = ''] = server.got;
    const earlier = await server.answer(first);
    server.answer = () => Promise.resolve(earlier);
    expect(await unverifiable()).toEqual(refusedFor('NOT_FOR_US'));
  });

  it('is none: a question of the authority, handed back as if it answered', async () => {
    server.answer = (envelope) => answeredBy(envelope, bench.agency(AUTHORITY), { kind: 'request' });
    expect(await unverifiable()).toEqual(refusedFor('MALFORMED'));
  });

  it('is none: without a body', async () => {
    server.answer = (envelope) => answeredBy(envelope, bench.agency(AUTHORITY), { claims: { body: ['GRANTED'] } });
    expect(await unverifiable()).toEqual(refusedFor('MALFORMED'));
  });

  it('is none: longer than any, and is not read to its end', async () => {
    server.answer = () => Promise.resolve({ status: 200, body: 'x'.repeat(ENVELOPE_LIMIT_BYTES + 1) });
    expect(await unverifiable()).toEqual(refusedFor('OVERSIZED'));
  });

  it('is none: of an agency that is not admitted, or whose keys the roots ended; it is not even asked', async () => {
    expect(await unverifiable('xx-nobody')).toEqual(refusedFor('UNKNOWN_AGENCY', 'xx-nobody'));
    bench.revoke(AUTHORITY);
    expect(await unverifiable()).toEqual(refusedFor('KEY_ENDED'));
    expect(server.got).toEqual([]);
  });
});

describe('asking the own agency', () => {
  const ask = (services: ChannelService[], deadlineMs = DEADLINE_MS) => {
    const { channel, unreached } = asker(server.url, services);
    return channel.ask(GATE, REQUEST, deadlineMs).then((answer) => [answer, unreached, server.got.length]);
  };

  it('leaves the process for nobody', async () => {
    expect(await ask([service])).toEqual([{ outcome: 'ANSWERED', body: { echo: REQUEST.body, times: 1 } }, [], 0]);
    expect(service.asked).toMatchObject([{ from: GATE }]);
  });

  it('fails as elsewhere', async () => {
    const failing = (answer: () => Promise<JsonObject>): ChannelService => ({ topic: 'clearance', answer });
    const refused = () => Promise.reject(new DomainError('CLEARANCE.REFUSED', 'conflict', 'no'));
    expect(await ask([])).toEqual([{ outcome: 'UNREACHABLE' }, ['TOPIC_UNKNOWN'], 0]);
    expect(await ask([failing(refused)])).toEqual([{ outcome: 'UNREACHABLE' }, ['REFUSED'], 0]);
    const slow = await ask([failing(() => NEVER)], SHORT_DEADLINE_MS);
    expect(slow).toEqual([{ outcome: 'UNREACHABLE' }, ['DEADLINE'], 0]);
  });
});

it('knocks below the address that was announced', () => {
  const urls = ['http://node.test', 'https://node.test/asylum/', 'https://node.test:8443/asylum'];
  expect(urls.map((url) => channelUrlOf(url)?.href)).toEqual([
    'http://node.test/v1/channel',
    'https://node.test/asylum/v1/channel',
    'https://node.test:8443/asylum/v1/channel',
  ]);
});

it('takes each answer to a key of its own, so that who listens reads none', async () => {
  await asker().channel.ask(AUTHORITY, REQUEST, DEADLINE_MS);
  const [first = ''] = server.got;
  const { body: again = '' } = await server.answer(first);
  expect(service.asked).toHaveLength(2);
  expect(await openWithKey(makeX25519Pair(systemRandomness).privateKey, again)).toBeNull();
});
