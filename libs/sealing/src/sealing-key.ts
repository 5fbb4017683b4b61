import { createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyAudience } from './audience.ts';
import { expandKey, extractKey, KEY_BYTES } from './hkdf.ts';
import type { HmacKey } from './hmac-key.ts';
import { BrokenSealError } from './port.ts';
import type { Randomness } from './randomness.ts';
import { keyCommitment } from './seal-format.ts';
import { SecretBytes } from './secret-bytes.ts';

const SUBJECT_BYTES = 16;
const HANDED_OVER = /^[A-Za-z0-9_-]{43}$/;

/**
 * A secret of 32 random bytes that events are sealed under: of one (agency, case, audience, epoch), or of a channel between
 * two agencies. Its `keyId` commits to it (architecture.md §5, Format), so whoever is handed a key can tell that it is the one
 * that stands on the log, whoever hands it on.
 */
export class SealingKey {
  /** 43 characters of base64url. */
  readonly keyId: string;
  /** First step of HKDF: what event keys are expanded from. */
  readonly extracted: HmacKey;
  readonly #bytes: SecretBytes;
  #atRest: SecretBytes | undefined;
  #atRestOfFirstForm: KeyObject | undefined;

  /** @throws RangeError other than 32 bytes */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes`);
    this.#bytes = new SecretBytes(bytes);
    this.extracted = extractKey(bytes);
    this.keyId = keyCommitment(this.extracted);
  }

  /** A new one. */
  static make(randomness: Randomness): SealingKey {
    return new SealingKey(randomness.bytes(KEY_BYTES));
  }

  /**
   * What `handOver` wrote.
   *
   * @param keyId the key id that it was announced under, if any
   * @throws BrokenSealError not 32 bytes as base64url, or another key than the announced one
   */
  static received(text: string, keyId?: string): SealingKey {
    const bytes = Buffer.from(text, 'base64url');
    if (!HANDED_OVER.test(text) || bytes.toString('base64url') !== text) {
      throw new BrokenSealError('what was handed over is no key');
    }
    const key = new SealingKey(bytes);
    if (keyId !== undefined && key.keyId !== keyId) throw new BrokenSealError('the key does not fit its commitment');
    return key;
  }

  /** The key as text, 43 characters of base64url: to stand inside a seal for one agency alone. */
  handOver(): string {
    return this.#bytes.expose().toString('base64url');
  }

  /** The bytes, to be wrapped for storage. */
  get secret(): SecretBytes {
    return this.#bytes;
  }

  /** What texts at rest are encrypted under, without a key per text: nonces of 192 bits are drawn at random. */
  get atRest(): SecretBytes {
    this.#atRest ??= new SecretBytes(expandKey(this.extracted, ['acogida', 'v2', 'at-rest']));
    return this.#atRest;
  }

  /** Opens what was kept by AES-256-GCM; nothing is encrypted under it any more. */
  get atRestOfFirstForm(): KeyObject {
    this.#atRestOfFirstForm ??= createSecretKey(expandKey(this.extracted, ['acogida', 'v1', 'at-rest']));
    return this.#atRestOfFirstForm;
  }
}

/** Keys and pseudonym that an agency uses for one case in one epoch. */
export interface CaseKeySet {
  readonly caseId: string;
  /** From 1; the next one begins when a member leaves. */
  readonly epoch: number;
  /** 32 hex digits, random: what stands on the log for the case. */
  readonly subject: string;
  readonly keys: Readonly<Record<KeyAudience, SealingKey>>;
}

/** Random keys and a random subject: nothing links two epochs, two audiences or two agencies. */
export function makeCaseKeySet(caseId: string, epoch: number, randomness: Randomness): CaseKeySet {
  return {
    caseId,
    epoch,
    subject: makeSubject(randomness),
    keys: {
      coded: SealingKey.make(randomness),
      care: SealingKey.make(randomness),
      restricted: SealingKey.make(randomness),
      own: SealingKey.make(randomness),
    },
  };
}

/** A pseudonym of 128 random bits as 32 hex digits: of a case for one epoch, or used once by an event to one agency. */
export function makeSubject(randomness: Randomness): string {
  return randomness.bytes(SUBJECT_BYTES).toString('hex');
}
