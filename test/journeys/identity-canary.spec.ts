import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { asylumNode } from '@acogida/asylum';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { intakeNode } from '@acogida/intake';
import { RIGHTS_TOPICS } from '@acogida/reference';
import { BODY_LIMIT_BYTES } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNetwork, type TestNode } from '@acogida/testing/node';
import { timelineNode } from '@acogida/timeline';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { tablesOf } from './collected-bytes.ts';
import { Aviary, type Collected, sightings } from './identity-canaries.ts';
import { type Desks, PlantedPeople } from './planted-people.ts';

jest.setTimeout(120_000);

const INTAKE = 'cr-border-intake';
const ASYLUM = 'cr-refugee-unit';
const firstContact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
const TODAY = new Date().toISOString().slice(0, 10);
const given = { basis: 'CONSENT', form: 'WRITTEN', language: 'spa', grantedOn: TODAY };
const consent = { ...given, givenBy: 'GUARDIAN', childAssent: 'YES' }; // age not known: as of a child

const aviary = new Aviary();
const spans = new InMemorySpanExporter();
const store = new MemoryLogStore();
const collected: Collected[] = [];
const written: string[] = [];
const nodes: TestNode[] = [];
let network: TestNetwork;
let intake: TestNode;
let asylum: TestNode;
let caseId = '';

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
  readonly token?: string | null;
}

/** Asks over a real connection, keeps the answer if it is a refusal, and gives back status and body. */
async function ask(node: TestNode, asked: Asked): Promise<{ readonly status: number; readonly text: string }> {
  const token = asked.token === undefined ? await node.tokenFor('border-officer', 'eligibility-officer') : asked.token;
  const method = asked.method ?? (asked.body === undefined ? 'GET' : 'POST');
  const headers = {
    ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...asked.headers,
  };
  const { hostname, port } = new URL(node.node.url);
  const reply = await new Promise<{ status: number; headers: object; text: string }>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path: asked.path, headers, agent: false }, (answer) => {
      textOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }), reject);
    });
    sent.on('error', reject);
    sent.end(typeof asked.body === 'object' ? JSON.stringify(asked.body) : asked.body);
  });
  const isRefused = reply.status >= 400;
  const shown = isRefused ? reply.text : '';
  collected.push({ name: `answer of ${method}`, text: `${JSON.stringify(reply.headers)}${shown}` });
  return reply;
}

async function expectStatus(status: number, node: TestNode, asked: Asked): Promise<string> {
  const reply = await ask(node, asked);
  expect([asked, reply.status]).toEqual([asked, status]);
  return reply.text;
}

/** Bytes that are no HTTP. */
async function send(node: TestNode, bytes: string): Promise<void> {
  const { hostname, port } = new URL(node.node.url);
  const answer = await new Promise<string>((resolve) => {
    let heard = '';
    const socket = connect(Number(port), hostname);
    socket.on('data', (part) => (heard += part.toString('latin1')));
    socket.on('error', () => {}); // the node may hang up
    socket.on('close', () => resolve(heard));
    socket.end(bytes);
  });
  collected.push({ name: 'answer to bytes', text: answer });
}

/** Every table of a node as text. */
async function databaseOf(node: TestNode): Promise<Collected> {
  const text = await tablesOf(node.pool);
  return { name: `database of ${node.agencyId}`, text, databaseOf: node.agencyId };
}

/** The nodes as the desks of the agencies. */
const desks: Desks = {
  post: (agency, role, path, body = {}) => worked(agency, role, { path, body }),
  put: (agency, role, path, body) => worked(agency, role, { method: 'PUT', path, body }),
  get: (agency, role, path) => worked(agency, role, { path }),
};

