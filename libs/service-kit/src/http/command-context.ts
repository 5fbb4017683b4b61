import { hash } from 'node:crypto';
import { canonicalText, type StoredReply } from '@acogida/event-store';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, actorOf } from '../auth/actor.ts';
import { Problem } from './problem.ts';

/** All that a command request says besides its body. Hand it to `CommandRunner.run`. */
export interface CommandContext {
  readonly actor: Actor;
  /** From `Idempotency-Key`; null only on PUT, where it is optional. */
  readonly idempotencyKey: string | null;
  /** SHA-256 hex of method, path and canonical body. */
  readonly fingerprint: string;
  /** From `If-Match: "<version>"`. */
  readonly expectedVersion?: number;
  /** From `X-Correlation-Id` when it is a UUID, else a new one. */
  readonly correlationId: string;
  /** Sets status and headers of the answer. */
  readonly answer: (reply: Pick<StoredReply, 'status' | 'headers'>) => void;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]([\x20-\x7e]{0,126}[\x21-\x7e])?$/;
const IF_MATCH = /^"(0|[1-9]\d{0,9})"$/;

function idempotencyKeyOf(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined && request.method === 'PUT') return null;
  if (typeof header === 'string' && IDEMPOTENCY_KEY.test(header)) return header;
  throw new Problem(
    400,
    'IDEMPOTENCY_KEY_REQUIRED',
    'send the header Idempotency-Key with 1 to 128 printable ASCII characters, a new one for each new command',
  );
}

function expectedVersionOf(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const match = IF_MATCH.exec(header);
  if (match === null) throw new Problem(400, 'IF_MATCH_MALFORMED', 'If-Match must be one strong tag: "<version>"');
  return Number(match[1]);
}

/** SHA-256 hex of method, path without query, and canonical body (RFC 8785). @throws Problem 400: the body has none */
export function requestFingerprint(method: string, url: string, body: unknown): string {
  const path = url.split('?', 1)[0] ?? '';
  return hash('sha256', `${method}\n${path}\n${canonicalBody(body)}`, 'hex');
}

/** JSON lets half of a surrogate pair through, and any depth; no event can carry them. */
function canonicalBody(body: unknown): string {
  try {
    return canonicalText(body ?? null);
  } catch {
    throw new Problem(400, 'REQUEST_MALFORMED', 'the request cannot be read');
  }
}

/** Reads the context of a command request. @throws Problem 400 on a missing or malformed header */
export function commandContextOf(request: FastifyRequest, reply: FastifyReply): CommandContext {
  const expectedVersion = expectedVersionOf(request);
  return {
    actor: actorOf(request),
    idempotencyKey: idempotencyKeyOf(request),
    fingerprint: requestFingerprint(request.method, request.url, request.body),
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    correlationId: request.id,
    answer: ({ status, headers }) => {
      void reply.status(status).headers({ ...headers });
    },
  };
}

/** What `CurrentCommand` does; the OpenAPI document finds command routes by it. */
export function currentCommand(_: unknown, context: ExecutionContext): CommandContext {
  const http = context.switchToHttp();
  return commandContextOf(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
}

/**
 * Parameter decorator of command routes: `open(@Body() body: OpenCase, @CurrentCommand() context: CommandContext)` with
 * `import { type CommandContext }` (and the DTO imported as a value, never as a type).
 */
export const CurrentCommand = createParamDecorator(currentCommand);
