import { expandKey, extractKey, KEY_BYTES } from './hkdf.ts';
import { HmacKey } from './hmac-key.ts';
import type { Randomness } from './randomness.ts';
import { keyCommitment } from './seal-format.ts';
import { SecretBytes } from './secret-bytes.ts';

/** 96 bits: among a billion tokens of one key two are the same by chance once in a hundred times, which costs a look. */
const TOKEN_CHARACTERS = 16;

/**
 * A key that a node keeps lookup tokens under: equal texts have equal tokens, and whoever has the database alone can neither read
 * a text nor try one.
 */
export class IndexKey {
  /** Commits to the key. */
  readonly keyId: string;
  /** To be kept in the key store. */
  readonly secret: SecretBytes;
  readonly #hmac: HmacKey;

  /** @throws RangeError other than 32 bytes */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes`);
    const extracted = extractKey(bytes);
    this.keyId = keyCommitment(extracted);
    this.secret = new SecretBytes(bytes);
    this.#hmac = new HmacKey(expandKey(extracted, ['acogida', 'v1', 'lookup-token']));
  }

  /** A new one. */
  static make(randomness: Randomness): IndexKey {
    return new IndexKey(randomness.bytes(KEY_BYTES));
  }

  /** 16 characters of base64url. */
  tokenOf(text: string): string {
    return this.#hmac.digest(text, 'base64url').slice(0, TOKEN_CHARACTERS);
  }
}
