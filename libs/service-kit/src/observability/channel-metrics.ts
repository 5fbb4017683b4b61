import { Counter, Histogram, type Registry } from 'prom-client';

const ASK_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Metrics of what agencies ask each other beside the log (architecture.md §7). Labels are codes. */
export class ChannelMetrics {
  readonly #askSeconds: Histogram<'topic' | 'outcome'>;
  readonly #refusals: Counter<'reason'>;

  constructor(registers: Registry[]) {
    this.#askSeconds = new Histogram({
      name: 'acogida_channel_ask_duration_seconds',
      help: 'How long it took to ask another agency beside the log, by topic and by what became of it.',
      labelNames: ['topic', 'outcome'],
      buckets: ASK_SECONDS,
      registers,
    });
    this.#refusals = new Counter({
      name: 'acogida_channel_refusals_total',
      help: 'Questions of other agencies, or of whoever says so, that were not answered, by the reason.',
      labelNames: ['reason'],
      registers,
    });
  }

  /** @param outcome a code of `ChannelAnswer` */
  countAsk(topic: string, outcome: string, durationMs: number): void {
    this.#askSeconds.observe({ topic, outcome }, durationMs / 1000);
  }

  /** @param reason a code */
  countRefusal(reason: string): void {
    this.#refusals.inc({ reason });
  }
}
