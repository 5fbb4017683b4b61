import pg from 'pg';
import { WAKE_CHANNEL } from './embedded-log-schema.ts';
import { pauseMs, retryDelayMs } from './log-backoff.ts';
import type { LogReporter } from './log-consumption.ts';

/**
 * One connection that waits for publications, kept up for as long as anyone wants to know. A hint only: whoever relies on
 * it polls as well.
 */
export class WakeListener {
  readonly #databaseUrl: string;
  readonly #report: LogReporter | undefined;
  readonly #wakes = new Set<(topic: string | undefined) => void>();
  readonly #closing = new AbortController();
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;

  constructor(databaseUrl: string, report: LogReporter | undefined) {
    this.#databaseUrl = databaseUrl;
    this.#report = report;
  }

  /** Calls `wake` with the topic of each publication, and without one when some may have been missed. */
  add(wake: (topic: string | undefined) => void): () => void {
    this.#wakes.add(wake);
    this.#running ??= this.#run();
    return () => this.#wakes.delete(wake);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end().catch(() => {});
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const connected = await this.#listenUntilBroken();
      if (this.#closing.signal.aborted) return;
      failures = connected ? 1 : failures + 1;
      this.#report?.('warn', 'the connection that waits for new records broke');
      await pauseMs(retryDelayMs(failures), this.#closing.signal);
    }
  }

  /** Whether the connection had come about before it broke. */
  async #listenUntilBroken(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: 'acogida-log-listener',
    });
    const broken = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
    });
    client.on('notification', (message) => this.#wake(message.payload));
    this.#client = client;
    let connected = false;
    try {
      await client.connect();
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
      connected = true;
      this.#wake(undefined);
      if (this.#closing.signal.aborted) return true;
      await broken;
    } catch {
      // Reported by the caller, tried again after a pause.
    } finally {
      await client.end().catch(() => {});
    }
    return connected;
  }

  #wake(topic: string | undefined): void {
    for (const wake of this.#wakes) wake(topic);
  }
}
