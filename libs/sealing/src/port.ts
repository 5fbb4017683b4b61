/** What is bound to a seal as associated data (architecture.md §5, Format). */
export interface SealHeader {
  readonly id: string;
  /** Agency that seals. */
  readonly source: string;
  readonly class: string;
  /** Pseudonym of the case for this agency and epoch; `caseId` never stands on the log. */
  readonly subject: string;
  readonly keyId: string;
}

/** The key that an event was sealed under is not here (yet): the event is parked until it arrives. */
export class MissingKeyError extends Error {
  override readonly name = 'MissingKeyError';
}

/** The seal does not fit its header or was tampered with: never to be retried. */
export class BrokenSealError extends Error {
  override readonly name = 'BrokenSealError';
  /** No property that a log would show. */
  readonly #caseId: string | null;

  /** @param caseId case of the key that was tried */
  constructor(message: string, caseId: string | null = null) {
    super(message);
    this.#caseId = caseId;
  }

  /** Case of the key that it names and does not open with; null where that is not known. */
  get caseId(): string | null {
    return this.#caseId;
  }
}

/** Seals and opens contract events. The format is final; where keys come from is the adapter's affair. */
export interface Sealer {
  /** Pads, encrypts and binds `text`; `data` is base64. */
  seal(event: {
    readonly id: string;
    readonly source: string;
    readonly class: string;
    readonly caseId: string;
    readonly text: string;
  }): { readonly subject: string; readonly keyId: string; readonly data: string };
  /**
   * Opens and returns the exact text that was sealed.
   *
   * @throws MissingKeyError, BrokenSealError
   */
  open(header: SealHeader, data: string): string;
}

/** The key of a text at rest was destroyed by erasure: there is nothing to wait for. */
export class ErasedError extends Error {
  override readonly name = 'ErasedError';
}