async function worked<T>(agencyId: string, role: string, asked: Asked): Promise<T> {
  const node = nodes.find((candidate) => candidate.agencyId === agencyId);
  if (node === undefined) throw new Error(`no node of ${agencyId}`);
  const { status, text } = await ask(node, { ...asked, token: await node.tokenFor(role as 'caseworker') });
  if (status >= 400) throw new Error(`${asked.path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

async function start(definition: Parameters<typeof startTestNode>[0], agencyId: string): Promise<TestNode> {
  const node = await startTestNode(definition, {
    ...{ network, agencyId, log: new MemoryEventLog(store), spanExporter: spans, withMetrics: true, logLevel: 'trace' },
  });
  nodes.push(node);
  return node;
}

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    jest.spyOn(stream, 'write').mockImplementation((...parts: unknown[]) => {
      written.push(String(parts[0]));
      return write(...(parts as Parameters<typeof write>));
    });
  }
  network = await createTestNetwork();
  intake = await start(intakeNode, INTAKE);
  asylum = await start(asylumNode, ASYLUM);
  await start(timelineNode, 'cr-ombudsman');
  const opened = await expectStatus(201, intake, { path: '/v1/cases', body: firstContact });
  caseId = (JSON.parse(opened) as { caseId: string }).caseId;
});

afterAll(async () => {
  jest.restoreAllMocks();
  for (const node of nodes) await node.stop();
});

describe('what is refused', () => {
  it('in a body', async () => {
    const c = (place: string): string => aviary.refused(`body: ${place}`);
    const refused: (string | object)[] = [
      { ...firstContact, fullName: c('unknown property') },
      { ...firstContact, [c('name of an unknown property')]: true },
      { ...firstContact, [`${c('name of a property with spaces')} perez`]: { document: c('below it') } },
      { ...firstContact, place: { name: c('object for a text') } },
      { ...firstContact, place: c('pattern') },
      { ...firstContact, channel: c('code list') },
      { ...firstContact, contactedOn: c('date') },
      { ...firstContact, entryMode: [c('list for a text')] },
      { ...firstContact, place: `A\n    at ${c('looks like a stack frame')} (x:1:1)` },
      [{ name: c('list') }],
      JSON.stringify(c('bare text')),
      `{"name":"${c('malformed')}"`,
      `{"${c('malformed name')}":}`,
      `{"__proto__":{"name":"${c('prototype')}"}}`,
      `{"a":"\\ud800${c('half a surrogate')}"}`,
    ];
    for (const body of refused) await expectStatus(400, intake, { path: '/v1/cases', body });
    const oversize = `{"name":"${c('oversize')}${' '.repeat(BODY_LIMIT_BYTES)}"}`;
    await expectStatus(413, intake, { path: '/v1/cases', body: oversize });
  });

  it('by the rules', async () => {
    const receiver = `${aviary.refused('body: receiver of a referral that no network knows')}-unit`;
    const referral = { caseId, receiver, service: 'ASYLUM', urgency: 'URGENT', reason: 'SPECIFIC_NEED', consent };
    const sent = await ask(intake, { path: '/v1/referrals', body: referral });
    expect(sent.status).toBeGreaterThanOrEqual(400);
    const key = aviary.refused('Idempotency-Key that is used again');
    const headers = { 'idempotency-key': key };
    await expectStatus(201, intake, { path: '/v1/cases', body: firstContact, headers });
    await expectStatus(422, intake, { path: '/v1/cases', body: { ...firstContact, channel: 'SEA' }, headers });
  });

  it('in a path or a query', async () => {
    const c = (place: string): string => aviary.refused(`url: ${place}`);
    const page = Buffer.from(JSON.stringify([c('page')])).toString('base64url');
    for (const [status, path] of [
      [400, `/v1/cases?name=${c('unknown parameter')}`],
      [400, `/v1/cases?${c('name of a parameter')}=1`],
      [400, `/v1/cases?sex=${c('code list')}`],
      [400, `/v1/cases?limit=${c('limit')}`],
      [400, `/v1/cases?page=${page}`],
      [400, `/v1/cases?page=${c('page that is none')}`],
      [400, `/v1/cases/${c('id of a case')}`],
      [400, `/v1/cases/%E0%A4%A${c('bad encoding')}`],
      [414, `/v1/cases/${c('long part')}${'x'.repeat(200)}`],
      [404, `/v1/cases/${randomUUID()}?name=${c('query of what is not there')}`],
      [404, `/v1/people/${c('unknown route')}`],
      [404, `/${c('unknown path')}`],
      [404, `/v1/cases/..%2f${c('climbing path')}/x`],
    ] as const) {
      await expectStatus(status, intake, { path });
    }
    await ask(intake, { path: `/docs/${c('documentation')}`, token: null });
    await ask(intake, { path: `/health/ready?name=${c('probe')}`, token: null });
    await ask(intake, { path: `/openapi.json?name=${c('document')}`, token: null });
    await ask(intake, { method: 'DELETE', path: `/v1/cases/${c('other method')}` });
    await ask(intake, {
      path: `/v1/operations/quarantine/${c('operations')}/1`,
      token: await intake.tokenFor('operator'),
    });
  });

  it('in a header', async () => {
    const c = (place: string): string => aviary.refused(`header: ${place}`);
    const long = `${c('Idempotency-Key that is too long')}${'x'.repeat(128)}`;
    const body = firstContact;
    const path = '/v1/cases';
    await expectStatus(400, intake, { path, body, headers: { 'idempotency-key': long } });
    await expectStatus(400, intake, { path, body, headers: { 'if-match': c('If-Match') } });
    await expectStatus(415, intake, { path, body: 'x', headers: { 'content-type': `text/${c('Content-Type')}` } });
    await ask(intake, { path, body, headers: { 'content-type': `application/json; charset=${c('charset')}` } });
    await ask(intake, { path, body, headers: { 'content-encoding': c('Content-Encoding') } });
    await ask(intake, { path, headers: { accept: `application/${c('Accept')}` } });
    const ignored = Object.fromEntries(
      [
        ...['x-correlation-id', 'user-agent', 'referer', 'cookie', 'traceparent', 'tracestate', 'baggage', 'forwarded'],
        ...['x-forwarded-for', 'x-request-id', 'from', 'accept-language', 'origin', 'via', 'host'],
      ].map((header) => [header, c(header)]),
    );
    await expectStatus(201, intake, { path, body, headers: { ...ignored, [`x-${c('name of a header')}`]: '1' } });
    await expectStatus(404, intake, { path: `/v1/cases/${randomUUID()}`, headers: ignored });
  });

  it('in a token', async () => {
    const c = (place: string): string => aviary.refused(`token: ${place}`);
    const other = await createTestNetwork();
    const claims = (part: object): { agency: string; roles: string[] } => ({
      agency: INTAKE,
      roles: ['import'],
      ...part,
    });
    const tokens = [
      c('garbage'),
      `${Buffer.from(`{"alg":"none","kid":"${c('header')}"}`).toString('base64url')}.e30.`,
      await other.token(claims({ subject: c('subject under a foreign key') })),
      await network.token(claims({ subject: c('expired'), expiresInSeconds: -60 })),
      await network.token(claims({ issuer: c('issuer') })),
      await network.token(claims({ audience: c('audience') })),
      await network.token(claims({ subject: `${c('subject that is too long')}${'x'.repeat(200)}` })),
    ];
    for (const token of tokens) await expectStatus(401, intake, { path: '/v1/cases', token });
    for (const part of [{ agency: c('agency') }, { roles: [c('role')] }]) {
      await expectStatus(403, intake, { path: '/v1/cases', token: await network.token(claims(part)) });
    }
    await expectStatus(401, intake, {
      path: '/v1/cases',
      token: null,
      headers: { authorization: `Basic ${c('basic')}` },
    });
    // what a token was refused with stands in no line, so neither does the token
    for (const token of tokens.slice(1)) expect(written.join('')).not.toContain(token.split('.')[1]);
  });

  it('as bytes that are no request', async () => {
    const c = (place: string): string => aviary.refused(`bytes: ${place}`);
    await send(intake, `${c('method')} / HTTP/1.1\r\n\r\n`);
    await send(intake, `GET /${c('path')} HTTP/9.9\r\n\r\n`);
    await send(intake, `GET / HTTP/1.1\r\nhost: x\r\n${c('header without a colon')}\r\n\r\n`);
    await send(intake, `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${c('large header')}${'x'.repeat(100_000)}\r\n\r\n`);
    await send(intake, `POST /v1/cases HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n{"name":"${c('cut off')}`);
  });
});

