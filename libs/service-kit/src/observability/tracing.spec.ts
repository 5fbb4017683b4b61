import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { beginningOf } from './trace-ids.ts';
import { NodeTracing } from './tracing.ts';

const FIRST = '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5f';
const SECOND = '0b5c8a52-8d3c-4a3e-9b63-0c1f6f1c7e11';
const traceOf = (correlationId: string): string => correlationId.replaceAll('-', '');
const started: NodeTracing[] = [];

afterEach(async () => {
  for (const tracing of started.splice(0)) await tracing.shutdown();
});

function tracingOf(agencyId: string, sampleRatio = 1): { tracing: NodeTracing; spans: () => readonly ReadableSpan[] } {
  const exporter = new InMemorySpanExporter();
  const tracing = new NodeTracing({
    ...{ agencyId, kind: 'intake', serviceName: 'acogida-intake', exporter, sampleRatio },
    immediate: true,
  });
  started.push(tracing);
  return { tracing, spans: () => exporter.getFinishedSpans() };
}

function answer(tracing: NodeTracing, correlationId: string, method = 'POST', traceparent?: string): void {
  const span = tracing.startRequest({ correlationId, method, route: '/v1/cases', traceparent });
  tracing.endRequest(span, 201);
}

describe('the span of a request', () => {
  it('is told by route template and status, in the trace of its correlation', () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    answer(tracing, FIRST);
    expect(spans()).toHaveLength(1);
    expect(spans()[0]).toMatchObject({
      name: 'POST /v1/cases',
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/cases', 'http.response.status_code': 201 },
      links: [],
    });
    expect(spans()[0]?.parentSpanContext).toBeUndefined();
    expect(spans()[0]?.spanContext()).toMatchObject({
      traceId: traceOf(FIRST),
      spanId: beginningOf('cr-border-intake', traceOf(FIRST)).spanId,
    });
    expect(spans()[0]?.resource.attributes).toEqual({
      'service.name': 'acogida-intake',
      'service.namespace': 'acogida',
      'acogida.agency': 'cr-border-intake',
      'acogida.kind': 'intake',
    });
  });

  it('links the trace of its caller and never continues it', () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    answer(tracing, FIRST, 'POST', `00-${traceOf(SECOND)}-00f067aa0ba902b7-01`);
    expect(spans()[0]?.spanContext().traceId).toBe(traceOf(FIRST));
    expect(spans()[0]?.links.map((link) => link.context.traceId)).toEqual([traceOf(SECOND)]);
  });

  it('is the beginning of its correlation once: reads and later commands get ids of their own', () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    answer(tracing, FIRST, 'GET');
    answer(tracing, FIRST);
    answer(tracing, FIRST);
    const ids = spans().map((span) => span.spanContext());
    expect(new Set(ids.map(({ traceId }) => traceId))).toEqual(new Set([traceOf(FIRST)]));
    expect(new Set(ids.map(({ spanId }) => spanId)).size).toBe(3);
    expect(ids[1]?.spanId).toBe(beginningOf('cr-border-intake', traceOf(FIRST)).spanId);
  });

  it('of a client that went away, or of a failure, is an error', () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    for (const status of [null, 500, 404]) {
      tracing.endRequest(
        tracing.startRequest({ correlationId: SECOND, method: 'GET', route: '/v1/cases', traceparent: undefined }),
        status,
      );
    }
    expect(spans().map((span) => span.status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
  });
});

