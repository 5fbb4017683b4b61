import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The correlation id of a request: its `X-Correlation-Id` when that is a UUID (anything else could be identity), else new. */
export function correlationIdOf(headers: IncomingHttpHeaders): string {
  const header = headers['x-correlation-id'];
  return typeof header === 'string' && UUID.test(header) ? header.toLowerCase() : randomUUID();
}

/** Logs one line per answered request, and gives the correlation id back in `X-Correlation-Id`. */
export function logRequests(fastify: FastifyInstance, logger: LoggerService): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-correlation-id', request.id);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    if (!route.startsWith('/health/')) {
      logger.log({
        msg: 'request answered',
        correlationId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      });
    }
    done();
  });
}
