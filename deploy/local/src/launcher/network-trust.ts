import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newNetwork, pointOf } from '@acogida/agency';
import {
  ADMISSION,
  type Admission,
  type AdmissionStatement,
  type Genesis,
  genesisId,
  type PublicKeys,
  type RootSigned,
  signAsRoot,
  verifyGenesis,
} from '@acogida/ledger';
import type { NetworkFile, NetworkFileAgency } from '../network.ts';
import type { DataDir } from './data-dir.ts';

/** Roots of the sample network: real ones are other people's, offline. */
const ROOTS = 3;
const THRESHOLD = 2;

/** An admission as it stands in a file, as `npm run agency -- admit` writes it. */
export interface AdmissionFile {
  readonly type: 'admission';
  readonly signed: RootSigned<AdmissionStatement>;
}

/** Where trust begins in a data directory. */
export interface SampleTrust {
  /** Id of the genesis, which the nodes pin. */
  readonly genesisId: string;
  readonly admissions: readonly AdmissionFile[];
}

/**
 * Makes the genesis of the sample network and the admissions of its agencies that are missing. Keys that are there stay: a
 * directory of an earlier release gets its genesis with the signing keys that its events were signed with.
 */
export async function ensureTrust(dir: DataDir, network: NetworkFile): Promise<SampleTrust> {
  const directory = network.agencies.find(({ kind }) => kind === 'directory');
  if (directory === undefined) throw new Error('the sample network has no directory');
  const genesis = await ensureGenesis(dir, await admissionOf(dir, directory));
  const id = genesisId(genesis);
  const kept = existsSync(dir.admissionsFile)
    ? (JSON.parse(await readFile(dir.admissionsFile, 'utf8')) as readonly AdmissionFile[])
    : [];
  const known = new Set([directory.agencyId, ...kept.map(({ signed }) => signed.statement.agency)]);
  const added: AdmissionFile[] = [];
  for (const agency of network.agencies.filter(({ agencyId }) => !known.has(agencyId))) {
    added.push(await signedAdmission(dir, genesis, { ...(await admissionOf(dir, agency)), genesis: id }));
  }
  const admissions = [...kept, ...added];
  await writeWhole(dir.genesisIdFile, `${id}\n`);
  if (added.length > 0 || kept.length === 0) {
    await writeWhole(dir.admissionsFile, `${JSON.stringify(admissions, null, 2)}\n`);
  }
  return { genesisId: id, admissions };
}

async function ensureGenesis(dir: DataDir, directory: Admission): Promise<Genesis> {
  if (existsSync(dir.genesisFile)) return verifyGenesis(JSON.parse(await readFile(dir.genesisFile, 'utf8')));
  const { genesis, rootKeys } = newNetwork({
    ...{ network: 'sample', roots: ROOTS, threshold: THRESHOLD, directory },
    createdAt: new Date().toISOString(),
  });
  for (const [rootKeyId, key] of rootKeys) await writeWhole(rootKeyFile(dir, rootKeyId), pem(key));
  await writeWhole(dir.genesisFile, `${JSON.stringify(genesis, null, 2)}\n`); // last: its roots' keys are there
  return genesis;
}

async function signedAdmission(dir: DataDir, genesis: Genesis, statement: AdmissionStatement): Promise<AdmissionFile> {
  const { rootKeys, threshold } = genesis.statement;
  const signatures = [];
  for (const { rootKeyId } of rootKeys.slice(0, threshold)) {
    const privateKey = createPrivateKey(await readFile(rootKeyFile(dir, rootKeyId)));
    signatures.push(signAsRoot(ADMISSION, { rootKeyId, privateKey }, statement));
  }
  return { type: 'admission', signed: { statement, signatures } };
}

async function admissionOf(dir: DataDir, agency: NetworkFileAgency): Promise<Admission> {
  const { agencyId, kind, name, jurisdiction, signingKeys } = agency;
  const [first] = signingKeys;
  if (first?.publicKeyJwk.x === undefined) throw new Error(`the network file has no signing key of ${agencyId}`);
  const keys: PublicKeys = {
    signing: { keyId: first.keyId, x: first.publicKeyJwk.x },
    sealing: { keyId: `${agencyId}.sealing.1`, x: await ensureKey(dir, agencyId, 'sealing') },
    transport: { keyId: `${agencyId}.transport.1`, x: await ensureKey(dir, agencyId, 'transport') },
  };
  return { sequence: 1, agency: agencyId, kind, name, jurisdiction, keys, fromNumber: first.fromNumber };
}

/** The public point of a key that is made when it is missing. */
async function ensureKey(dir: DataDir, agencyId: string, use: 'sealing' | 'transport'): Promise<string> {
  const file = dir.agencyKeyFile(agencyId, use);
  if (!existsSync(file)) {
    const { privateKey } = use === 'sealing' ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519');
    await writeWhole(file, pem(privateKey));
  }
  return pointOf(createPrivateKey(await readFile(file)));
}

function rootKeyFile(dir: DataDir, rootKeyId: string): string {
  return join(dir.keys, `${rootKeyId}.pem`);
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
