import type { SecretBytes } from '../secret-bytes.ts';

/** What a master key wrapped, and the version of it that did. */
export interface Wrapped {
  readonly version: number;
  /** Text of the KMS, opaque to everybody else. */
  readonly wrapped: string;
}

/**
 * Keeps the versioned master key of one node, outside its database and its backups (architecture.md §5). It wraps a handful of
 * key-encryption keys and never sees a case. Destroying a version is final: whatever it wrapped stays closed, wherever a
 * copy of it turns up. So two nodes never share one master key.
 */
export interface Kms {
  /** Says in logs which adapter it is. */
  readonly name: string;
  /** Wraps under the newest version. @throws KmsError */
  wrap(plain: SecretBytes): Promise<Wrapped>;
  /** @throws KmsError `KMS.UNWRAP_REFUSED`: the version was destroyed, or this is not what it wrapped; retrying never helps */
  unwrap(wrapped: Wrapped): Promise<SecretBytes>;
  /** Adds a version, which wraps from now on, and returns it. @throws KmsError */
  rotate(): Promise<number>;
  /** Destroys all versions below this one; again is as well as once. @throws KmsError, RangeError beyond the newest version */
  destroyBelow(version: number): Promise<void>;
}

/** Why a KMS did not do what it was asked; `KMS.UNAVAILABLE` may be tried again. The message carries no value. */
export type KmsErrorCode = 'KMS.UNAVAILABLE' | 'KMS.REFUSED' | 'KMS.UNWRAP_REFUSED';

/** A coded failure of the KMS. */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly code: KmsErrorCode;

  constructor(code: KmsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
