import { randomUUID } from 'node:crypto';
import type { Clock, Ids, StepObserver } from '@acogida/core';
import { type EventLog, MemoryEventLog } from '@acogida/event-log';
import {
  type AlarmClock,
  bootNode,
  type KeysMode,
  type NodeAgency,
  type NodeConfiguration,
  type NodeDefinition,
  type NodeReplacements,
  type PrivateKeys,
  type Role,
  type RunningNode,
  type SigningKeys,
} from '@acogida/service-kit';
import type { AdmissionStatement, RootSigned } from '@acogida/ledger';
import { type Kms, MemoryKms } from '@acogida/sealing';
import type pg from 'pg';
import { freePort } from '../free-port.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { createTestNetwork, TEST_AUDIENCE, TEST_ISSUER, type TestNetwork } from './test-network.ts';

/** How a test node differs from the default: a network of its own, a log in memory, the machine's clock. */
export interface TestNodeOptions {
  /** Share it between the nodes of a spec: `await createTestNetwork()`. */
  readonly network?: TestNetwork;
  /** The first agency of the definition's kind by default. */
  readonly agencyId?: string;
  /** Share the store between nodes: `new MemoryEventLog(store)`, one log for each node. Closed with the node. */
  readonly log?: EventLog;
  /** Whom the node knows from the start beside the directory; the whole network by default. */
  readonly admissions?: readonly RootSigned<AdmissionStatement>[];
  /** The agency's first key by default. */
  readonly signingKeys?: SigningKeys;
  /** The agency's first key by default. */
  readonly transportKeys?: PrivateKeys;
  /** What the node seals with; `KEYS_MODE` of the environment by default, or the network's development key. */
  readonly keysMode?: KeysMode;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Wakes the node for its deadlines, instead of jobs in its database. */
  readonly alarm?: AlarmClock;
  /** Where the node's master key is; one that ends with the process by default. */
  readonly kms?: Kms;
  /** How long offer keys that an erasure retired still open, in milliseconds. */
  readonly erasureGraceMs?: number;
  /** That of an earlier node of the agency, to go on with; the node leaves it as it is when it stops. A new one by default. */
  readonly database?: TestDatabase;
  /** Leads the node's own connections elsewhere, through a proxy that a spec breaks. */
  readonly reachDatabase?: (url: string) => string;
  /** `silent` by default; lines are kept in `logLines`. */
  readonly logLevel?: string;
  /** Stands around every step of the node. */
  readonly observer?: StepObserver;
  /** Gets the node's spans when they end; nothing is traced without it. */
  readonly spanExporter?: NodeReplacements['spanExporter'];
  /** Lets agencies without a node answer by links, at `https://node.test`. */
  readonly withAnswerLinks?: boolean;
  /** Announces where it is asked by other agencies, on a free port of this machine, if it has channel services. */
  readonly withChannel?: boolean;
  /** Serves metrics on a free port. */
  readonly withMetrics?: boolean;
  /** How long clearances of this agency stand, in milliseconds; as in production by default. */
  readonly leaseMs?: number;
  /** How often it says that it is there, in milliseconds; others are stale to it after three times that. 10 s by default. */
  readonly heartbeatIntervalMs?: number;
  /** How long its gate waits for an authority's answer, in milliseconds; as in production by default. */
  readonly clearanceDeadlineMs?: number;
}

/** Who asks, and what else the request says. */
export interface TestRequestOptions {
  /** Roles of the token; the subject is `<agency>.<first role>`. */
  readonly roles?: readonly Role[];
  /** Instead of `roles`; null for a request without a token. */
  readonly token?: string | null;
  /** A new one for each POST by default; null sends none. */
  readonly idempotencyKey?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with its JSON body parsed. */
export interface TestReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- specs assert what is inside
  readonly body: any;
  readonly text: string;
}

/** A node on a database of its own. */
export interface TestNode {
  readonly agencyId: string;
  readonly network: TestNetwork;
  readonly node: RunningNode;
  /** A pool on the node's database, for looking at rows. */
  readonly pool: pg.Pool;
  /** Lines that the node logged. */
  readonly logLines: readonly string[];
  /** A token of this agency. */
  tokenFor(...roles: Role[]): Promise<string>;
  get(path: string, options?: TestRequestOptions): Promise<TestReply>;
  post(path: string, body?: object | string, options?: TestRequestOptions): Promise<TestReply>;
  put(path: string, body?: object | string, options?: TestRequestOptions): Promise<TestReply>;
  /** Stops the node and drops its database, unless it was given one. */
  stop(): Promise<void>;
}

