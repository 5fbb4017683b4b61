import { STATUS_CODES } from 'node:http';
import { DomainError, type DomainErrorKind } from '@acogida/core';
import { StreamConflictError } from '@acogida/event-store';
import { HttpException } from '@nestjs/common';
import { Problem } from './problem.ts';
import { isTransientQueryError } from './transient-database-error.ts';
import { validationProblem } from './validation.ts';

/** Seconds after which a client may try again when the database was away. */
export const RETRY_AFTER_SECONDS = 2;

const STATUS_OF_KIND: Readonly<Record<DomainErrorKind, number>> = {
  invalid: 422,
  conflict: 409,
  forbidden: 403,
  'not-found': 404,
  gone: 410,
};

const CODE_OF_STATUS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['REQUEST_MALFORMED', 'the request cannot be read'],
  401: ['AUTH.TOKEN_INVALID', 'send a valid bearer token'],
  403: ['AUTH.FORBIDDEN', 'this is not allowed'],
  404: ['NOT_FOUND', 'there is nothing here'],
  405: ['METHOD_NOT_ALLOWED', 'this method is not offered here'],
  406: ['NOT_ACCEPTABLE', 'only application/json is offered'],
  408: ['REQUEST_TIMEOUT', 'the request took too long to arrive'],
  413: ['PAYLOAD_TOO_LARGE', 'the body is larger than 256 KiB'],
  414: ['PATH_TOO_LONG', 'a part of the path is too long'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'send application/json'],
  429: ['TOO_MANY_REQUESTS', 'slow down and try again later'],
  431: ['HEADERS_TOO_LARGE', 'the headers are too large'],
  503: ['TEMPORARILY_UNAVAILABLE', 'try again in a moment'],
};

function ofStatus(status: number): Problem {
  const [code, detail] = CODE_OF_STATUS[status] ?? ['REQUEST_REFUSED', STATUS_CODES[status] ?? 'refused'];
  const retryable = status === 429 || status === 503;
  return new Problem(
    status,
    code,
    detail,
    retryable ? { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } } : {},
  );
}

function ofStreamConflict(hasIfMatch: boolean): Problem {
  return hasIfMatch
    ? new Problem(412, 'VERSION_MISMATCH', 'it has changed since the version in If-Match: read it again')
    : new Problem(409, 'CONCURRENT_CHANGE', 'others are changing it at the same time: try again');
}

function frameworkStatus(error: Error): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const code: unknown = Reflect.get(error, 'code');
  const status: unknown = Reflect.get(error, 'statusCode');
  const byFastify = typeof code === 'string' && code.startsWith('FST_');
  // Fastify marks what a body parser throws with statusCode 400 and nothing else
  return typeof status === 'number' && status >= 400 && status < 500 && (byFastify || status === 400)
    ? status
    : undefined;
}

/**
 * The problem that an error of a request becomes. Only codes and fixed texts get out: messages of frameworks and of the
 * database may repeat values of the request. Anything unexpected is a bare 500.
 */
export function toProblem(error: unknown, hasIfMatch: boolean): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError) {
    return new Problem(STATUS_OF_KIND[error.kind], error.code, error.message, { details: error.details });
  }
  if (error instanceof StreamConflictError) return ofStreamConflict(hasIfMatch);
  if (isTransientQueryError(error)) return ofStatus(503);
  if (!(error instanceof Error)) return new Problem(500, 'INTERNAL', '');
  const status = frameworkStatus(error);
  if (status === undefined || status >= 500) return status === 503 ? ofStatus(503) : new Problem(500, 'INTERNAL', '');
  const isPipe = error instanceof HttpException && status === 400 && error.message.includes('uuid');
  if (isPipe) return validationProblem([{ pointer: '', code: 'IS_UUID', message: 'an id in the path must be a UUID' }]);
  return ofStatus(status);
}
