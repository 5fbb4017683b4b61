import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

/**
 * Sends spans to a collector by OTLP/HTTP. Headers, timeout and TLS files are those of the `OTEL_EXPORTER_OTLP_*`
 * variables, which the exporter reads itself.
 *
 * @param endpoint base URL of the collector: spans go to `/v1/traces` below it
 */
export function createOtlpExporter(endpoint: string): SpanExporter {
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
}

/** Counts what became of the spans that an exporter was given; a collector that is away is nothing but a count. */
export function countedExporter(
  exporter: SpanExporter,
  count: (outcome: 'exported' | 'lost', spans: number) => void,
): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        count(result.code === ExportResultCode.SUCCESS ? 'exported' : 'lost', spans.length);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