function configurationOf(
  definition: NodeDefinition,
  network: TestNetwork,
  databaseUrl: string,
  options: TestNodeOptions,
  port: number,
): NodeConfiguration {
  const agencyId = options.agencyId ?? network.agencyOf(definition.kind);
  const { admissions = network.admissions } = options;
  const agency =
    network.agencies.find((candidate) => candidate.agencyId === agencyId) ?? newcomerIn(admissions, agencyId);
  if (agency === undefined) throw new RangeError(`the test network has no agency ${agencyId}`);
  const signingKey = network.signingKeyOf(agencyId);
  const mode = options.keysMode ?? (process.env['KEYS_MODE'] === 'cases' ? 'cases' : 'development');
  return {
    agencyId,
    agency,
    host: '127.0.0.1',
    port,
    databaseUrl,
    log: { driver: 'embedded', databaseUrl },
    genesis: network.genesis,
    admissions,
    signingKeys: options.signingKeys ?? (() => [signingKey]),
    transportKeys: options.transportKeys ?? (() => [network.keysOf(agencyId).privateKeys.transport]),
    keys: mode === 'development' ? { mode } : caseKeysOf(network, agencyId),
    sealingKey: network.sealingKey,
    kms: { driver: 'file', path: '' }, // in memory instead
    oidc: { issuer: TEST_ISSUER, audience: TEST_AUDIENCE },
    logLevel: options.logLevel ?? 'silent',
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 10_000,
    ...(options.withChannel === true ? { publicUrl: `http://127.0.0.1:${port}` } : {}),
    ...(options.withAnswerLinks === true ? { answerLinks: { publicUrl: 'https://node.test' } } : {}),
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    ...(options.clearanceDeadlineMs === undefined ? {} : { clearanceDeadlineMs: options.clearanceDeadlineMs }),
    ...(options.withMetrics === true ? { metrics: { host: '127.0.0.1', port: 0 } } : {}),
  };
}

/** With a mandate of every auditor for all that there is. */
function caseKeysOf(network: TestNetwork, agencyId: string): NodeConfiguration['keys'] {
  const auditors = network.agencies.filter(({ kind }) => kind === 'timeline');
  return {
    mode: 'cases',
    sealingKeys: () => [network.keysOf(agencyId).privateKeys.sealing],
    auditMandates: new Map(auditors.map((auditor) => [auditor.agencyId, 'RESTRICTED'])),
  };
}

function newcomerIn(admissions: readonly RootSigned<AdmissionStatement>[], agencyId: string): NodeAgency | undefined {
  const { statement } = admissions.find((signed) => signed.statement.agency === agencyId) ?? {};
  return statement && { agencyId, kind: statement.kind, name: statement.name, jurisdiction: statement.jurisdiction };
}

function requester(agencyId: string, network: TestNetwork, node: RunningNode) {
  return async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: object | string | undefined,
    options: TestRequestOptions,
  ): Promise<TestReply> => {
    const token =
      options.token === undefined
        ? await network.token({ agency: agencyId, roles: options.roles ?? [] })
        : options.token;
    const key = options.idempotencyKey === undefined && method === 'POST' ? randomUUID() : options.idempotencyKey;
    const reply = await node.app.inject({
      method,
      url: path,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(key === null || key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const isJson = String(reply.headers['content-type'] ?? '').includes('json');
    return {
      status: reply.statusCode,
      headers: reply.headers as Readonly<Record<string, string | undefined>>,
      body: isJson && reply.payload !== '' ? (JSON.parse(reply.payload) as unknown) : undefined,
      text: reply.payload,
    };
  };
}

/**
 * Boots a node of the definition on a new database with a log in memory, as production boots it.
 *
 * ```ts
 * let node: TestNode;
 * beforeAll(async () => { node = await startTestNode(intakeNode); });
 * afterAll(() => node.stop());
 * const reply = await node.post('/v1/cases', { place: 'PASO_CANOAS' }, { roles: ['border-officer'] });
 * expect(reply.status).toBe(201);
 * ```
 */
export async function startTestNode(definition: NodeDefinition, options: TestNodeOptions = {}): Promise<TestNode> {
  const network = options.network ?? (await createTestNetwork());
  const database = options.database ?? (await createTestDatabase());
  const leave = async (): Promise<void> => {
    if (options.database === undefined) await database.drop();
  };
  const log = options.log ?? new MemoryEventLog();
  const databaseUrl = options.reachDatabase?.(database.url) ?? database.url;
  const port = options.withChannel === true ? await freePort() : 0;
  const configuration = configurationOf(definition, network, databaseUrl, options, port);
  const { agencyId } = configuration;
  const logLines: string[] = [];
  const node = await bootNode(definition, configuration, {
    replacements: {
      log,
      tokenKeys: network.tokenKeys,
      kms: options.kms ?? new MemoryKms(),
      ...(options.erasureGraceMs === undefined ? {} : { erasureGraceMs: options.erasureGraceMs }),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.ids === undefined ? {} : { ids: options.ids }),
      ...(options.alarm === undefined ? {} : { alarm: options.alarm }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
      ...(options.spanExporter === undefined ? {} : { spanExporter: options.spanExporter }),
    },
    logDestination: { write: (line) => void logLines.push(line) },
  }).catch(async (error: unknown) => {
    await log.close();
    await leave();
    throw error;
  });
  const request = requester(agencyId, network, node);
  return {
    agencyId,
    network,
    node,
    pool: database.pool,
    logLines,
    tokenFor: (...roles) => network.token({ agency: agencyId, roles }),
    get: (path, requestOptions = {}) => request('GET', path, undefined, requestOptions),
    post: (path, body, requestOptions = {}) => request('POST', path, body, requestOptions),
    put: (path, body, requestOptions = {}) => request('PUT', path, body, requestOptions),
    stop: async () => {
      await node.stop();
      await log.close();
      await leave();
    },
  };
}
