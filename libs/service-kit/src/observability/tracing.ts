import type { Step, StepDetail, StepObserver } from '@acogida/core';
import {
  type Context,
  createContextKey,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
} from '@opentelemetry/semantic-conventions';
import { describeError } from '../logging/describe-error.ts';
import { ChosenIdGenerator, type SpanIds } from './chosen-ids.ts';
import { beginningOf, callerOf, traceIdOf } from './trace-ids.ts';

/** What a node's tracing is made of. */
export interface TracingOptions {
  readonly agencyId: string;
  readonly kind: string;
  readonly serviceName: string;
  readonly exporter: SpanExporter;
  /** Share of traces that is kept, 0 to 1. Decided by trace id: all nodes keep the same ones. */
  readonly sampleRatio: number;
  /** Export each span when it ends instead of in batches: for specs. */
  readonly immediate?: boolean;
}

/** A request as a span may tell it. */
export interface TracedRequest {
  readonly correlationId: string;
  readonly method: string;
  /** The template, never the path. */
  readonly route: string;
  readonly traceparent: string | undefined;
}

const STEP_KEY = createContextKey('acogida.step');
const SPAN_KEY = createContextKey('acogida.span');
const KIND_OF_STEP: Readonly<Record<Step, SpanKind>> = {
  append: SpanKind.CLIENT,
  sequence: SpanKind.CLIENT,
  publish: SpanKind.PRODUCER,
  acknowledge: SpanKind.CLIENT,
  inbox: SpanKind.CONSUMER,
  'offset-commit': SpanKind.CLIENT,
};
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Correlations of which the beginning is remembered, so that no two spans of this process get the same ids. */
const REMEMBERED_BEGINNINGS = 10_000;
const MOST_LINKS = 128;
const SHUTDOWN_TIMEOUT_MS = 2_000;

/**
 * Spans of one node: one per request and one per step. The trace of a command is its correlation id; what another agency
 * sent is taken in under a trace of its own, linked to the senders' (see `traceIdOf`). Spans carry route templates, codes
 * and counts: no identity, no path, no statement.
 */
export class NodeTracing implements StepObserver {
  readonly #agencyId: string;
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #ids = new ChosenIdGenerator();
  readonly #contexts = new AsyncLocalStorageContextManager();
  readonly #begun = new Set<string>();

  constructor(options: TracingOptions) {
    const { exporter } = options;
    this.#agencyId = options.agencyId;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        [ATTR_SERVICE_NAME]: options.serviceName,
        [ATTR_SERVICE_NAMESPACE]: 'acogida',
        'acogida.agency': options.agencyId,
        'acogida.kind': options.kind,
      }),
      sampler: new TraceIdRatioBasedSampler(options.sampleRatio),
      idGenerator: this.#ids,
      spanProcessors: [
        options.immediate === true ? new SimpleSpanProcessor({ exporter }) : new BatchSpanProcessor({ exporter }),
      ],
    });
    this.#tracer = this.#provider.getTracer('@acogida/service-kit');
  }

  /** The span of a request. A caller's trace is linked, never continued. */
  startRequest({ correlationId, method, route, traceparent }: TracedRequest): Span {
    const caller = callerOf(traceparent);
    const options = {
      kind: SpanKind.SERVER,
      attributes: { [ATTR_HTTP_REQUEST_METHOD]: method, [ATTR_HTTP_ROUTE]: route },
      links: caller === undefined ? [] : [{ context: caller }],
    };
    const traceId = traceIdOf(correlationId);
    const beginning = traceId === undefined ? undefined : this.#identify(traceId, READING.has(method));
    return this.#start(`${method} ${route}`, options, ROOT_CONTEXT, beginning);
  }

  /** Ends the span of a request; no status when the client went away before the answer. */
  endRequest(span: Span, status: number | null): void {
    if (status !== null) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    if (status === null || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }

  /** Runs `work` with the span as the present one. */
  within<T>(span: Span, work: () => T): T {
    return this.#contexts.with(ROOT_CONTEXT.setValue(SPAN_KEY, span), work);
  }

  /** Trace and span id of what is under way, for log lines; empty outside of any span. */
  presentIds(): { readonly traceId?: string; readonly spanId?: string } {
    const span = this.#contexts.active().getValue(SPAN_KEY) as Span | undefined;
    if (span === undefined) return {};
    const { traceId, spanId } = span.spanContext();
    return { traceId, spanId };
  }

  around<T>(step: Step, detail: StepDetail, work: () => Promise<T>): Promise<T> {
    const span = this.#startStep(step, detail);
    const context = ROOT_CONTEXT.setValue(SPAN_KEY, span).setValue(STEP_KEY, span);
    return this.#contexts.with(context, async () => {
      try {
        return await work();
      } catch (error) {
        const { name, code } = describeError(error);
        span.setAttribute(ATTR_ERROR_TYPE, code ?? name);
        span.setStatus({ code: SpanStatusCode.ERROR }); // no message: it may repeat values
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** Exports what is left, as far as the collector takes it in time. */
  async shutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SHUTDOWN_TIMEOUT_MS);
    });
    await Promise.race([this.#provider.shutdown().catch(() => {}), tooLate]);
    clearTimeout(timer);
    this.#contexts.disable();
  }

  #startStep(step: Step, detail: StepDetail): Span {
    const { count, source } = detail;
    const origin = step === 'inbox' ? (source ?? this.#agencyId) : this.#agencyId;
    const traceIds = [...new Set(detail.correlationIds)].flatMap((id) => traceIdOf(id) ?? []);
    const outer = this.#contexts.active().getValue(STEP_KEY) as Span | undefined;
    const [only] = traceIds;
    const options = {
      kind: KIND_OF_STEP[step],
      attributes: { 'acogida.count': count, ...(source === undefined ? {} : { 'acogida.source': source }) },
      links: traceIds.slice(0, MOST_LINKS).map((traceId): Link => ({ context: beginningOf(origin, traceId) })),
    };
    // A step within a step is its child. One that works for a single command is in the trace of that command; a shared
    // transaction, and what another agency sent, begins a trace of its own.
    if (outer !== undefined) return this.#start(step, options, trace.setSpan(ROOT_CONTEXT, outer));
    if (step === 'inbox' || only === undefined || traceIds.length > 1) return this.#start(step, options, ROOT_CONTEXT);
    const alone = { ...options, links: [] };
    if (!this.#begun.has(only)) return this.#start(step, alone, ROOT_CONTEXT, this.#identify(only, false));
    const command = { ...beginningOf(this.#agencyId, only), isRemote: false };
    return this.#start(step, alone, trace.setSpanContext(ROOT_CONTEXT, command));
  }

  /** Which ids the root span of a correlation gets: those that other agencies compute, for the first that records. */
  #identify(traceId: string, isReading: boolean): SpanIds {
    if (isReading || this.#begun.has(traceId)) return { traceId, spanId: this.#ids.generateSpanId() };
    this.#begun.add(traceId);
    const [oldest] = this.#begun;
    if (this.#begun.size > REMEMBERED_BEGINNINGS && oldest !== undefined) this.#begun.delete(oldest);
    return beginningOf(this.#agencyId, traceId);
  }

  #start(name: string, options: Parameters<Tracer['startSpan']>[1], context: Context, ids?: SpanIds): Span {
    const start = (): Span => this.#tracer.startSpan(name, options, context);
    return ids === undefined ? start() : this.#ids.choose(ids, start);
  }
}
