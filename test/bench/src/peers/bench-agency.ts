import { generateKeyPairSync, randomUUID, type JsonWebKey } from 'node:crypto';

/** An agency of the bench: its id is new for each run, for a broker may hold the topics of earlier ones. */
export interface BenchAgency {
  readonly agencyId: string;
  readonly privateKey: JsonWebKey;
  readonly publicKey: JsonWebKey;
}

/** Makes an agency with a fresh key pair. */
export function createAgency(name: string): BenchAgency {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    agencyId: `${name}-${randomUUID().slice(0, 8)}`,
    privateKey: privateKey.export({ format: 'jwk' }),
    publicKey: publicKey.export({ format: 'jwk' }),
  };
}
