import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../logging/describe-error.ts';
import { type Problem, type ProblemDocument, problemType } from './problem.ts';
import { toProblem } from './problem-mapping.ts';
import { securityHeadersOf } from './security-headers.ts';

/** The problem document of a refusal. */
export function problemDocument(problem: Problem, correlationId: string): ProblemDocument {
  return {
    type: problemType(problem.code),
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    ...(problem.message === '' ? {} : { detail: problem.message }),
    correlationId,
    ...(problem.errors.length === 0 ? {} : { errors: problem.errors }),
    ...(Object.keys(problem.details).length === 0 ? {} : { details: problem.details }),
  };
}

function send(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .status(problem.status)
    .headers({ ...problem.headers, 'cache-control': 'no-store' })
    .type('application/problem+json; charset=utf-8')
    .send(problemDocument(problem, request.id));
}

/**
 * Answers what Fastify refuses before it knows a route: a path that cannot be decoded, or with a part that is too long. Its
 * own answer would repeat the path; hooks do not run, so their headers are set here.
 */
export function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({ ...securityHeadersOf(''), 'x-correlation-id': request.id });
  send(toProblem(error, false), request, reply);
}

/** Answers every error of an HTTP request as problem+json (RFC 9457); errors of the log transport pass through it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error, request.headers['if-match'] !== undefined);
    if (problem.status >= 500) {
      this.logger.error({ msg: problem.code, correlationId: request.id, failure: describeError(error) });
    }
    send(problem, request, reply);
  }
}
