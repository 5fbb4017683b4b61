import { Gauge, type Registry } from 'prom-client';
import type { DeadlineState, NodeState, SourceState, StoredState } from './node-state.ts';

/** A state is good for this long: however many scrape, the database is asked once in it. */
const CACHE_MS = 1_000;
/** Most time that a scrape waits for the database. */
const READ_TIMEOUT_MS = 1_500;
const SOURCE_STATUSES = ['flowing', 'gap', 'stopped'] as const;

type GaugeOf<L extends string> = Gauge<L>;

/**
 * Gauges of what a node has stored and of its connections, read when somebody scrapes. When the database does not answer
 * in time they are absent, `acogida_collect_failed` is 1, and everything else is served all the same.
 */
export class StateMetrics {
  readonly #registers: Registry[];
  readonly #stored: Gauge[] = [];
  readonly #relay: readonly (readonly [GaugeOf<never>, (state: StoredState) => number])[];
  readonly #sources: readonly (readonly [GaugeOf<'source'>, (state: SourceState) => number | null])[];
  readonly #deadlines: readonly (readonly [GaugeOf<never>, (state: DeadlineState) => number])[];
  readonly #sourceStatus: GaugeOf<'source' | 'status'>;
  readonly #keptEvents: GaugeOf<'source' | 'state'>;
  readonly #relaying: GaugeOf<never>;
  readonly #collectFailed: GaugeOf<never>;
  readonly #poolConnections: GaugeOf<'state'>;
  readonly #poolWaiting: GaugeOf<never>;
  #reading: Promise<boolean> | null = null;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(registers: Registry[]) {
    this.#registers = registers;
    this.#relay = this.#relayGauges();
    this.#sources = this.#sourceGauges();
    this.#deadlines = this.#deadlineGauges();
    this.#sourceStatus = this.#storedGauge(
      'acogida_inbox_source_status',
      'Whether events of the agency are taken in: 1 at the status that holds.',
      ['source', 'status'],
    );
    this.#keptEvents = this.#storedGauge(
      'acogida_inbox_kept_events',
      'Received events of the agency that have not taken effect, by state.',
      ['source', 'state'],
    );
    this.#relaying = this.#gauge('acogida_relaying', '1 while the node publishes what it records and takes commands.');
    this.#collectFailed = this.#gauge(
      'acogida_collect_failed',
      '1 when the database did not say its state at this scrape.',
    );
    this.#poolConnections = this.#gauge(
      'acogida_pool_connections',
      'Connections of the node to its database, by whether they are in use.',
      ['state'],
    );
    this.#poolWaiting = this.#gauge('acogida_pool_waiting_requests', 'Requests that wait for a database connection.');
  }

  /** Sets all gauges to the state as it is now, or was within the last second. Never rejects. */
  async refresh(state: NodeState): Promise<void> {
    const succeeded = await this.#readInTime(state);
    this.#collectFailed.set(succeeded ? 0 : 1);
    if (!succeeded) for (const gauge of this.#stored) forget(gauge);
    const { total, idle, waiting } = state.pool();
    this.#poolConnections.set({ state: 'idle' }, idle);
    this.#poolConnections.set({ state: 'used' }, total - idle);
    this.#poolWaiting.set(waiting);
    this.#relaying.set(state.isRelaying() ? 1 : 0);
  }

  async #readInTime(state: NodeState): Promise<boolean> {
    if (performance.now() - this.#readAtMs < CACHE_MS) return true;
    // a reading that hangs is waited for by every scrape, never joined by a second one
    this.#reading ??= this.#read(state).finally(() => {
      this.#reading = null;
    });
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), READ_TIMEOUT_MS);
    });
    const succeeded = await Promise.race([this.#reading, tooLate]);
    clearTimeout(timer);
    return succeeded;
  }

  async #read(state: NodeState): Promise<boolean> {
    try {
      this.#set(await state.readStored());
      this.#readAtMs = performance.now();
      return true;
    } catch {
      return false;
    }
  }

  #set(state: StoredState): void {
    for (const gauge of this.#stored) gauge.reset();
    for (const [gauge, valueOf] of this.#relay) gauge.set(valueOf(state));
    for (const [gauge, valueOf] of this.#deadlines) gauge.set(valueOf(state.deadlines));
    for (const source of state.sources) {
      for (const [gauge, valueOf] of this.#sources) {
        const value = valueOf(source);
        if (value !== null) gauge.set({ source: source.source }, value);
      }
      for (const status of SOURCE_STATUSES) {
        this.#sourceStatus.set({ source: source.source, status }, status === source.status ? 1 : 0);
      }
      for (const [kind, count] of Object.entries(source.kept)) {
        this.#keptEvents.set({ source: source.source, state: kind }, count);
      }
    }
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): GaugeOf<L> {
    return new Gauge({ name, help, labelNames, registers: this.#registers });
  }

  #storedGauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): GaugeOf<L> {
    const gauge = this.#gauge(name, help, labelNames);
    this.#stored.push(gauge);
    return gauge;
  }

  #relayGauges(): readonly (readonly [GaugeOf<never>, (state: StoredState) => number])[] {
    const gauge = (name: string, help: string): GaugeOf<never> => this.#storedGauge(name, help);
    return [
      [gauge('acogida_outbox_unnumbered_events', 'Committed events without a number yet.'), (s) => s.unnumbered],
      [
        gauge('acogida_outbox_unpublished_events', 'Numbered events that the log does not have yet.'),
        (s) => s.lastNumber - s.publishedNumber,
      ],
      [gauge('acogida_relay_last_number', 'Highest number given to an event of this agency.'), (s) => s.lastNumber],
      [
        gauge('acogida_relay_published_number', 'Highest number of this agency that the log has.'),
        (s) => s.publishedNumber,
      ],
      [gauge('acogida_relay_incarnation', 'Lives of this store: one more after each restore.'), (s) => s.incarnation],
      [
        gauge(
          'acogida_relay_unattested_restores',
          'Restores from a backup that wait for the attestation of an officer.',
        ),
        (s) => s.unattestedRestores,
      ],
      [gauge('acogida_relay_term', 'Term of the relay that writes.'), (s) => s.term],
    ];
  }

  #deadlineGauges(): readonly (readonly [GaugeOf<never>, (state: DeadlineState) => number])[] {
    const gauge = (name: string, help: string): GaugeOf<never> => this.#storedGauge(name, help);
    return [
      [gauge('acogida_deadlines_open', 'Deadlines that stand open (domain.md §1.4).'), (s) => s.open],
      [gauge('acogida_deadlines_overdue', 'Deadlines that stand open although they are due.'), (s) => s.overdue],
      [gauge('acogida_deadlines_failing', 'Deadlines that stand open although they had a turn.'), (s) => s.failing],
      [
        gauge('acogida_deadlines_oldest_overdue_seconds', 'Seconds since the longest overdue deadline was due.'),
        (s) => s.oldestOverdueSeconds,
      ],
    ];
  }

  #sourceGauges(): readonly (readonly [GaugeOf<'source'>, (state: SourceState) => number | null])[] {
    const gauge = (name: string, help: string): GaugeOf<'source'> => this.#storedGauge(name, help, ['source']);
    return [
      [gauge('acogida_inbox_last_number', 'Highest number of the agency taken in.'), (s) => s.lastNumber],
      [gauge('acogida_inbox_head_number', 'Highest number the agency is known to have given.'), (s) => s.headNumber],
      [
        gauge('acogida_inbox_lag_events', 'Numbers the agency is known to have given and that are not taken in.'),
        (s) => Math.max(0, s.headNumber - s.lastNumber),
      ],
      [
        gauge('acogida_inbox_silence_seconds', 'Seconds since the agency was last heard of; absent if never.'),
        (s) => s.silenceSeconds,
      ],
      [
        gauge('acogida_inbox_stale', '1 for an agency that was silent for three heartbeats (architecture.md §3).'),
        (s) => (s.isStale ? 1 : 0),
      ],
      [
        gauge('acogida_inbox_unverifiable_records', 'Records in the topic of the agency that nobody stands for.'),
        (s) => s.unverifiable,
      ],
      [
        gauge('acogida_inbox_oldest_parked_seconds', 'Age of the event of the agency that is parked the longest.'),
        (s) => s.oldestParkedSeconds,
      ],
    ];
  }
}

/** Leaves no series: a reset alone makes a gauge without labels zero, which would be a statement. */
function forget(gauge: Gauge): void {
  gauge.reset();
  gauge.remove({});
}
