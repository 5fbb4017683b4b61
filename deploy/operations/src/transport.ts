import { PassingFaultError } from './retrying.ts';

/** Longest wait for one answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 30_000;

/** An HTTP answer with its JSON body, null when there is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
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
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
): Promise<Answer> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: init.method,
      headers: init.headers,
      redirect: 'error',
      ...(init.body === undefined ? {} : { body: init.body }),
      signal: init.signal === undefined ? timeout : AbortSignal.any([timeout, init.signal]),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : parse(text) };
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
