import { expect } from '@jest/globals';
import type { RunFile } from '@acogida/operations';
import { eventually, freePort, listenWithinReach } from '@acogida/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exportJWK, generateKeyPair, type GenerateKeyPairResult, SignJWT } from 'jose';
import pg from 'pg';
import type { JourneyClock } from './journey-clock.ts';
import { typesOpened } from './opened-at-newcomer.ts';
import { runCommand, type RunningPlatform } from './running-platform.ts';

const root = resolve(import.meta.dirname, '../..');
const AUDIENCE = 'urn:acogida';
const READY_WITHIN_MS = 60_000;

/** Agency that joins in journeys. */
export const NEWCOMER = 'pa-border-intake';

/** What an agency's node says of its keys and of its tree. */
export interface OwnKeys {
  readonly genesis: string;
  readonly sequence: number;
  readonly keys: { readonly signing: { readonly keyId: string } };
  readonly treeSize: number;
  readonly treeHead: string;
}

/** An agency that is on a machine of its own: its keys, its issuer, its database, its node. Only the log is shared. */
export class Newcomer {
  /** Its keys and statements. */
  readonly folder: string;
  readonly #platform: RunningPlatform;
  readonly #run: RunFile;
  readonly #clock: JourneyClock;
  readonly #issuer: Issuer;
  readonly #environment: NodeJS.ProcessEnv;
  #node: ChildProcess | null = null;
  #url = '';
  #databaseUrl = '';

  private constructor(
    platform: RunningPlatform,
    clock: JourneyClock,
    own: {
      readonly folder: string;
      readonly run: RunFile;
      readonly issuer: Issuer;
      readonly environment: NodeJS.ProcessEnv;
    },
  ) {
    this.#platform = platform;
    this.#clock = clock;
    this.folder = own.folder;
    this.#run = own.run;
    this.#issuer = own.issuer;
    this.#environment = own.environment;
  }

