import { createHash, hash } from 'node:crypto';
import type { ContractPayload } from '@acogida/contracts';
import { canonicalText } from './canonical-text.ts';

/** The head of a chain before its first link. */
export const GENESIS_HEAD = '0'.repeat(64);

/** Takes what is hashed: a string is copied twice on its way there. */
const room = Buffer.allocUnsafeSlow(64 * 1024);
const MAX_BYTES_PER_UNIT = 3;

/** SHA-256, hex, of what stands one after another, texts in UTF-8. */
function hashOf(first: string, second: string, third: string | Uint8Array): string {
  const units = first.length + second.length + third.length;
  if (units * MAX_BYTES_PER_UNIT > room.length) return hashOfLong(first + second, third);
  let length = room.write(first, 0, 'utf8');
  length += room.write(second, length, 'utf8');
  length += written(third, length);
  return hash('sha256', room.subarray(0, length), 'hex');
}

/** @returns how many bytes it took */
function written(kept: string | Uint8Array, at: number): number {
  if (typeof kept === 'string') return room.write(kept, at, 'utf8');
  room.set(kept, at);
  return kept.length;
}

function hashOfLong(first: string, second: string | Uint8Array): string {
  return createHash('sha256').update(first).update(second).digest('hex');
}

/** What the private chain is over: what the table holds of an event. */
export interface ChainedRow {
  /** 32 hex digits. */
  readonly salt: string;
  readonly text: string;
  /** In the place of the text where the event is encrypted in bytes. */
  readonly sealed: Uint8Array | null;
  readonly sealedBy: string | null;
}

/**
 * Next head of a stream's private chain: SHA-256 over previous head, salt and the event's canonical text, hex; in the place of the
 * text, where there are bytes, the name of their key and the bytes. Head and salt are of fixed width, and such bytes begin with one
 * that neither a text nor a name has, so the concatenation is unambiguous. The salt keeps a published head from confirming guesses.
 */
export function privateHeadAfter(previous: string, { salt, text, sealed, sealedBy }: ChainedRow): string {
  return sealed === null ? hashOf(previous, salt, text) : hashOf(previous, salt + (sealedBy ?? ''), sealed);
}

/**
 * Next head of the chain over what a stream published: SHA-256 over the previous head (`GENESIS_HEAD` before version 1) and
 * the canonical text of the payload without `publishedHead`, hex. A reader recomputes it with the payload it opened.
 */
export function publishedHeadAfter(
  previous: string,
  payload: Omit<ContractPayload, 'publishedHead'> & { readonly publishedHead?: string },
): string {
  const { publishedHead: _ignored, ...chained } = payload;
  return publishedHeadOf(previous, canonicalText(chained));
}

/** The same where the canonical text without `publishedHead` is at hand. */
export function publishedHeadOf(previous: string, chainedText: string): string {
  return hashOf(previous, chainedText, '');
}