describe('the span of a step', () => {
  it('that worked for one command is the child of its request', async () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    answer(tracing, FIRST);
    expect(await tracing.around('append', { count: 1, correlationIds: [FIRST] }, async () => 'done')).toBe('done');
    const [request, append] = spans();
    expect(append?.name).toBe('append');
    expect(append?.spanContext().traceId).toBe(request?.spanContext().traceId);
    expect(append?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(append?.attributes).toEqual({ 'acogida.count': 1 });
  });

  it('that several commands shared has a trace of its own, linked to theirs', async () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    await tracing.around('append', { count: 3, correlationIds: [FIRST, SECOND, SECOND] }, async () => {});
    const [append] = spans();
    expect(append?.parentSpanContext).toBeUndefined();
    expect([traceOf(FIRST), traceOf(SECOND)]).not.toContain(append?.spanContext().traceId);
    expect(append?.links.map((link) => link.context)).toEqual([
      beginningOf('cr-border-intake', traceOf(FIRST)),
      beginningOf('cr-border-intake', traceOf(SECOND)),
    ]);
  });

  it('that takes in what another agency sent links the spans that began it there', async () => {
    const sender = tracingOf('cr-border-intake');
    const receiver = tracingOf('mx-comar');
    answer(sender.tracing, FIRST);
    const detail = { count: 1, source: 'cr-border-intake', correlationIds: [FIRST] };
    await receiver.tracing.around('inbox', detail, async () => {});
    const [request] = sender.spans();
    const [inbox] = receiver.spans();
    expect(inbox?.kind).toBe(SpanKind.CONSUMER);
    expect(inbox?.spanContext().traceId).not.toBe(traceOf(FIRST));
    expect(inbox?.links.map(({ context }) => [context.traceId, context.spanId])).toEqual([
      [request?.spanContext().traceId, request?.spanContext().spanId],
    ]);
    expect(inbox?.attributes).toEqual({ 'acogida.count': 1, 'acogida.source': 'cr-border-intake' });
  });

  it('within a step is its child, whatever was done in between', async () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    await tracing.around('publish', { count: 2 }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await tracing.around('acknowledge', { count: 2 }, async () => {});
    });
    const [acknowledge, publish] = spans();
    expect(acknowledge?.parentSpanContext?.spanId).toBe(publish?.spanContext().spanId);
  });

  it('that failed tells the code and nothing else, and the failure goes on', async () => {
    const { tracing, spans } = tracingOf('cr-border-intake');
    const failure = Object.assign(new Error('canary María Pérez'), { code: '22P02' });
    await expect(tracing.around('append', { count: 1 }, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(spans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR }, events: [] });
    expect(spans()[0]?.attributes['error.type']).toBe('22P02');
    expect(spans()[0]?.status.message).toBeUndefined();
  });

  it('links at most 128 traces', async () => {
    const { tracing, spans } = tracingOf('mx-comar');
    const correlationIds = Array.from({ length: 200 }, (_, index) =>
      FIRST.replace(/^.{8}/, String(10_000_000 + index)),
    );
    await tracing.around('inbox', { count: 200, source: 'cr-border-intake', correlationIds }, async () => {});
    expect(spans()[0]?.links).toHaveLength(128);
  });
});

describe('sampling', () => {
  it('is decided by the trace, so that all nodes keep the same ones', async () => {
    const correlationIds = Array.from({ length: 100 }, (_, index) =>
      FIRST.replace(/^.{8}/, String(10_000_000 + index * 891_234)),
    );
    const kept = await Promise.all(
      ['cr-border-intake', 'mx-comar'].map(async (agencyId) => {
        const { tracing, spans } = tracingOf(agencyId, 0.5);
        for (const correlationId of correlationIds) {
          answer(tracing, correlationId);
          await tracing.around('append', { count: 1, correlationIds: [correlationId] }, async () => {});
        }
        return spans().map((span) => `${span.name} ${span.spanContext().traceId}`);
      }),
    );
    expect(kept[0]).toEqual(kept[1]);
    expect(kept[0]?.length).toBeGreaterThan(0);
    expect(kept[0]?.length).toBeLessThan(200);
  });
});

describe('what is under way', () => {
  it('is named by trace and span, for log lines', () => {
    const { tracing } = tracingOf('cr-border-intake');
    expect(tracing.presentIds()).toEqual({});
    const span = tracing.startRequest({ correlationId: FIRST, method: 'GET', route: '/', traceparent: undefined });
    expect(tracing.within(span, () => tracing.presentIds())).toEqual({
      traceId: traceOf(FIRST),
      spanId: span.spanContext().spanId,
    });
  });
});
