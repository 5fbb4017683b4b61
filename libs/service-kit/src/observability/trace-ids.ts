import { createHash } from 'node:crypto';
import { isValidTraceId, type SpanContext, TraceFlags } from '@opentelemetry/api';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * The trace that a correlation id stands for: its 32 hex digits. Every node computes the same one from what was inside the
 * seal, so a backend joins the nodes' traces and nothing about traces stands in clear on the log (architecture.md §4).
 * Undefined for what is no UUID, or the one of zeros only.
 */
export function traceIdOf(correlationId: string): string | undefined {
  if (!UUID.test(correlationId)) return undefined;
  const traceId = correlationId.replaceAll('-', '').toLowerCase();
  return isValidTraceId(traceId) ? traceId : undefined;
}

/** The span that began a correlation at an agency, where it was begun there by a command: anybody can compute it. */
export function beginningOf(agencyId: string, traceId: string): SpanContext {
  const spanId = createHash('sha256').update(`${agencyId}\n${traceId}`).digest('hex').slice(0, 16);
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/** The caller's span, from its `traceparent` (W3C Trace Context); undefined for anything else, which is never repeated. */
export function callerOf(traceparent: string | undefined): SpanContext | undefined {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  const [, traceId, spanId, flags] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}
