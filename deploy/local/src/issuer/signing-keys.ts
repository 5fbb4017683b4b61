import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** The private keys of the issuer as a JWK set. */
export interface SigningKeys {
  readonly keys: JWK[];
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'ENOENT';
}

/**
 * Reads the issuer's keys, or makes them on the first start: tokens stay valid when the issuer restarts. The file is only
 * readable by its owner.
 */
export async function loadSigningKeys(path: string): Promise<SigningKeys> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SigningKeys;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
  const made: SigningKeys = { keys: [jwk] };
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(made)}\n`, { mode: 0o600 });
  await rename(draft, path); // a crash half way leaves no torn file behind
  return made;
}
