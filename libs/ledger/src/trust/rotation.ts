import type { KeyObject } from 'node:crypto';
import { LedgerError, type LedgerErrorCode } from '../ledger-error.ts';
import { type Hash, isHash } from '../merkle.ts';
import { hasFields, isCount, malformed, StatementKind } from '../signed-text.ts';
import { isTree } from './log-place.ts';
import { ed25519Key, isPublicKeys, type PublicKeys } from './public-keys.ts';
import { isSignature } from './root-signed.ts';
import { isAgencyId, isKeyId } from './statement-fields.ts';

/**
 * An agency goes over to new keys (architecture.md §5). The statement travels in the agency's own topic: the event that
 * carries it has a number r, the old key ends at r, the new one begins at r + 1.
 */
export interface RotationStatement {
  /** Id of the genesis. */
  readonly genesis: Hash;
  readonly agency: string;
  /** One more than that of the keys that end. */
  readonly sequence: number;
  readonly previousSigningKeyId: string;
  readonly keys: PublicKeys;
  /** Size and root of the agency's own tree when the statement was made: it fits into no other history. */
  readonly treeSize: number;
  readonly treeHead: Hash;
}

/** A rotation with its signatures, base64url. It counts when all four are there. */
export interface RotationSigned {
  readonly statement: RotationStatement;
  readonly signatures: RotationSignatures;
}

/** Who says what about a rotation. */
export interface RotationSignatures {
  /** By the signing key that ends. */
  readonly old: string;
  /** By the new signing and transport keys: their holder has them. An X25519 key cannot sign. */
  readonly signing: string;
  readonly transport: string;
  /** By a signing key of the directory: a stolen key alone cannot rotate. Null until it has signed. */
  readonly directory: DirectorySignature | null;
}

/** The directory's word for a rotation. */
export interface DirectorySignature {
  readonly keyId: string;
  readonly signature: string;
}

/** Private keys that sign a rotation, all Ed25519. */
export interface RotationSigners {
  readonly old: KeyObject;
  readonly signing: KeyObject;
  readonly transport: KeyObject;
}

const FIELDS = ['agency', 'genesis', 'keys', 'previousSigningKeyId', 'sequence', 'treeHead', 'treeSize'];
const SIGNATURES = ['directory', 'old', 'signing', 'transport'];

/** Signs, verifies and spells rotations. */
export const ROTATION = new StatementKind<RotationStatement>('acogida.rotation.v1', (value) => {
  if (!hasFields(value, FIELDS)) throw malformed();
  const { genesis, agency, sequence, previousSigningKeyId, keys, treeSize, treeHead } =
    value as unknown as RotationStatement;
  const wellFormed =
    isHash(genesis) &&
    isAgencyId(agency) &&
    isCount(sequence, 2) &&
    isKeyId(previousSigningKeyId) &&
    isPublicKeys(keys) &&
    isTree(treeSize, treeHead);
  if (!wellFormed) throw malformed();
});

/** The agency's part: signed with the key that ends and the keys that begin. @throws LedgerError `STATEMENT_MALFORMED` */
export function signRotation(
  statement: RotationStatement,
  { old, signing, transport }: RotationSigners,
): RotationSigned {
  const by = (key: KeyObject): string => ROTATION.sign(key, statement).signature;
  return {
    statement,
    signatures: { old: by(old), signing: by(signing), transport: by(transport), directory: null },
  };
}

/** The directory's part. @throws LedgerError `STATEMENT_MALFORMED` */
export function countersignRotation(
  signed: RotationSigned,
  directory: { readonly keyId: string; readonly privateKey: KeyObject },
): RotationSigned {
  const { signature } = ROTATION.sign(directory.privateKey, signed.statement);
  return {
    statement: signed.statement,
    signatures: { ...signed.signatures, directory: { keyId: directory.keyId, signature } },
  };
}

/** Whether the value has the form of a rotation with signatures; none is checked. @throws LedgerError `STATEMENT_MALFORMED` */
export function readRotation(value: unknown): RotationSigned {
  if (!hasFields(value, ['signatures', 'statement']) || !hasFields(value['signatures'], SIGNATURES)) throw malformed();
  const { directory, ...own } = value['signatures'];
  const wellFormed =
    Object.values(own).every(isSignature) &&
    (directory === null ||
      (hasFields(directory, ['keyId', 'signature']) &&
        isKeyId(directory['keyId']) &&
        isSignature(directory['signature'])));
  if (!wellFormed) throw malformed();
  return {
    statement: ROTATION.read(value['statement']),
    signatures: value['signatures'] as unknown as RotationSignatures,
  };
}

/**
 * Checks the agency's signatures: of the key that ends, and of the new ones.
 *
 * @param oldKey public signing key that ends
 * @throws LedgerError `OLD_KEY`, `POSSESSION`
 */
export function verifyRotationOfAgency({ statement, signatures }: RotationSigned, oldKey: KeyObject): void {
  const { signing, transport } = statement.keys;
  verifyOrThrow(statement, signatures.old, oldKey, 'OLD_KEY');
  verifyOrThrow(statement, signatures.signing, ed25519Key(signing.x), 'POSSESSION');
  verifyOrThrow(statement, signatures.transport, ed25519Key(transport.x), 'POSSESSION');
}

/**
 * Checks the directory's signature.
 *
 * @param keyOf the directory's public signing key of an id; throws when there is none
 * @returns the public key that signed
 * @throws LedgerError `DIRECTORY_SIGNATURE`
 */
export function verifyRotationOfDirectory(
  { statement, signatures: { directory } }: RotationSigned,
  keyOf: (keyId: string) => KeyObject,
): KeyObject {
  if (directory === null) throw new LedgerError('DIRECTORY_SIGNATURE', 'the directory did not sign the rotation');
  const key = keyOf(directory.keyId);
  verifyOrThrow(statement, directory.signature, key, 'DIRECTORY_SIGNATURE');
  return key;
}

const REFUSALS = {
  OLD_KEY: 'the key that ends did not sign the rotation',
  POSSESSION: 'the new keys did not sign the rotation',
  DIRECTORY_SIGNATURE: 'the directory did not sign the rotation',
} as const satisfies Partial<Record<LedgerErrorCode, string>>;

function verifyOrThrow(
  statement: RotationStatement,
  signature: string,
  key: KeyObject,
  code: keyof typeof REFUSALS,
): void {
  try {
    ROTATION.verify(key, { statement, signature });
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'SIGNATURE_INVALID') throw new LedgerError(code, REFUSALS[code]);
    throw error;
  }
}
