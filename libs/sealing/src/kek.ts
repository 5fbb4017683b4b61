import { createSecretKey } from 'node:crypto';
import { decrypt, type SealContext } from './aead.ts';
import { KEY_BYTES } from './hkdf.ts';
import { SecretBytes } from './secret-bytes.ts';
import { decryptRoom, encryptRoom, roomFor } from './xchacha20-poly1305.ts';

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
  readonly #secret: SecretBytes;

  /** @throws RangeError other than 32 bytes */
  constructor(generation: number, kmsVersion: number, secret: SecretBytes) {
    if (secret.expose().length !== KEY_BYTES) throw new RangeError(`a key-encryption key has ${KEY_BYTES} bytes`);
    this.generation = generation;
    this.kmsVersion = kmsVersion;
    this.#secret = new SecretBytes(secret.expose());
  }

  /** By XChaCha20-Poly1305, bound to the place. */
  wrap(place: SecretPlace, secret: SecretBytes): Buffer {
    const plain = secret.expose();
    const room = roomFor(plain.length);
    plain.copy(room.plain);
    return encryptRoom(this.#secret.expose(), this.#associated(place), room);
  }

  /** Null when this generation did not wrap it for that place. What it wrapped by AES-256-GCM, before, is unwrapped as well. */
  unwrap(place: SecretPlace, wrapped: Buffer): SecretBytes | null {
    const plain =
      decryptRoom(this.#secret.expose(), this.#associated(place), Buffer.from(wrapped)) ??
      decrypt(createSecretKey(this.#secret.expose()), this.#contextOf(place, 'v1'), wrapped);
    return plain === null ? null : new SecretBytes(plain);
  }

  #associated(place: SecretPlace): Buffer {
    return Buffer.from(JSON.stringify(this.#contextOf(place, 'v2')), 'utf8');
  }

  #contextOf({ table, rowId }: SecretPlace, version: 'v1' | 'v2'): SealContext {
    return ['acogida', version, 'wrap', table, rowId, this.generation];
  }
}
