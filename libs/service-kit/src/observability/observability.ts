import type { StepObserver } from '@acogida/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { NodeMetrics } from './metrics.ts';
import { countedExporter, createOtlpExporter } from './otlp-exporter.ts';
import { NodeTracing } from './tracing.ts';

/** What a node measures and traces. */
export interface Observability {
  readonly metrics: NodeMetrics;
  /** Null where no collector is configured: nothing of tracing runs then. */
  readonly tracing: NodeTracing | null;
  /** Stands around every step of store, relay, inbox and log. */
  readonly observer: StepObserver;
  /** Hands the last spans to the collector. */
  shutdown(): Promise<void>;
}

/** What specs put in place of the real thing. */
export interface ObservabilityReplacements {
  /** Stands around the node's own observer. */
  readonly observer?: StepObserver;
  /** Gets each span when it ends, instead of a collector. */
  readonly spanExporter?: SpanExporter;
}

/** One observer around the other; the first is the outer one. */
export function nested(...observers: readonly StepObserver[]): StepObserver {
  return observers.reduceRight((inner, outer) => ({
    around: (step, detail, work) => outer.around(step, detail, () => inner.around(step, detail, work)),
  }));
}

function createTracing(
  configuration: NodeConfiguration,
  metrics: NodeMetrics,
  spanExporter: SpanExporter | undefined,
): NodeTracing | null {
  const { tracing, agencyId, agency } = configuration;
  const serviceName = tracing?.serviceName ?? `acogida-${agency.kind}`;
  const node = { agencyId, kind: agency.kind, serviceName };
  if (spanExporter !== undefined)
    return new NodeTracing({ ...node, exporter: spanExporter, sampleRatio: 1, immediate: true });
  if (tracing === undefined) return null;
  const exporter = countedExporter(createOtlpExporter(tracing.endpoint), (outcome, spans) =>
    metrics.countSpans(outcome, spans),
  );
  return new NodeTracing({ ...node, exporter, sampleRatio: tracing.sampleRatio });
}

/** Makes the metrics of a node and, where the configuration names a collector, its tracing. */
export function createObservability(
  configuration: NodeConfiguration,
  replacements: ObservabilityReplacements = {},
): Observability {
  const metrics = new NodeMetrics({ agencyId: configuration.agencyId, kind: configuration.agency.kind });
  const tracing = createTracing(configuration, metrics, replacements.spanExporter);
  const { observer } = replacements;
  return {
    metrics,
    tracing,
    observer: nested(...(observer === undefined ? [] : [observer]), ...(tracing === null ? [] : [tracing]), metrics),
    shutdown: async () => tracing?.shutdown(),
  };
}
