import { request } from 'undici';
import { PassingFaultError } from './retrying.ts';

/** Longest wait for one answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 30_000;

/** An HTTP answer with its JSON body, null when there is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** A header of an answer by its lower-case name; the first value of one that is repeated. */
export function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Codes under which a request never reached the other side, or its answer was lost. */
function describeFault(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : cause instanceof Error ? cause.name : 'no answer';
}

/**
 * One HTTP request; reads the whole answer. An aborted `signal` rejects with its reason.
 *
 * @throws PassingFaultError the connection failed, broke, or stayed silent
 */
export async function send(
  url: string,
  init: {
    readonly method: 'GET' | 'POST' | 'PUT';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
): Promise<Answer> {
  try {
    const response = await request(url, {
      method: init.method,
      headers: init.headers,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
      ...(init.body === undefined ? {} : { body: init.body }),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, body: text === '' ? null : parse(text) };
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new PassingFaultError(`${new URL(url).host} does not answer (${describeFault(error)})`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