describe('what an agency keeps for itself', () => {
  it('is recorded', async () => {
    const subject = aviary.privateTo(INTAKE, 'subject of a token');
    const roles = ['border-officer', 'caseworker'];
    const token = await network.token({ agency: INTAKE, roles, subject });
    const record = (step: string, body: object): Promise<string> =>
      expectStatus(200, intake, { path: `/v1/cases/${caseId}/${step}`, body, token });
    const interpreterId = aviary.privateTo(INTAKE, 'interpreter');
    const interpreter = { interpreterId, relation: 'INDEPENDENT' };
    await record('interpreter', { language: 'spa', mode: 'REMOTE', interpreter });
    await record('rights-information', {
      ...{ language: 'spa', understood: true, interpretation: 'REMOTE', topics: RIGHTS_TOPICS },
      packageVersion: 'cr-spa-2026.1',
    });
    const eligibility = await network.token({
      ...{ agency: ASYLUM, roles: ['eligibility-officer'], subject: aviary.privateTo(ASYLUM, 'subject of a token') },
    });
    const lodged = await expectStatus(201, asylum, {
      path: '/v1/applications',
      body: { caseId, form: 'ORAL', lodgedBy: 'SELF', lodgedOn: '2024-05-02', enteredOn: '2024-05' },
      token: eligibility,
    });
    const { applicationId } = JSON.parse(lodged) as { applicationId: string };
    await expectStatus(200, asylum, {
      path: `/v1/applications/${applicationId}/registration`,
      body: { registeredOn: '2024-05-03', fileNumber: aviary.privateTo(ASYLUM, 'file number') },
      token: eligibility,
    });
  });
});

