import type { LookupFunction } from 'node:net';
import { Agent, fetch, type Response } from 'undici';
import { ENVELOPE_LIMIT_BYTES, ENVELOPE_TYPE } from './channel-messages.ts';

/** What became of one try to hand over an envelope. */
export type PostOutcome =
  | { readonly kind: 'ANSWERED'; readonly envelope: string }
  /** With another status than 200; a redirection is one. */
  | { readonly kind: 'REFUSED'; readonly status: number }
  | { readonly kind: 'OVERSIZED' }
  /** Nobody took it, or nothing came back in time; a code of the operating system where there is one. */
  | { readonly kind: 'FAILED'; readonly code: string | null };

const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** Where an envelope is handed over. */
export interface PostTarget {
  readonly url: URL;
  /** Says what its name stands for, the same each time; as the machine does when left out. */
  readonly lookup?: LookupFunction;
}

/** Hands over an envelope once. No redirection is followed, and no more of an answer is read than one may be long. Never throws. */
export async function postEnvelope(
  { url, lookup }: PostTarget,
  envelope: string,
  signal: AbortSignal,
): Promise<PostOutcome> {
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', body: envelope, redirect: 'manual', signal },
      headers: { 'content-type': ENVELOPE_TYPE, accept: ENVELOPE_TYPE },
      ...(lookup === undefined ? {} : { dispatcher: agentWith(lookup) }),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { kind: 'REFUSED', status: response.status };
    }
    const answer = await textWithin(response, ENVELOPE_LIMIT_BYTES);
    return answer === null ? { kind: 'OVERSIZED' } : { kind: 'ANSWERED', envelope: answer };
  } catch (error) {
    return { kind: 'FAILED', code: codeOf(error) };
  }
}

const agents = new WeakMap<LookupFunction, Agent>();

/** Connections are kept open for the next question. */
function agentWith(lookup: LookupFunction): Agent {
  const agent = agents.get(lookup) ?? new Agent({ connect: { lookup } });
  agents.set(lookup, agent);
  return agent;
}

/** `fetch` wraps what happened; its message may repeat the address. */
function codeOf(error: unknown): string | null {
  const code = (error as { readonly cause?: { readonly code?: unknown } } | null)?.cause?.code;
  return typeof code === 'string' && CODE.test(code) ? code : null;
}

/** The whole body; null, and the rest unread, where it is longer. */
async function textWithin(response: Pick<Response, 'body'>, limitBytes: number): Promise<string | null> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  const parts: Uint8Array[] = [];
  let lengthBytes = 0;
  for await (const part of body ?? []) {
    lengthBytes += part.length;
    if (lengthBytes > limitBytes) return null; // leaving the loop cancels the rest
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
