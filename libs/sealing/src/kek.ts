import { createSecretKey, type KeyObject } from 'node:crypto';
import { decrypt, encrypt, type SealContext } from './aead.ts';
import { KEY_BYTES } from './hkdf.ts';
import { SecretBytes } from './secret-bytes.ts';

/** The row that a wrapped secret stands in. It unwraps nowhere else. */
export interface SecretPlace {
  readonly table: string;
  readonly rowId: string;
}

/** No key-encryption key of this database opens with the KMS that is configured. The wrong KMS, or a copy from before an erasure. */
export class MasterKeyLostError extends Error {
  override readonly name = 'MasterKeyLostError';
  readonly code = 'KEYS.MASTER_KEY_LOST';
}

/**
 * One generation of the key-encryption key. The KMS wraps it, it wraps the secrets of the database: so that an erasure can
 * change it without asking the KMS once per case.
 */
export class Kek {
  readonly generation: number;
  /** Version of the master key that wrapped it. */
  readonly kmsVersion: number;
  readonly #key: KeyObject;

  /** @throws RangeError other than 32 bytes */
  constructor(generation: number, kmsVersion: number, secret: SecretBytes) {
    if (secret.expose().length !== KEY_BYTES) throw new RangeError(`a key-encryption key has ${KEY_BYTES} bytes`);
    this.generation = generation;
    this.kmsVersion = kmsVersion;
    this.#key = createSecretKey(secret.expose());
  }

  wrap(place: SecretPlace, secret: SecretBytes): Buffer {
    return encrypt(this.#key, this.#contextOf(place), secret.expose());
  }

  /** Null when this generation did not wrap it for that place. */
  unwrap(place: SecretPlace, wrapped: Buffer): SecretBytes | null {
    const plain = decrypt(this.#key, this.#contextOf(place), wrapped);
    return plain === null ? null : new SecretBytes(plain);
  }

  #contextOf({ table, rowId }: SecretPlace): SealContext {
    return ['acogida', 'v1', 'wrap', table, rowId, this.generation];
  }
}
