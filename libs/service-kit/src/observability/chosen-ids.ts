import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';

/** Ids of a span that are computed, not drawn. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** Random span ids, except for the one span that is started within `choose`. */
export class ChosenIdGenerator implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #chosen: SpanIds | null = null;

  /** Runs `start`, which starts one root span and does nothing asynchronous; that span gets these ids. */
  choose<T>(ids: SpanIds, start: () => T): T {
    this.#chosen = ids;
    try {
      return start();
    } finally {
      this.#chosen = null;
    }
  }

  generateTraceId(): string {
    return this.#chosen?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#chosen?.spanId ?? this.#random.generateSpanId();
  }
}
