import type { Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Observability } from './observability.ts';
import type { NodeTracing } from './tracing.ts';

/** Routes that probes call all day. */
function isProbe(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/health/') === true;
}

/** Counts every answered request, and traces it where traces are collected. */
export function observeRequests(fastify: FastifyInstance, { metrics, tracing }: Observability): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.countRequest(request.method, request.routeOptions.url ?? 'unmatched', reply.statusCode, reply.elapsedTime);
    done();
  });
  if (tracing !== null) traceRequests(fastify, tracing);
}

function traceRequests(fastify: FastifyInstance, tracing: NodeTracing): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isProbe(request)) return done();
    const { traceparent } = request.headers;
    const span = tracing.startRequest({
      correlationId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    spans.set(request, span);
    tracing.within(span, done);
  });
  // Reading a body goes on from the socket's events and leaves the context: it is entered again.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else tracing.within(span, done);
  });
  const end = (request: FastifyRequest, status: number | null): void => {
    const span = spans.get(request);
    if (span?.isRecording() === true) tracing.endRequest(span, status);
  };
  fastify.addHook('onResponse', (request, reply, done) => {
    end(request, reply.statusCode);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    end(request, null);
    done();
  });
}
