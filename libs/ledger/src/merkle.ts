import { hash } from 'node:crypto';

/** A SHA-256 hash as 64 lowercase hexadecimal digits. */
export type Hash = string;

const HASH = /^[0-9a-f]{64}$/;
const LEAF_PREFIX = Buffer.from([0]);
const LEAF_PREFIX_TEXT = '\u0000';
const NODE_PREFIX_HEX = '01';

/** Hash of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Hash = hash('sha256', '');

/** Whether the value is a hash in the one spelling that is accepted. */
export function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && HASH.test(value);
}

/** Hash of a leaf: SHA-256(0x00 ‖ bytes). Text stands for its UTF-8 bytes. */
export function leafHash(bytes: string | Uint8Array): Hash {
  return hash('sha256', typeof bytes === 'string' ? LEAF_PREFIX_TEXT + bytes : Buffer.concat([LEAF_PREFIX, bytes]));
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  return hash('sha256', Buffer.from(NODE_PREFIX_HEX + left + right, 'hex'));
}

/** A Merkle tree over the leaves of one batch. `paths[i]` proves that leaf `i` is under `root`, nearest sibling first. */
export interface MerkleBatch {
  readonly root: Hash;
  readonly paths: readonly (readonly Hash[])[];
}

/** Builds the RFC 6962 tree over leaf hashes: its root and one inclusion path per leaf. */
export function merkleBatch(leaves: readonly Hash[]): MerkleBatch {
  const paths: Hash[][] = leaves.map(() => []);
  let level = leaves;
  // A node without a sibling moves up unchanged: that is the RFC's split at the largest power of two below the size.
  for (let width = 1; level.length > 1; width *= 2) {
    paths.forEach((path, leaf) => {
      const sibling = level[Math.floor(leaf / width) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    });
    level = pairUp(level);
  }
  return { root: level[0] ?? EMPTY_ROOT, paths };
}

function pairUp(level: readonly Hash[]): Hash[] {
  const above: Hash[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index] as Hash;
    const right = level[index + 1];
    above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}

/**
 * Whether `path` proves that the leaf hash stands at `index` (from 0) of the tree of `size` leaves with this root
 * (RFC 9162 §2.1.3.2). False for anything malformed; never throws.
 */
export function verifyInclusion(proof: {
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Hash[];
  readonly root: Hash;
}): boolean {
  const { leaf, index, size, path, root } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (!isHash(leaf) || !isHash(root) || !path.every(isHash)) return false;
  let hash = leaf;
  let node = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return false;
    // Levels where this node had no sibling left nothing in the path.
    while (node === last && node % 2 === 0) {
      node /= 2;
      last /= 2;
    }
    hash = node % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  // Nothing may be left that would have needed another sibling.
  return last === 0 && hash === root;
}

/** A path as short text for a record header: the hashes' bytes one after the other, base64url. */
export function encodePath(path: readonly Hash[]): string {
  return Buffer.from(path.join(''), 'hex').toString('base64url');
}

/** Reads what `encodePath` wrote; undefined for any other text. */
export function decodePath(text: string): readonly Hash[] | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length % 32 !== 0 || bytes.toString('base64url') !== text) return undefined;
  return Array.from({ length: bytes.length / 32 }, (_, index) => bytes.toString('hex', index * 32, index * 32 + 32));
}
