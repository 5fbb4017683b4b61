import { expandKey, extractKey, KEY_BYTES } from './hkdf.ts';
import type { HmacKey } from './hmac-key.ts';
import { BrokenSealError, MissingKeyError, type Sealer, type SealHeader } from './port.ts';
import { keyCommitment, openText, sealText } from './seal-format.ts';

const SUBJECT_BYTES = 16;
const GENERATION_BYTES = 6;
const CACHED_KEYS = 10_000;

/** One case key as both ends derive it. */
interface CaseKey {
  readonly extracted: HmacKey;
  readonly keyId: string;
}

/**
 * Seals in the final format with keys that all come from one 32-byte secret shared by the whole development network, until
 * case keys are made at random and handed out by consent (architecture.md §5, Keys). Whoever holds the secret opens
 * everything: not for real cases.
 *
 * - subject: from (source, case, epoch), so two agencies' work on one case cannot be linked by its subject
 * - case key: from (source, subject, audience, epoch); a reader knows the subject, never the case
 * - key id: `<generation>.<commitment>`; the generation names the secret and epoch, the commitment binds the case key
 */
export class DevelopmentSealer implements Sealer {
  readonly #secret: HmacKey;
  readonly #audience: string;
  readonly #epoch: number;
  /** Name of the generation by epoch, from 1 (index 0). */
  readonly #generations: readonly string[];
  readonly #keys = new Map<string, CaseKey>();
  readonly #subjects = new Map<string, string>();

  /**
   * @param secret the development key, exactly 32 bytes
   * @param options the audience sealed for, `coded` by default, and the epoch sealed under, from 1; all epochs up to it open
   */
  constructor(secret: Uint8Array, options: { readonly audience?: string; readonly epoch?: number } = {}) {
    if (secret.length !== KEY_BYTES) throw new RangeError(`a development key has ${KEY_BYTES} bytes`);
    this.#secret = extractKey(secret);
    this.#audience = options.audience ?? 'coded';
    this.#epoch = options.epoch ?? 1;
    this.#generations = Array.from({ length: this.#epoch }, (_, index) => this.#generation(index + 1));
  }

  /** From the content of `SEALING_KEY_FILE`: base64 of 32 bytes. */
  static fromBase64(text: string): DevelopmentSealer {
    return new DevelopmentSealer(Buffer.from(text.trim(), 'base64'));
  }

  seal(event: {
    readonly id: string;
    readonly source: string;
    readonly class: string;
    readonly caseId: string;
    readonly text: string;
  }): { readonly subject: string; readonly keyId: string; readonly data: string } {
    const subject = this.#subjectOf(event.source, event.caseId);
    const key = this.#caseKey(event.source, subject, this.#epoch);
    const header = { id: event.id, source: event.source, class: event.class, subject, keyId: key.keyId };
    return { subject, keyId: key.keyId, data: sealText(key.extracted, header, event.text) };
  }

  open(header: SealHeader, data: string): string {
    const generation = header.keyId.slice(0, Math.max(0, header.keyId.indexOf('.')));
    const epoch = this.#generations.indexOf(generation) + 1;
    if (epoch === 0) throw new MissingKeyError('the key generation is not known here');
    const key = this.#caseKey(header.source, header.subject, epoch);
    if (key.keyId !== header.keyId) throw new BrokenSealError('the key id does not commit to the key of its subject');
    return openText(key.extracted, header, data);
  }

  #generation(epoch: number): string {
    return expandKey(this.#secret, ['acogida', 'v1', 'generation', this.#audience, epoch], GENERATION_BYTES).toString(
      'base64url',
    );
  }

  #subjectOf(source: string, caseId: string): string {
    const name = `${source}/${caseId}`;
    const known = this.#subjects.get(name);
    if (known !== undefined) return known;
    const info = ['acogida', 'v1', 'subject', source, caseId, this.#epoch];
    const subject = expandKey(this.#secret, info, SUBJECT_BYTES).toString('hex');
    if (this.#subjects.size >= CACHED_KEYS) this.#subjects.clear();
    this.#subjects.set(name, subject);
    return subject;
  }

  #caseKey(source: string, subject: string, epoch: number): CaseKey {
    const name = `${epoch}/${source}/${subject}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const extracted = extractKey(
      expandKey(this.#secret, ['acogida', 'v1', 'case-key', source, subject, this.#audience, epoch]),
    );
    const key = { extracted, keyId: `${this.#generations[epoch - 1]}.${keyCommitment(extracted)}` };
    if (this.#keys.size >= CACHED_KEYS) this.#keys.clear();
    this.#keys.set(name, key);
    return key;
  }
}
