import type { AppendRequest } from './port.ts';
import { CHAIN_SEPARATOR } from './published-chains.ts';

/** As the port says; the table of PostgreSQL checks it too. */
const MAX_KEY_LENGTH = 300;

/**
 * Mistakes of the calling code, caught before they could break a shared transaction.
 *
 * @throws RangeError
 */
export function refuseMalformed(requests: readonly AppendRequest[]): void {
  for (const request of requests) {
    refuseMalformedRequest(request);
    const { guards = [] } = request;
    if (guards.some(({ stream, version }) => version < 1 && !isCreated(stream, requests))) {
      throw new RangeError('a guard names a version that a stream has, unless the stream is created beside it');
    }
  }
  if (requests.length < 2) return;
  const claims = requests.flatMap(({ stream, idempotency }) => [
    stream,
    ...(idempotency ? [`${idempotency.key} `] : []),
  ]);
  if (new Set(claims).size < claims.length) {
    throw new RangeError('requests that belong together are for different streams, under different idempotency keys');
  }
}

function refuseMalformedRequest({ stream, events, idempotency }: AppendRequest): void {
  if (events.length === 0 && idempotency === undefined) {
    throw new RangeError('an append holds events, or an idempotency reply, or both');
  }
  if (idempotency !== undefined && idempotency.key.length > MAX_KEY_LENGTH) {
    throw new RangeError(`an idempotency key has at most ${MAX_KEY_LENGTH} characters`);
  }
  if (stream.includes(CHAIN_SEPARATOR)) {
    throw new RangeError('the name of a stream says no audience: that is for its published chains');
  }
}

function isCreated(stream: string, requests: readonly AppendRequest[]): boolean {
  return requests.some((request) => request.stream === stream && request.expectedVersion === 0);
}
