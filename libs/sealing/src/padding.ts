import { DomainError } from '@acogida/core';

/** Smallest size class of padded plaintext, in bytes; every next class is twice the one before. */
export const SMALLEST_CLASS_BYTES = 512;

/** Largest size class, in bytes: as base64 it still fits a log record (architecture.md §4, 256 KiB). */
export const LARGEST_CLASS_BYTES = 128 * 1024;

const LENGTH_PREFIX_BYTES = 4;
const ZEROS = Buffer.alloc(LARGEST_CLASS_BYTES);

/** Smallest size class of what goes to one agency alone, in bytes: an offer, an answer and a grant look alike. */
export const SMALLEST_PAIR_CLASS_BYTES = 4096;

/**
 * Smallest size class by clear class, in bytes, where types that say little and types that say much would else be told apart by
 * their sizes: a request or a consent takes more than 1 KiB, an answer to it less (measured in `test/privacy`).
 */
const SMALLEST_OF_CLASS: ReadonlyMap<string, number> = new Map([
  ['referral', 2048],
  ['consent', 2048],
  ['procedure', 2048],
]);

/** Smallest size class of an event of a clear class, in bytes, in a shape that begins at `smallest`. */
export function smallestOf(clearClass: string, smallest: number): number {
  return Math.max(smallest, SMALLEST_OF_CLASS.get(clearClass) ?? smallest);
}

function sizeClassOf(bytes: number, smallest: number): number {
  let size = smallest;
  while (size < bytes) size *= 2;
  return size;
}

/** Whether so many bytes are padded plaintext of a shape that begins at `smallest`. */
export function isSizeClass(bytes: number, smallest = SMALLEST_CLASS_BYTES): boolean {
  return bytes <= LARGEST_CLASS_BYTES && sizeClassOf(bytes, smallest) === bytes;
}

/**
 * How many bytes a text takes with its length before it and zeros up to the next size class after it.
 *
 * @param smallest smallest size class, in bytes
 * @throws DomainError `SEALING.TEXT_TOO_LARGE`
 */
export function paddedBytes(text: string, smallest = SMALLEST_CLASS_BYTES): number {
  const length = Buffer.byteLength(text, 'utf8');
  if (length + LENGTH_PREFIX_BYTES > LARGEST_CLASS_BYTES) {
    throw new DomainError('SEALING.TEXT_TOO_LARGE', 'invalid', 'the text does not fit the largest size class', {
      sizeBytes: length,
      maxBytes: LARGEST_CLASS_BYTES - LENGTH_PREFIX_BYTES,
    });
  }
  return sizeClassOf(length + LENGTH_PREFIX_BYTES, smallest);
}

/**
 * Length prefix (4 bytes, big endian), UTF-8 text, zeros up to the next size class: a ciphertext tells the class only.
 *
 * @param padded as many bytes as `paddedBytes` said
 */
export function padInto(padded: Buffer, text: string): void {
  const length = padded.write(text, LENGTH_PREFIX_BYTES, 'utf8');
  padded.writeUInt32BE(length, 0);
  padded.fill(0, LENGTH_PREFIX_BYTES + length);
}

/** Takes the padding off again; null when the bytes are not what `pad` writes. */
export function unpad(padded: Buffer, smallest = SMALLEST_CLASS_BYTES): string | null {
  if (padded.length < smallest || padded.length > LARGEST_CLASS_BYTES) return null;
  const end = LENGTH_PREFIX_BYTES + padded.readUInt32BE(0);
  if (end > padded.length || sizeClassOf(end, smallest) !== padded.length) return null;
  if (!padded.subarray(end).equals(ZEROS.subarray(0, padded.length - end))) return null;
  return padded.toString('utf8', LENGTH_PREFIX_BYTES, end);
}