describe('the identities of people', () => {
  it('are kept by the agency that they told, while their referrals are rejected and their consent is withdrawn', async () => {
    const planting = { desks, sender: INTAKE, receiver: ASYLUM, today: TODAY };
    const people = await PlantedPeople.plant(planting, aviary, 30);
    await people.reject();
    await people.withdraw();
    await people.expectKept();
    for (const fate of ['OFFERED', 'REJECTED', 'WITHDRAWN'] as const) {
      collected.push({ name: `what the receiver is shown, ${fate}`, text: await people.shownToReceiver(fate) });
    }
  });
});

describe('what was typed in', () => {
  beforeAll(async () => {
    // both agencies have published all they recorded, and everybody has taken it in
    await eventually(async () => {
      for (const node of nodes) {
        const { body } = await node.get('/v1/operations/counts', { roles: ['operator'] });
        const { committed, published } = body.relay as { committed: number; published: number };
        expect(published).toBe(committed);
      }
      for (const source of [INTAKE, ASYLUM]) {
        const sent = nodes.find(({ agencyId }) => agencyId === source);
        const { rows } = (await sent?.pool.query('SELECT published_through AS n FROM relay.cursor')) ?? { rows: [] };
        for (const node of nodes.filter(({ agencyId }) => agencyId !== source)) {
          const { rows: taken } = await node.pool.query(
            'SELECT last_number AS n FROM inbox.source_cursor WHERE source = $1',
            [source],
          );
          expect(taken).toEqual(rows);
        }
      }
    });
    for (const node of nodes) {
      const metrics = await fetch(node.node.metricsUrl ?? '');
      collected.push({ name: `metrics of ${node.agencyId}`, text: await metrics.text() });
      collected.push({ name: `log lines of ${node.agencyId}`, text: node.logLines.join('') });
      collected.push(await databaseOf(node));
    }
    collected.push({ name: 'output of the process', text: written.join('') });
    for (const span of spans.getFinishedSpans()) {
      const { name, attributes, status, events, links, resource } = span;
      const told = { name, attributes, status, events, links, resource: resource.attributes };
      collected.push({ name: `span ${name}`, text: JSON.stringify([span.spanContext(), told]) });
    }
    for (const [topic, records] of store.topics) {
      collected.push({ name: 'name of a topic', text: topic });
      for (const { value, headers } of records) {
        collected.push({ name: 'record of the log', text: `${value}${JSON.stringify(headers)}` });
      }
    }
    collected.push({ name: 'groups of the log', text: [...store.positions.keys()].join('\n') });
  });

  it('was put into many places, and each collector has something to tell', () => {
    expect(aviary.canaries.length).toBeGreaterThan(300);
    for (const name of [
      'log lines of',
      'metrics of',
      'database of',
      'span POST',
      'span append',
      'record of',
      'answer of',
    ]) {
      expect([name, collected.some((entry) => entry.name.startsWith(name) && entry.text.length > 0)]).toEqual([
        name,
        true,
      ]);
    }
  });

  it('is not in the open even where it may be kept: what a case says is encrypted at rest', () => {
    const kept = aviary.canaries.filter(({ allowedAt }) => allowedAt !== null);
    expect(kept.length).toBeGreaterThan(0);
    expect(
      sightings(
        kept.map((canary) => ({ ...canary, allowedAt: null })),
        collected,
      ),
    ).toEqual([]);
  });

  it('is found in no log line, span, metric, refusal, record or database of another agency', () => {
    expect(sightings(aviary.canaries, collected)).toEqual([]);
  });

  it('would have been found', () => {
    const [canary] = aviary.canaries;
    const text = canary?.text ?? '';
    for (const spelling of [
      text.toUpperCase(),
      `"${text}"`,
      Buffer.from(`name=${text};`).toString('base64'),
      Buffer.from(`{"n":"${text}"}`).toString('base64url'),
      Buffer.from(text).toString('hex'),
    ]) {
      expect([spelling, sightings(aviary.canaries, [{ name: 'x', text: spelling }])]).toEqual([
        spelling,
        [`${canary?.place} in x`],
      ]);
    }
  });

  it('left log lines that are one JSON object each, with their agency', () => {
    for (const line of nodes.flatMap((node) => node.logLines)) {
      expect(line.endsWith('\n') && !line.slice(0, -1).includes('\n')).toBe(true);
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), agency: expect.any(String) });
    }
  });
});
