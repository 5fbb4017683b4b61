import { hash } from 'node:crypto';
import type { ContractPayload } from '@acogida/contracts';
import { canonicalText } from './canonical-text.ts';

/** The head of a chain before its first link. */
export const GENESIS_HEAD = '0'.repeat(64);

/**
 * Next head of a stream's private chain: SHA-256 over previous head, salt and the event's canonical text, hex. Head and
 * salt are of fixed width, so the concatenation is unambiguous. The salt keeps a published head from confirming guesses.
 */
export function privateHeadAfter(previous: string, salt: string, text: string): string {
  return hash('sha256', previous + salt + text, 'hex');
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
  return hash('sha256', previous + chainedText, 'hex');
}