  /** @param environment what its node is told besides */
  static async prepare(
    platform: RunningPlatform,
    clock: JourneyClock,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Newcomer> {
    const folder = await mkdtemp(join(tmpdir(), 'acogida-newcomer-'));
    const own = { folder, run: await platform.run(), issuer: await Issuer.start(), environment };
    return new Newcomer(platform, clock, own);
  }

  /** `npm run agency -- …` at its machine, or at that of a root. */
  async agency<T>(...words: readonly string[]): Promise<T> {
    const { exitCode, json, stderr } = await runCommand<T>('deploy/agency/dist/main.js', [...words, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return json;
  }

  /** Has two of the roots sign what the words say. */
  async signedByRoots(...words: readonly string[]): Promise<void> {
    const genesis = ['--genesis', join(this.#platform.dataDir, 'genesis.json')];
    for (const name of ['root-1', 'root-3']) {
      const key = join(this.#platform.dataDir, 'keys', `${name}.pem`);
      await this.agency(...words, ...genesis, '--root-key', key);
    }
  }

  /** Starts its node on a database of its own, with its own admission and nobody else's. */
  async startNode(genesisId: string): Promise<void> {
    const port = await freePort();
    this.#url = `http://127.0.0.1:${port}`;
    const { driver, databaseUrl, brokers } = this.#run.log;
    this.#databaseUrl = await this.#createDatabase();
    this.#node = spawn(process.execPath, [join(root, 'services/intake/dist/main.js')], {
      cwd: root,
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        ...this.#clock.environment,
        ...this.#environment,
        ...{ AGENCY_ID: NEWCOMER, PORT: String(port), DATABASE_URL: this.#databaseUrl, LOG_LEVEL: 'warn' },
        ...{ PUBLIC_URL: this.#url, CHANNEL_ALLOWED_HOSTS: 'http://127.0.0.1' }, // where others ask it, and it them
        LOG_DRIVER: driver,
        ...(driver === 'embedded' ? { LOG_DATABASE_URL: databaseUrl ?? '' } : { KAFKA_BROKERS: brokers.join() }),
        ...{ GENESIS_FILE: join(this.#platform.dataDir, 'genesis.json'), GENESIS_ID: genesisId },
        ...{ ADMISSIONS_FILE: this.file('admission.json'), SIGNING_KEY_FILE: this.file('signing.pem') },
        SEALING_KEY_FILE: join(this.#platform.dataDir, 'keys', 'sealing.key'),
        ...{ KEYS_MODE: process.env['KEYS_MODE'] ?? '', AUDIT_MANDATES: 'cr-ombudsman:RESTRICTED' },
        KMS: `file:${this.file('master.json')}`,
        ...{ OIDC_ISSUER: this.#issuer.url, OIDC_JWKS_URI: `${this.#issuer.url}/jwks`, OIDC_AUDIENCE: AUDIENCE },
      },
    });
    await eventually(async () => expect((await fetch(`${this.#url}/health/ready`)).status).toBe(200), READY_WITHIN_MS);
  }

  /** A file in its folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  async ask<T>(path: string, role: string, body?: object): Promise<T> {
    const reply = await this.#fetch(path, role, body);
    const answer = (await reply.json()) as T;
    expect([path, reply.status < 300, answer]).toEqual([path, true, answer]);
    return answer;
  }

  /** The code with which its node refuses. */
  async refusal(path: string, role: string, body?: object): Promise<string | undefined> {
    return ((await (await this.#fetch(path, role, body)).json()) as { readonly code?: string }).code;
  }

  /** Types of what it can open of an agency's events of a case, in order. */
  async typesOpened(source: string, caseId: string): Promise<readonly string[]> {
    const { genesis } = await this.ownKeys();
    const [databaseUrl, masterKeyFile] = [this.#databaseUrl, this.file('master.json')];
    return typesOpened(this.#run, { agency: NEWCOMER, genesis, databaseUrl, masterKeyFile }, { source, caseId });
  }

  /** Its keys in use. */
  ownKeys(): Promise<OwnKeys> {
    return this.ask<OwnKeys>('/v1/operations/keys', 'operator');
  }

  /** Its machine burns down: the node is gone without a word, and so is what only it had. */
  async isGone(): Promise<void> {
    const node = this.#node;
    this.#node = null;
    if (node === null || node.exitCode !== null) return;
    const closed = once(node, 'close');
    node.kill('SIGKILL');
    await closed;
  }

  async remove(): Promise<void> {
    await this.isGone();
    this.#issuer.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #fetch(path: string, role: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${await this.#issuer.token(role)}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async #createDatabase(): Promise<string> {
    const name = `agency_${NEWCOMER.replaceAll('-', '_')}`;
    const database = new URL(this.#run.nodes[0]?.databaseUrl ?? '');
    const client = new pg.Client({ connectionString: database.href });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`).finally(() => client.end());
    database.pathname = `/${name}`;
    return database.href;
  }
}

/** The issuer of the newcomer's people; every agency has its own. */
class Issuer {
  readonly url: string;
  readonly #server: Server;
  readonly #key: GenerateKeyPairResult['privateKey'];

  private constructor(server: Server, key: GenerateKeyPairResult['privateKey']) {
    this.#server = server;
    this.#key = key;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'own', alg: 'ES256' };
    const server = createServer((_, reply) => void reply.end(JSON.stringify({ keys: [jwk] })));
    await listenWithinReach(server);
    return new Issuer(server, privateKey);
  }

  token(role: string): Promise<string> {
    return new SignJWT({ agency: NEWCOMER, roles: [role] })
      .setProtectedHeader({ alg: 'ES256', kid: 'own', typ: 'at+jwt' })
      .setSubject(`${NEWCOMER}.${role}`)
      .setIssuer(this.url)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('10 minutes')
      .sign(this.#key);
  }

  close(): void {
    this.#server.close();
  }
}
