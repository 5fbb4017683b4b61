import { readFile, writeFile } from 'node:fs/promises';
import { PassingFaultError, readRunFile, retrying, type RunFile, writeRunFile } from '@acogida/operations';
import { loadSigningKeys } from '../issuer/signing-keys.ts';
import { type DataDir, ensureKeys } from '../launcher/data-dir.ts';
import { databaseNameOf, ensureDatabases } from '../launcher/postgres.ts';
import { AUDIENCE, ensureIssuerFiles, issuerKeysFile, issuerSecretFile } from '../launcher/processes.ts';
import { seedDirectory } from '../launcher/seed-directory.ts';
import type { NetworkFile } from '../network.ts';
import {
  CONTAINER_BROKERS,
  CONTAINER_PORT,
  containerAddressOf,
  containerDatabaseOf,
  containerDatabaseUrl,
} from './container-places.ts';

/** Longest wait for a server or node that is still starting, in milliseconds: not every engine knows that it is. */
const PATIENCE_MS = 120_000;
/** Codes of Node and of PostgreSQL under which a server is not there yet. */
const NOT_THERE_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

/** What the containers of one network share before any of them runs. */
export interface KeysPreparation {
  readonly dir: DataDir;
  /** Where PostgreSQL reads its password; readable by any account of that container. */
  readonly databaseSecretFile: string;
  /** `iss` of the tokens. */
  readonly issuerUrl: string;
}

/**
 * Makes the keys, the network file, the passwords and the run file that are missing. Idempotent: what exists stays, so
 * containers that are started again go on with the same keys.
 */
export async function prepareKeys({ dir, databaseSecretFile, issuerUrl }: KeysPreparation): Promise<void> {
  const { network, databasePassword } = await ensureKeys(dir);
  await ensureIssuerFiles(dir, network);
  await loadSigningKeys(issuerKeysFile(dir));
  await writeFile(databaseSecretFile, databasePassword, { mode: 0o644 });
  await writeRunFile(containerRunFile(dir, network, issuerUrl, new Date()));
}

/** The run file by which import, reconcile, quarantine and token find the platform from a container beside it. */
export function containerRunFile(dir: DataDir, network: NetworkFile, issuerUrl: string, startedAt: Date): RunFile {
  return {
    formatVersion: 1,
    state: 'ready', // commands wait for a node that is away; no launcher will ever change this
    startedAt: startedAt.toISOString(),
    launcherPid: 0,
    dataDir: dir.path,
    networkFile: dir.networkFile,
    issuer: {
      url: issuerUrl,
      audience: AUDIENCE,
      tokenEndpoint: `${containerAddressOf('issuer')}/token`,
      secretFile: issuerSecretFile(dir),
      port: CONTAINER_PORT,
      pid: null,
    },
    log: { driver: 'kafka', databaseUrl: null, brokers: CONTAINER_BROKERS },
    nodes: network.agencies.map(({ agencyId, kind, jurisdiction, name }) => ({
      ...{ agencyId, kind, jurisdiction, name },
      url: containerAddressOf(agencyId),
      port: CONTAINER_PORT,
      pid: null,
      databaseUrl: containerDatabaseOf(agencyId),
    })),
    processes: [],
  };
}

/**
 * Creates the database of every agency of the network that has none yet.
 *
 * @throws UnreachableError the server stays away; pg.DatabaseError it refuses
 */
export async function prepareDatabases(dir: DataDir): Promise<void> {
  const network = JSON.parse(await readFile(dir.networkFile, 'utf8')) as NetworkFile;
  const names = network.agencies.map(({ agencyId }) => databaseNameOf(agencyId));
  await retrying(() => ensureDatabases(containerDatabaseUrl('postgres'), names).catch(passingWhenAway), {
    patienceMs: PATIENCE_MS,
  });
}

function passingWhenAway(error: unknown): never {
  const code = String((error as { code?: unknown }).code);
  throw NOT_THERE_YET.has(code) ? new PassingFaultError(`PostgreSQL is not there yet (${code})`) : error;
}

/** Lists the agencies at the directory, whose node runs. @throws UnreachableError, RefusedError */
export async function prepareDirectory(dir: DataDir, say: (line: string) => void): Promise<void> {
  await seedDirectory(await readRunFile(dir.path), { doing: say }, PATIENCE_MS);
}
