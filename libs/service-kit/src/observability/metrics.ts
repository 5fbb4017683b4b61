import type { Step, StepDetail, StepObserver } from '@acogida/core';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { ChannelMetrics } from './channel-metrics.ts';
import type { NodeState } from './node-state.ts';
import { StateMetrics } from './state-metrics.ts';

const STEP_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const STEP_ITEMS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Classes of HTTP status by their first digit. */
const STATUS_CLASSES = ['', '1xx', '2xx', '3xx', '4xx', '5xx'];

/**
 * Metrics of one node, in a registry of its own: several nodes may share a process in specs. Labels are agency ids, route
 * templates and codes; never a case, a subject or a person. Units stand in the names; times are seconds.
 */
export class NodeMetrics implements StepObserver {
  readonly registry = new Registry();
  /** Of what agencies ask each other beside the log. */
  readonly channel: ChannelMetrics;
  readonly #state: StateMetrics;
  readonly #stepSeconds: Histogram<'step' | 'outcome'>;
  readonly #stepItems: Histogram<'step'>;
  readonly #requestSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly #alarms: Counter<'kind' | 'source'>;
  readonly #relayFailures: Counter<'error'>;
  readonly #spans: Counter<'outcome'>;
  readonly #deadlineTurns: Counter<'deadline' | 'outcome'>;

  constructor(node: { readonly agencyId: string; readonly kind: string }) {
    this.registry.setDefaultLabels({ agency: node.agencyId, kind: node.kind });
    const registers = [this.registry];
    this.#state = new StateMetrics(registers);
    this.channel = new ChannelMetrics(registers);
    this.#stepSeconds = new Histogram({
      name: 'acogida_step_duration_seconds',
      help: 'How long each named step took, from append to offset-commit.',
      labelNames: ['step', 'outcome'],
      buckets: STEP_SECONDS,
      registers,
    });
    this.#stepItems = new Histogram({
      name: 'acogida_step_items',
      help: 'Requests, events or records that a step worked on together.',
      labelNames: ['step'],
      buckets: STEP_ITEMS,
      registers,
    });
    this.#requestSeconds = new Histogram({
      name: 'acogida_http_request_duration_seconds',
      help: 'How long requests took until the answer was sent, by route template and class of status.',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.#alarms = new Counter({
      name: 'acogida_alarms_total',
      help: 'Alarms that an operator must look at, by kind and by the agency that they are about.',
      labelNames: ['kind', 'source'],
      registers,
    });
    this.#relayFailures = new Counter({
      name: 'acogida_relay_failures_total',
      help: 'Rounds of the relay that failed, by class of error.',
      labelNames: ['error'],
      registers,
    });
    this.#deadlineTurns = new Counter({
      name: 'acogida_deadline_turns_total',
      help: 'Turns of deadlines that had come due, by kind of deadline and by what became of them.',
      labelNames: ['deadline', 'outcome'],
      registers,
    });
    this.#spans = new Counter({
      name: 'acogida_trace_spans_total',
      help: 'Spans handed to the trace collector, by what became of them.',
      labelNames: ['outcome'],
      registers,
    });
  }

  /** Adds the usual metrics of a Node.js process; once for each process, so only where metrics are served. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  async around<T>(step: Step, detail: StepDetail, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    let outcome = 'failed';
    try {
      const result = await work();
      outcome = 'done';
      return result;
    } finally {
      this.#stepSeconds.observe({ step, outcome }, (performance.now() - begun) / 1000);
      this.#stepItems.observe({ step }, detail.count);
    }
  }

  /** Counts an answered request. `route` is the template, `unmatched` where there is none. */
  countRequest(method: string, route: string, status: number, durationMs: number): void {
    const statusClass = STATUS_CLASSES[Math.trunc(status / 100)] ?? '';
    this.#requestSeconds.observe({ method, route, status: statusClass }, durationMs / 1000);
  }

  countAlarm(alarm: { readonly kind: string; readonly source: string }): void {
    this.#alarms.inc({ kind: alarm.kind, source: alarm.source });
  }

  /** @param error class of the error, as `describeError` names it */
  countRelayFailure(error: string): void {
    this.#relayFailures.inc({ error });
  }

  /** @param deadline kind of the deadline, a code */
  countDeadline(deadline: string, outcome: 'handled' | 'failed'): void {
    this.#deadlineTurns.inc({ deadline, outcome });
  }

  countSpans(outcome: 'exported' | 'lost', spans: number): void {
    this.#spans.inc({ outcome }, spans);
  }

  /** Names of all metrics, for the check of dashboard and alert rules. */
  names(): readonly string[] {
    return this.registry.getMetricsAsArray().map((metric) => metric.name);
  }

  /** The metrics in Prometheus' text format, with the node's state as it is now or was within the last second. */
  async text(state: NodeState): Promise<string> {
    await this.#state.refresh(state);
    return this.registry.metrics();
  }
}
