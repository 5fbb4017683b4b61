import type { Clock, Instant } from '@acogida/core';
import type { Pool } from 'pg';
import type { InboxAlarm } from './inbox-port.ts';
import { HEARTBEAT_INTERVAL_MS } from './relay-port.ts';

/** An agency that is silent for this many heartbeats is stale (architecture.md §3, point 5). */
const MISSED_HEARTBEATS = 3;

/** How long ago an agency was heard, by this node's clock. */
export interface Staleness {
  readonly source: string;
  /** When the last event or head that said something new was received; null before the first. */
  readonly lastHeardAt: Instant | null;
  /** Nothing was heard for three heartbeats, or ever: what is known of the agency may be outdated. */
  readonly isStale: boolean;
}

/** How a `StalenessWatch` is made. */
export interface StalenessOptions {
  readonly pool: Pick<Pool, 'query'>;
  readonly clock: Clock;
  /** Agencies that are to be heard: those that are listened to by then, without this node's own. */
  readonly sources: () => readonly string[];
  /** How often an agency with nothing to say signs its head, in milliseconds; 10 s by default. */
  readonly heartbeatIntervalMs?: number;
  /** Told once each time an agency falls silent. */
  readonly onAlarm?: (alarm: InboxAlarm) => void;
  /** Every failure of a check that its timer made. */
  readonly onError?: (error: unknown) => void;
}

/** How long an agency may be silent, in milliseconds. */
export function staleAfterMs(heartbeatIntervalMs: number = HEARTBEAT_INTERVAL_MS): number {
  return MISSED_HEARTBEATS * heartbeatIntervalMs;
}

/** Whether the last word of an agency is too old. Pure. */
export function isStaleAt(now: Instant, lastHeardAt: Instant | null, heartbeatIntervalMs?: number): boolean {
  return lastHeardAt === null || Date.parse(now) - Date.parse(lastHeardAt) > staleAfterMs(heartbeatIntervalMs);
}

/** Looks out for agencies that fell silent. An agency that was never heard is stale, but no alarm before its time is over. */
export class StalenessWatch {
  readonly #options: StalenessOptions;
  readonly #since: Instant;
  readonly #alarmed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<unknown> = Promise.resolve();

  constructor(options: StalenessOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  /** How it stands with every agency, by name. Raises the alarm for those that fell silent since the last check. */
  async check(): Promise<readonly Staleness[]> {
    const { pool, clock, heartbeatIntervalMs, onAlarm } = this.#options;
    const sources = this.#options.sources();
    const { rows } = await pool.query<{ source: string; heardAt: Date | null }>(
      'SELECT source, heard_at AS "heardAt" FROM inbox.source_cursor WHERE source = ANY($1::text[])',
      [sources],
    );
    const heardAt = new Map(rows.map((row) => [row.source, row.heardAt?.toISOString() ?? null]));
    const now = clock.now();
    return [...sources].sort().map((source) => {
      const lastHeardAt = heardAt.get(source) ?? null;
      const isStale = isStaleAt(now, lastHeardAt, heartbeatIntervalMs);
      const isAlarming = isStaleAt(now, lastHeardAt ?? this.#since, heartbeatIntervalMs);
      if (isAlarming && !this.#alarmed.has(source))
        onAlarm?.({ kind: 'stale', source, number: null, reason: 'SILENT' });
      if (isAlarming) this.#alarmed.add(source);
      else this.#alarmed.delete(source);
      return { source, lastHeardAt, isStale };
    });
  }

  /** Checks once per heartbeat from now on. */
  start(): void {
    const { heartbeatIntervalMs = HEARTBEAT_INTERVAL_MS, onError } = this.#options;
    this.#timer = setInterval(() => {
      this.#checking = this.check().catch((error: unknown) => onError?.(error));
    }, heartbeatIntervalMs);
    this.#timer.unref();
  }

  /** Ends the checks; resolves when none runs any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }
}
