import { createSecretKey, randomBytes } from 'node:crypto';
import { decrypt, encrypt } from '../aead.ts';
import { KEY_BYTES } from '../hkdf.ts';
import { type Kms, KmsError, type Wrapped } from './port.ts';
import { SecretBytes } from '../secret-bytes.ts';

/** A master key that ends with the process, for simulations and specs. */
export class MemoryKms implements Kms {
  readonly name = 'memory';
  readonly #versions = new Map([[1, randomBytes(KEY_BYTES)]]);

  async wrap(plain: SecretBytes): Promise<Wrapped> {
    const version = this.#newest();
    return { version, wrapped: encrypt(this.#key(version), [version], plain.expose()).toString('base64') };
  }

  async unwrap({ version, wrapped }: Wrapped): Promise<SecretBytes> {
    const plain = decrypt(this.#key(version), [version], Buffer.from(wrapped, 'base64'));
    if (plain === null) throw new KmsError('KMS.UNWRAP_REFUSED', 'the master key did not wrap this');
    return new SecretBytes(plain);
  }

  async rotate(): Promise<number> {
    const version = this.#newest() + 1;
    this.#versions.set(version, randomBytes(KEY_BYTES));
    return version;
  }

  async destroyBelow(version: number): Promise<void> {
    if (version > this.#newest()) throw new RangeError('there is no such version to keep');
    for (const old of [...this.#versions.keys()].filter((known) => known < version)) this.#versions.delete(old);
  }

  #newest(): number {
    return Math.max(...this.#versions.keys());
  }

  #key(version: number): ReturnType<typeof createSecretKey> {
    const bytes = this.#versions.get(version);
    if (bytes === undefined) throw new KmsError('KMS.UNWRAP_REFUSED', 'this version of the master key is not there');
    return createSecretKey(bytes);
  }
}
