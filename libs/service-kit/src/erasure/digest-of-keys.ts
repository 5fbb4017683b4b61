import { createHash } from 'node:crypto';

/** SHA-256 hex over key ids, in order, each ended by a line feed. */
export function digestOf(keyIds: readonly string[]): string {
  const hash = createHash('sha256');
  for (const keyId of [...keyIds].sort()) hash.update(`${keyId}\n`);
  return hash.digest('hex');
}
