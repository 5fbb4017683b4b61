import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NetworkFile, SAMPLE_AGENCIES, type SampleAgency } from '../network.ts';
import type { DataDir } from './data-dir.ts';
import { HOST, type PortPlan } from './ports.ts';
import { databaseNameOf, databaseUrl } from './postgres.ts';
import type { ProcessDefinition } from './supervised-process.ts';

/** Audience of the tokens and of the nodes. */
export const AUDIENCE = 'urn:acogida';
/** Database of the embedded log. */
export const LOG_DATABASE = 'acogida_log';
/** Every role of `ROLES` in @acogida/service-kit: one development user per role and agency. */
export const DEVELOPMENT_ROLES = [
  'caseworker',
  'border-officer',
  'referral-officer',
  'screening-officer',
  'eligibility-officer',
  'supervisor',
  'coordinator',
  'consent-override',
  'data-protection-officer',
  'legal-counsel',
  'auditor',
  'operator',
  'import',
] as const;

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
const EXIT_WITH_LAUNCHER = new URL('../child/exit-with-launcher.js', import.meta.url).href;
const OWN_SOURCE_MAPS = new URL('../child/own-source-maps.js', import.meta.url).href;
const ISSUER_MAIN = fileURLToPath(new URL('../issuer/main.js', import.meta.url));
/** All processes of a platform share one machine: `test/journeys/caseload-journey.ts` says what they may take together. */
const NODE_FLAGS = ['--max-semi-space-size=4', '--max-old-space-size=160', '--import', OWN_SOURCE_MAPS];
const MALLOC_ARENA_MAX = '2';
/** Each connection is a process of PostgreSQL that takes 4 MB, and all nodes are on one machine. */
const POOL_SIZE = 6;

/** Where the nodes' log is. */
export type LogPlace =
  | { readonly driver: 'embedded'; readonly databaseUrl: string }
  | { readonly driver: 'kafka'; readonly brokers: readonly string[] };

/** Everything that the definitions of processes need to know. */
export interface Surroundings {
  readonly dir: DataDir;
  readonly ports: PortPlan;
  readonly databasePassword: string;
  readonly log: LogPlace;
  /** The genesis that the nodes pin. */
  readonly genesisId: string;
}

/** The issuer's address: the `iss` of its tokens. */
export function issuerUrl(ports: PortPlan): string {
  return `http://${HOST}:${ports.issuer}`;
}

/** File with the secret that all development users share. */
export function issuerSecretFile(dir: DataDir): string {
  return join(dir.keys, 'issuer.secret');
}

/** File with the issuer's private keys. */
export function issuerKeysFile(dir: DataDir): string {
  return join(dir.keys, 'issuer-keys.json');
}

