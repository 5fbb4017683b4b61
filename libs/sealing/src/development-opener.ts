import { DevelopmentSealer } from './development-sealer.ts';
import type { SealHeader } from './port.ts';

/**
 * Opens what was sealed with keys derived from the development secret, before case keys were random. It seals nothing. A dot in
 * the key id marks such a seal for ever: commitments and tags have none.
 */
export class DevelopmentOpener {
  readonly #sealer: DevelopmentSealer;

  /** @param secret content of `SEALING_KEY_FILE`: base64 of 32 bytes. @throws RangeError anything else */
  constructor(secret: string) {
    this.#sealer = DevelopmentSealer.fromBase64(secret);
  }

  /** Whether a key id is one of a development seal. */
  static recognises(keyId: string): boolean {
    return keyId.includes('.');
  }

  /** Opens a development seal. @throws MissingKeyError of another secret or epoch; BrokenSealError */
  open(header: SealHeader, data: string): string {
    return this.#sealer.open(header, data);
  }
}
