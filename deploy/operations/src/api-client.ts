import { PassingFaultError, type RetryOptions, retrying } from './retrying.ts';
import { nodeOf, type RunFile } from './run-file.ts';
import type { TokenSource } from './tokens.ts';
import { type Answer, headerOf, send } from './transport.ts';

/** A node refused the request for good. `code` is stable; the message holds no value of the request. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** One request to the public API of an agency's node, acting as that agency's development user of the role. */
export interface ApiRequest {
  readonly agency: string;
  readonly role: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** From `/v1` on, with query. */
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** A successful answer. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
  /** True when the node had answered this Idempotency-Key before: nothing was added. */
  readonly replayed: boolean;
  /** Path of the next page, from the Link header. */
  readonly next: string | null;
}

/** Refusals that a later attempt may overcome: overload, a node that is starting, a lost race. */
const PASSING_STATUS = new Set([408, 409, 412, 425, 429, 500, 502, 503, 504]);
/** Of these, the ones that are refusals after all when they keep coming: attempts until then. */
const DOUBTFUL_ATTEMPTS: ReadonlyMap<number, number> = new Map([
  [409, 4],
  [412, 4],
  [500, 6],
]);

/** The node has not heard of a key to seal a referral with: on a platform that has just started it will within seconds. */
const RECEIVER_UNREADY = 'REFERRAL.RECEIVER_UNREADY';
const UNREADY_ATTEMPTS = 12;

/** Speaks to the nodes of a running platform: tokens, retries while a node is away, refusals as errors. */
export class ApiClient {
  readonly #run: RunFile;
  readonly #tokens: TokenSource;
  readonly #retry: RetryOptions;

  constructor(run: RunFile, tokens: TokenSource, retry: RetryOptions) {
    this.#run = run;
    this.#tokens = tokens;
    this.#retry = retry;
  }

  /** @throws RefusedError, UnreachableError, NotRunningError (no such node), TokenRefusedError */
  async call<T>(request: ApiRequest): Promise<ApiAnswer<T>> {
    const url = `${nodeOf(this.#run, request.agency).url}${request.path}`;
    const doubtful = new Map<number, number>();
    let renewToken = false;
    return retrying(async () => {
      const token = await this.#tokens.token(request.agency, request.role, renewToken);
      const answer = await send(url, this.#init(request, token));
      if (answer.status >= 200 && answer.status < 300) return toApiAnswer<T>(answer);
      if (answer.status === 401 && !renewToken) {
        renewToken = true;
        throw new PassingFaultError(`${request.agency} does not accept the token`, 0);
      }
      const seen = (doubtful.get(answer.status) ?? 0) + 1;
      doubtful.set(answer.status, seen);
      if (isPassing(answer, seen)) {
        throw new PassingFaultError(`${request.agency} answers ${answer.status}`, retryAfterMs(answer));
      }
      throw refusal(answer);
    }, this.#retry);
  }

  #init(request: ApiRequest, token: string): Parameters<typeof send>[1] {
    return {
      method: request.method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(this.#retry.signal === undefined ? {} : { signal: this.#retry.signal }),
    };
  }
}

/** A coded refusal by a rule carries status 409 as well: only a lost race over the stream is worth another attempt. */
function isPassing(answer: Answer, seen: number): boolean {
  if (!PASSING_STATUS.has(answer.status)) return false;
  if (problemCode(answer) === RECEIVER_UNREADY) return seen < UNREADY_ATTEMPTS;
  if (answer.status === 409 && !/STREAM|VERSION|CONCURREN|IN_PROGRESS/.test(problemCode(answer))) return false;
  return seen < (DOUBTFUL_ATTEMPTS.get(answer.status) ?? Number.POSITIVE_INFINITY);
}

function problemCode(answer: Answer): string {
  const code = (answer.body as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : `HTTP_${answer.status}`;
}

function refusal(answer: Answer): RefusedError {
  const detail = (answer.body as { detail?: unknown } | null)?.detail;
  return new RefusedError(
    answer.status,
    problemCode(answer),
    typeof detail === 'string' ? detail : `refused with status ${answer.status}`,
  );
}

function retryAfterMs(answer: Answer): number | null {
  const seconds = Number(headerOf(answer, 'retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, 10_000) : null;
}

function toApiAnswer<T>(answer: Answer): ApiAnswer<T> {
  const next = /<([^>]+)>;\s*rel="next"/.exec(headerOf(answer, 'link') ?? '')?.[1] ?? null;
  return {
    status: answer.status,
    body: answer.body as T,
    replayed: headerOf(answer, 'idempotency-replayed') === 'true',
    next,
  };
}