/** Writes what the issuer reads: its users, and the secret when it is missing. */
export async function ensureIssuerFiles(dir: DataDir, network: NetworkFile): Promise<void> {
  const users = network.agencies.flatMap(({ agencyId }) =>
    DEVELOPMENT_ROLES.map((role) => ({ agency: agencyId, name: role, roles: [role] })),
  );
  await writeFile(join(dir.path, 'issuer-users.json'), `${JSON.stringify(users, null, 2)}\n`);
  const secretFile = issuerSecretFile(dir);
  if (!existsSync(secretFile))
    await writeFile(secretFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
}

/** What children inherit: the machine's environment without what npm and Node add for their own. */
function inherited(): NodeJS.ProcessEnv {
  const own = /^(npm_|NODE_OPTIONS$|NX_|INIT_CWD$|ACOGIDA_|DATABASE_URL$|PORT$|KAFKA_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** The development issuer as a process. */
export function issuerProcess({ dir, ports }: Surroundings): ProcessDefinition {
  return {
    name: 'issuer',
    command: process.execPath,
    args: [...NODE_FLAGS, '--import', EXIT_WITH_LAUNCHER, ISSUER_MAIN],
    environment: {
      ...inherited(),
      ISSUER_PORT: String(ports.issuer),
      ISSUER_HOST: HOST,
      ISSUER_USERS_FILE: join(dir.path, 'issuer-users.json'),
      ISSUER_SECRET_FILE: issuerSecretFile(dir),
      ISSUER_KEYS_FILE: issuerKeysFile(dir),
      OIDC_AUDIENCE: AUDIENCE,
    },
    logFile: join(dir.logs, 'issuer.log'),
    cwd: WORKSPACE,
  };
}

/** In a journey the nodes' clocks may be put forward by a file; nodes refuse that outside of NODE_ENV=test. */
function testTime(): NodeJS.ProcessEnv {
  const file = process.env['ACOGIDA_TEST_CLOCK_OFFSET_FILE'];
  return file === undefined || process.env['NODE_ENV'] !== 'test'
    ? {}
    : { NODE_ENV: 'test', ACOGIDA_TEST_CLOCK_OFFSET_FILE: file };
}

/** What the nodes seal with, where it is said. */
function keysMode(): NodeJS.ProcessEnv {
  const { KEYS_MODE } = process.env;
  return KEYS_MODE === undefined ? {} : { KEYS_MODE };
}

/** Where nodes ask others: each other, and where whoever starts them says besides. */
function allowedHosts(): string {
  const { CHANNEL_ALLOWED_HOSTS: besides = '' } = process.env;
  return [`http://${HOST}`, besides].filter((hosts) => hosts !== '').join(',');
}

/** The auditors of the sample network may read what is restricted, too: each agency has that mandate on record. */
const AUDIT_MANDATES = SAMPLE_AGENCIES.filter(({ kind }) => kind === 'timeline').map(
  ({ agencyId }) => `${agencyId}:RESTRICTED`,
);

/** The node of an agency as a process. */
export function nodeProcess(agency: SampleAgency, surroundings: Surroundings): ProcessDefinition {
  const { dir, ports, databasePassword, log, genesisId } = surroundings;
  return {
    name: agency.agencyId,
    command: process.execPath,
    args: [...NODE_FLAGS, '--import', EXIT_WITH_LAUNCHER, join(WORKSPACE, 'services', agency.kind, 'dist', 'main.js')],
    environment: {
      ...inherited(),
      MALLOC_ARENA_MAX, // keys and buffers of many threads otherwise spread over as many heaps
      NODE_ENV: 'production',
      ...testTime(),
      AGENCY_ID: agency.agencyId,
      PORT: String(ports.nodes.get(agency.agencyId)),
      HOST,
      PUBLIC_URL: `http://${HOST}:${ports.nodes.get(agency.agencyId)}`,
      CHANNEL_ALLOWED_HOSTS: allowedHosts(),
      DATABASE_POOL_SIZE: String(POOL_SIZE),
      DATABASE_URL: databaseUrl(ports.postgres, databasePassword, databaseNameOf(agency.agencyId)),
      GENESIS_FILE: dir.genesisFile,
      GENESIS_ID: genesisId,
      ADMISSIONS_FILE: dir.admissionsFile,
      SIGNING_KEY_FILE: dir.signingKeyFile(agency.agencyId),
      SEALING_KEY_FILE: dir.sealingKeyFile,
      ...keysMode(),
      AUDIT_MANDATES: AUDIT_MANDATES.join(','),
      KMS: `file:${dir.masterKeyFile(agency.agencyId)}`,
      OIDC_ISSUER: issuerUrl(ports),
      OIDC_AUDIENCE: AUDIENCE,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
      LOG_DRIVER: log.driver,
      ...(log.driver === 'embedded' ? { LOG_DATABASE_URL: log.databaseUrl } : { KAFKA_BROKERS: log.brokers.join(',') }),
    },
    logFile: join(dir.logs, `${agency.agencyId}.log`),
    cwd: WORKSPACE,
  };
}
