import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterPlace } from '../postgres/index.ts';
import { newNetwork, type NetworkFile, SAMPLE_AGENCIES } from '../network.ts';
import { ensureTrust, type SampleTrust } from './network-trust.ts';
import { commandLineOf } from './running-process.ts';

/** The platform cannot start here; the message says why and what to do. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const MARKER = 'acogida-data.json';
const LOCK = 'launcher.lock';

/** Places within a data directory. */
export interface DataDir {
  readonly path: string;
  readonly keys: string;
  readonly logs: string;
  /** The database cluster; outside the data directory when the server's account may not enter that. */
  readonly postgres: string;
  readonly kafka: string;
  /** The agencies and their first signing keys: for commands, no node goes by it. */
  readonly networkFile: string;
  readonly genesisFile: string;
  /** The id of the genesis, which nodes pin. */
  readonly genesisIdFile: string;
  readonly admissionsFile: string;
  readonly sealingKeyFile: string;
  readonly signingKeyFile: (agencyId: string) => string;
  readonly agencyKeyFile: (agencyId: string, use: 'signing' | 'sealing' | 'transport') => string;
  /** The master key of a node, made by the node when it starts first. */
  readonly masterKeyFile: (agencyId: string) => string;
}

/** The places, whether or not they exist yet. */
export function dataDirAt(path: string): DataDir {
  const keys = join(path, 'keys');
  return {
    path,
    keys,
    logs: join(path, 'logs'),
    postgres: clusterPlace(join(path, 'postgres')),
    kafka: join(path, 'kafka'),
    networkFile: join(path, 'network.json'),
    genesisFile: join(path, 'genesis.json'),
    genesisIdFile: join(path, 'genesis.id'),
    admissionsFile: join(path, 'admissions.json'),
    sealingKeyFile: join(keys, 'sealing.key'),
    signingKeyFile: (agencyId) => join(keys, `${agencyId}.signing.pem`),
    agencyKeyFile: (agencyId, use) => join(keys, `${agencyId}.${use}.pem`),
    masterKeyFile: (agencyId) => join(keys, `${agencyId}.master.json`),
  };
}

/** Refuses a directory that holds something else: a data directory is emptied by `--fresh`, somebody's home is not. */
function checkOwnership(path: string): void {
  if (!existsSync(path) || existsSync(join(path, MARKER))) return;
  if (readdirSync(path).length > 0) {
    throw new StartRefusedError(`${path} holds other files: name an empty or new directory with --data-dir`);
  }
}

/** Claims the directory for this process. @throws StartRefusedError another launcher has it */
async function lock(path: string): Promise<void> {
  const file = join(path, LOCK);
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(readFileSync(file, 'utf8'));
    const commandLine = Number.isInteger(pid) && pid > 0 ? commandLineOf(pid) : null;
    if (pid !== process.pid && commandLine?.includes('launcher') === true) {
      throw new StartRefusedError(
        `${path} is in use: a platform runs there already (process ${pid}). Stop it, or name another --data-dir`,
      );
    }
    await rm(file, { force: true });
  }
}

/**
 * Claims and prepares the data directory: empties it when `fresh`, and makes what is missing. Nothing that exists is
 * changed, so a second start goes on with the same keys and data.
 *
 * @throws StartRefusedError
 */
export async function claimDataDir(path: string): Promise<DataDir> {
  checkOwnership(path);
  await mkdir(path, { recursive: true, mode: 0o755 });
  await lock(path);
  await writeFile(join(path, MARKER), '{"formatVersion":1}\n');
  return dataDirAt(path);
}

/** Removes everything in a claimed directory but the claim. */
export async function emptyDataDir(dir: DataDir): Promise<void> {
  const kept = new Set([MARKER, LOCK]);
  for (const entry of readdirSync(dir.path)) {
    if (!kept.has(entry)) await rm(join(dir.path, entry), { recursive: true, force: true });
  }
  await rm(dir.postgres, { recursive: true, force: true }); // may stand outside
}

/** Gives the directory up. */
export async function releaseDataDir(dir: DataDir): Promise<void> {
  await rm(join(dir.path, LOCK), { force: true });
}

async function writeOnce(file: string, content: () => string): Promise<string> {
  if (!existsSync(file)) {
    await writeFile(`${file}.new`, content(), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return readFile(file, 'utf8');
}

/** What `ensureKeys` made or found. */
export interface DataDirKeys {
  readonly network: NetworkFile;
  readonly trust: SampleTrust;
  readonly databasePassword: string;
}

/** Makes the keys, the genesis and the network file that are missing. */
export async function ensureKeys(dir: DataDir): Promise<DataDirKeys> {
  await mkdir(dir.keys, { recursive: true, mode: 0o700 });
  await mkdir(dir.logs, { recursive: true });
  await writeOnce(dir.sealingKeyFile, () => `${randomBytes(32).toString('base64')}\n`);
  const password = await writeOnce(join(dir.keys, 'postgres.password'), () => randomBytes(24).toString('base64url'));
  const network = await ensureNetwork(dir);
  checkSigningKeys(dir, network);
  const trust = await ensureTrust(dir, network);
  return { network, trust, databasePassword: password.trim() };
}

/**
 * The network of this directory. Agencies that joined the sample since its last start get keys now; those of the others never
 * change. The file comes last: it lists an agency only when its private key is there.
 */
async function ensureNetwork(dir: DataDir): Promise<NetworkFile> {
  const kept = existsSync(dir.networkFile)
    ? (JSON.parse(await readFile(dir.networkFile, 'utf8')) as NetworkFile)
    : { network: 'sample', agencies: [] };
  const known = new Set(kept.agencies.map(({ agencyId }) => agencyId));
  const { file, privateKeys } = newNetwork(SAMPLE_AGENCIES.filter(({ agencyId }) => !known.has(agencyId)));
  if (privateKeys.size === 0) return kept;
  for (const [agencyId, key] of privateKeys) {
    await writeFile(dir.signingKeyFile(agencyId), pem(key), { mode: 0o600 });
  }
  const network = { ...kept, agencies: [...kept.agencies, ...file.agencies] };
  await writeFile(`${dir.networkFile}.new`, `${JSON.stringify(network, null, 2)}\n`, { mode: 0o600 });
  await rename(`${dir.networkFile}.new`, dir.networkFile);
  return network;
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function checkSigningKeys(dir: DataDir, network: NetworkFile): void {
  for (const { agencyId } of network.agencies) {
    try {
      createPrivateKey(readFileSync(dir.signingKeyFile(agencyId)));
    } catch {
      throw new StartRefusedError(
        `${dir.signingKeyFile(agencyId)} is missing or unreadable: restore it, or start with --fresh`,
      );
    }
  }
}
