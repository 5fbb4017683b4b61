import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';

const correlations = new AsyncLocalStorage<string>();

/** Correlation id of the request that is answered at the moment; undefined outside of requests. */
export function presentCorrelationId(): string | undefined {
  return correlations.getStore();
}

/** Lets every log line that is written while a request is answered carry its correlation id. */
export function scopeRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => correlations.run(request.id, done));
  // Reading a body goes on from the socket's events and leaves the scope: it is entered again.
  fastify.addHook('preValidation', (request, _reply, done) => correlations.run(request.id, done));
}
