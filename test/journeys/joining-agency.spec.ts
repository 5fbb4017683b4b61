import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, IssuerTokens, type RunFile } from '@acogida/operations';
import { eventually, freePort } from '@acogida/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { runCommand, RunningPlatform } from './running-platform.ts';

const root = resolve(import.meta.dirname, '../..');
const NEWCOMER = 'pa-border-intake';
const NEIGHBOUR = 'cr-border-intake';
const AUDIENCE = 'urn:acogida';
const CASE = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
const PATIENCE_MS = 30_000;

interface Counts {
  readonly relay: { readonly published: number };
  readonly inbox: readonly { readonly source: string; readonly lastNumber: number; readonly status: string }[];
}

let platform: RunningPlatform;
let run: RunFile;
let client: ApiClient;
/** The agency's own machine: its keys, its issuer, its node. */
let folder: string;
let issuer: Server;
let token: (role: string) => Promise<string>;
let node: ChildProcess;
let nodeUrl: string;

beforeAll(async () => {
  platform = await RunningPlatform.create('embedded');
  run = await platform.run();
  client = new ApiClient(run, new IssuerTokens(run.issuer), { patienceMs: PATIENCE_MS });
  folder = await mkdtemp(join(tmpdir(), 'acogida-newcomer-'));
  ({ issuer, token } = await startIssuer());
}, 240_000);

