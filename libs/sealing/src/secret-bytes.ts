/** Bytes of a key on their way between memory and storage. Neither inspecting nor serialising shows them. */
export class SecretBytes {
  readonly #bytes: Buffer;

  /** Takes a copy. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  /** The bytes themselves, to be given to a cipher and to nothing that writes text. */
  expose(): Buffer {
    return this.#bytes;
  }

  /** Overwrites them. */
  wipe(): void {
    this.#bytes.fill(0);
  }
}
