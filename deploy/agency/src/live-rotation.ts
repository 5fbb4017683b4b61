import { createPublicKey } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type PublicKeys,
  readRotation,
  type RotationSigned,
  type RotationStatement,
  signRotation,
} from '@acogida/ledger';
import { AgencyRefusal } from './agency-refusal.ts';
import { KEY_USES, newAgencyKeys, pointOf } from './agency-keys.ts';
import { isThere, keyFiles, publicFile, readJson, readSigningKey, writeNewFiles, writePublic } from './key-files.ts';
import type { PlatformOperators } from './running-platform.ts';
import type { RotationFile } from './statement-files.ts';

/** What a node says of its keys: `GET /v1/operations/keys`. */
interface KeysInUse {
  readonly genesis: string;
  readonly sequence: number;
  readonly keys: PublicKeys;
  readonly treeSize: number;
  readonly treeHead: string;
}

const SIGNING = 'signing';

/**
 * Takes a running agency to its next keys: makes them beside the first signing key, has the directory sign the rotation, and
 * hands it to the agency's own node, whose next event carries it. Done again after a failure it goes on with the keys that
 * it made.
 *
 * @param signingKeyFile the agency's first key, what its node has as SIGNING_KEY_FILE: `signing.pem`
 * @throws AgencyRefusal; RefusedError, UnreachableError of the nodes
 */
export async function rotateRunning(
  { directoryId, ask }: PlatformOperators,
  agency: string,
  signingKeyFile: string,
): Promise<RotationStatement> {
  const name = basename(signingKeyFile, '.pem');
  if (!name.endsWith(SIGNING)) {
    throw new AgencyRefusal('FILE_MALFORMED', 'name the first signing key of the agency: a file …signing.pem');
  }
  const keysPath = '/v1/operations/keys';
  const inUse = await ask<KeysInUse>({ agency, path: keysPath });
  const place = new NextKeys(dirname(signingKeyFile), name.slice(0, -SIGNING.length), inUse.sequence + 1);
  const signed = (await place.made()) ?? (await make(place, agency, inUse, signingKeyFile));
  const idempotencyKey = `rotation:${signed.statement.keys.signing.x}`;
  const countersigned = await ask<RotationSigned>({
    agency: directoryId,
    path: '/v1/trust/countersignatures',
    post: { body: signed, idempotencyKey },
  });
  await writePublic(place.rotation, { type: 'rotation', signed: countersigned } satisfies RotationFile);
  await ask({ agency, path: keysPath, post: { body: countersigned, idempotencyKey } });
  return signed.statement;
}

/** Where the files of the keys of one sequence stand. */
class NextKeys {
  readonly folder: string;
  readonly #prefix: string;
  readonly #sequence: number;

  constructor(folder: string, prefix: string, sequence: number) {
    this.folder = folder;
    this.#prefix = prefix;
    this.#sequence = sequence;
  }

  get rotation(): string {
    return join(this.folder, this.nameOf('rotation.json'));
  }

  /** `signing.pem` → `signing.2.pem`, with what stands before it in the folder of several agencies. */
  nameOf(name: string): string {
    const [stem, extension] = name.split('.') as [string, string];
    return `${this.#prefix}${stem}.${this.#sequence}.${extension}`;
  }

  /** The rotation that an earlier call made. */
  async made(): Promise<RotationSigned | null> {
    if (!(await isThere(this.rotation))) return null;
    const { signed } = (await readJson(this.rotation)) as { readonly signed?: unknown };
    return readRotation(signed);
  }
}

async function make(
  place: NextKeys,
  agency: string,
  { genesis, sequence, keys, treeSize, treeHead }: KeysInUse,
  signingKeyFile: string,
): Promise<RotationSigned> {
  const old = await keyBeside(signingKeyFile, keys.signing.x);
  const next = newAgencyKeys(agency);
  const statement: RotationStatement = {
    ...{ genesis, agency, sequence: sequence + 1, keys: next.publicKeys, treeSize, treeHead },
    previousSigningKeyId: keys.signing.keyId,
  };
  const signed = signRotation(statement, { ...next.privateKeys, old });
  const files = [...keyFiles(next), publicFile('rotation.json', { type: 'rotation', signed } satisfies RotationFile)];
  await writeNewFiles(
    place.folder,
    files.map((file) => ({ ...file, name: place.nameOf(file.name) })),
  );
  return signed;
}

/** The private key of a point: the first of the agency, or one that a rotation put beside it. */
async function keyBeside(file: string, x: string) {
  const stem = basename(file, '.pem');
  const later = (await readdir(dirname(file))).filter((one) => one.startsWith(`${stem}.`) && one.endsWith('.pem'));
  for (const one of new Set([basename(file), ...later])) {
    const { privateKey } = await readSigningKey(join(dirname(file), one));
    if (pointOf(createPublicKey(privateKey)) === x) return privateKey;
  }
  throw new AgencyRefusal('KEY_DIFFERS', 'no key there is the one that the agency signs with');
}

/** Names of the keys, for people. */
export function keyIdsOf({ keys }: RotationStatement): readonly string[] {
  return KEY_USES.map((use) => keys[use].keyId);
}
