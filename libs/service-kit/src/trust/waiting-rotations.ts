import { AgencyStoppedError, type Quarantine } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { LiveTrust } from './live-trust.ts';

/** As the inbox describes a rotation whose countersignature is by a key of the directory that is not known here. */
const UNKNOWN_COUNTERSIGNER = 'trust: LedgerError DIRECTORY_KEY_UNKNOWN';

/** What trying again is done with. */
export interface WaitingRotationsOptions {
  readonly database: Pick<Transaction, 'query'>;
  readonly quarantine: Pick<Quarantine, 'retry'>;
  readonly trust: Pick<LiveTrust, 'refresh' | 'revision'>;
}

/**
 * Rotations that were read before the directory's key that countersigned them, since topics are read side by side. They are
 * tried again when more is known, and with them what their agency signed with the keys that they bring: nobody need ask for it.
 */
export class WaitingRotations {
  readonly #options: WaitingRotationsOptions;
  /** Undefined after a start: what was kept before it may be ready. */
  #triedAt: number | undefined;

  constructor(options: WaitingRotationsOptions) {
    this.#options = options;
  }

  /** Costs nothing while nothing new is known of keys. @throws transient database errors: it is tried with the next delivery */
  async retry(): Promise<void> {
    const { database, trust } = this.#options;
    const { revision } = trust;
    if (revision === this.#triedAt) return;
    const { rows } = await database.query<{ source: string }>(
      `SELECT DISTINCT source FROM inbox.kept
        WHERE kind = 'quarantined' AND reason = 'EFFECT_FAILED' AND detail = $1 ORDER BY source`,
      [UNKNOWN_COUNTERSIGNER],
    );
    for (const { source } of rows) await this.#retryOf(source);
    this.#triedAt = revision;
  }

  /** Each rotation lets be read what follows it, maybe up to the next. */
  async #retryOf(source: string): Promise<void> {
    const { quarantine, trust } = this.#options;
    try {
      while ((await quarantine.retry({ source })).released > 0) await trust.refresh();
    } catch (error) {
      if (!(error instanceof AgencyStoppedError)) throw error; // people decide first
    }
  }
}