afterAll(async () => {
  node?.kill('SIGTERM');
  issuer?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** The issuer of the newcomer's people; every agency has its own. */
async function startIssuer(): Promise<{ issuer: Server; token: typeof token }> {
  const keys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'ES256' };
  const server = createServer((_, reply) => void reply.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    issuer: server,
    token: (role) =>
      new SignJWT({ agency: NEWCOMER, roles: [role] })
        .setProtectedHeader({ alg: 'ES256', kid: 'own', typ: 'at+jwt' })
        .setSubject(`${NEWCOMER}.${role}`)
        .setIssuer(urlOf(server))
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('10 minutes')
        .sign(keys.privateKey),
  };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function agency<T>(...words: string[]): Promise<T> {
  const { exitCode, json, stderr } = await runCommand<T>('deploy/agency/dist/main.js', [...words, '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return json;
}

/** Starts the newcomer's node on a database of its own, with its own admission and nobody else's. */
async function startNode(genesisId: string): Promise<void> {
  const neighbour = run.nodes.find(({ agencyId }) => agencyId === NEIGHBOUR);
  const database = new URL(neighbour?.databaseUrl ?? '');
  const pool = new pg.Client({ connectionString: database.href });
  await pool.connect();
  await pool.query('CREATE DATABASE agency_pa_border_intake');
  await pool.end();
  database.pathname = '/agency_pa_border_intake';
  const port = await freePort();
  nodeUrl = `http://127.0.0.1:${port}`;
  node = spawn(process.execPath, [join(root, 'services/intake/dist/main.js')], {
    cwd: root,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      ...{ NODE_ENV: 'production', AGENCY_ID: NEWCOMER, PORT: String(port), DATABASE_URL: database.href },
      ...{ LOG_DRIVER: 'embedded', LOG_DATABASE_URL: run.log.databaseUrl ?? '', LOG_LEVEL: 'warn' },
      ...{ GENESIS_FILE: join(platform.dataDir, 'genesis.json'), GENESIS_ID: genesisId },
      ...{ ADMISSIONS_FILE: join(folder, 'admission.json'), SIGNING_KEY_FILE: join(folder, 'signing.pem') },
      SEALING_KEY_FILE: join(platform.dataDir, 'keys', 'sealing.key'),
      KMS: `file:${join(folder, 'master.json')}`,
      ...{ OIDC_ISSUER: urlOf(issuer), OIDC_JWKS_URI: `${urlOf(issuer)}/jwks`, OIDC_AUDIENCE: AUDIENCE },
    },
  });
  await eventually(async () => expect((await fetch(`${nodeUrl}/health/ready`)).status).toBe(200), 60_000);
}

async function ask<T>(path: string, role: string, body?: object): Promise<T> {
  const reply = await fetch(`${nodeUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${await token(role)}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(reply.status).toBeLessThan(300);
  return (await reply.json()) as T;
}

async function countsOf(agencyId: string): Promise<Counts> {
  const path = '/v1/operations/counts';
  if (agencyId === NEWCOMER) return ask<Counts>(path, 'operator');
  return (await client.call<Counts>({ agency: agencyId, role: 'operator', method: 'GET', path })).body;
}

/** Every other node that runs has as much of the agency as it says. */
async function heardEverywhere(agencyId: string): Promise<void> {
  const readers = [...run.nodes.map((one) => one.agencyId), NEWCOMER].filter((one) => one !== agencyId);
  await eventually(async () => {
    const { published } = (await countsOf(agencyId)).relay;
    for (const reader of readers) {
      const row = (await countsOf(reader)).inbox.find(({ source }) => source === agencyId);
      expect([reader, row?.lastNumber, row?.status]).toEqual([reader, published, 'flowing']);
    }
  }, PATIENCE_MS);
}

const pids = async (): Promise<readonly (number | null)[]> => (await platform.run()).nodes.map(({ pid }) => pid);

describe('an agency that joins a running platform', () => {
  it('is admitted by the roots, is heard by everybody and hears everybody; nobody is started again', async () => {
    const before = await pids();
    const described = ['--kind', 'intake', '--jurisdiction', 'PA', '--name', 'Paso Canoas, Panama'];
    await agency('init', '--agency', NEWCOMER, ...described, '--out', folder);
    for (const name of ['root-1', 'root-3']) {
      const key = join(platform.dataDir, 'keys', `${name}.pem`);
      const genesis = join(platform.dataDir, 'genesis.json');
      const request = join(folder, 'admission-request.json');
      await agency('admit', '--request', request, '--genesis', genesis, '--root-key', key);
    }
    const published = await agency('join', join(folder, 'admission.json'), '--data-dir', platform.dataDir);
    expect(published).toEqual({ published: [{ type: 'admission', agency: NEWCOMER }] });
    const { body } = await client.call<{ genesis: string }>({
      ...{ agency: NEIGHBOUR, role: 'operator', method: 'GET', path: '/v1/operations/keys' },
    });
    await startNode(body.genesis);
    await ask('/v1/cases', 'border-officer', CASE);
    await heardEverywhere(NEWCOMER);
    await heardEverywhere('regional-directory');
    expect(await pids()).toEqual(before);
  }, 120_000);

  it('follows the rotation of another, as everybody does', async () => {
    const before = await pids();
    const key = join(platform.dataDir, 'keys', `${NEIGHBOUR}.signing.pem`);
    const words = ['--agency', NEIGHBOUR, '--signing-key', key, '--data-dir', platform.dataDir];
    expect(await agency('rotate-keys', ...words)).toMatchObject({ agency: NEIGHBOUR, sequence: 2 });
    const opened = { agency: NEIGHBOUR, role: 'border-officer', method: 'POST', path: '/v1/cases' } as const;
    await client.call({ ...opened, body: CASE, idempotencyKey: 'after the rotation' });
    await eventually(async () => {
      const { body } = await client.call<{ sequence: number }>({
        ...{ agency: NEIGHBOUR, role: 'operator', method: 'GET', path: '/v1/operations/keys' },
      });
      expect(body.sequence).toBe(2);
    });
    await heardEverywhere(NEIGHBOUR);
    expect(await pids()).toEqual(before);
  }, 60_000);

  it('ends where the roots revoke its key', async () => {
    interface Keys {
      readonly keys: { readonly signing: { readonly keyId: string } };
      readonly treeSize: number;
      readonly treeHead: string;
    }
    const { keys, treeSize, treeHead } = await ask<Keys>('/v1/operations/keys', 'operator');
    const file = join(folder, 'revocation.json');
    const words = ['--agency', NEWCOMER, '--key-id', keys.signing.keyId, '--last-good', String(treeSize)];
    for (const name of ['root-1', 'root-2']) {
      const signing = ['--root-key', join(platform.dataDir, 'keys', `${name}.pem`), '--out', file];
      const genesis = ['--genesis', join(platform.dataDir, 'genesis.json')];
      const why = ['--tree-head', treeHead, '--reason', 'KEY_COMPROMISED'];
      await agency('revoke', ...words, ...why, ...genesis, ...signing);
    }
    await agency('publish', file, '--data-dir', platform.dataDir);
    await eventually(async () => {
      const reply = await fetch(`${nodeUrl}/v1/operations/keys`, {
        headers: { authorization: `Bearer ${await token('operator')}` },
      });
      expect((await reply.json()) as object).toMatchObject({ code: 'TRUST.NO_KEYS' });
    }, PATIENCE_MS);
    await heardEverywhere('regional-directory');
  }, 60_000);
});
