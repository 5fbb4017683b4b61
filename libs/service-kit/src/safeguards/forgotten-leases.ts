import type { Transaction } from '@acogida/event-store';
import { type Count, DEFAULT_LEASE_TERMS, isOver, type Reading, unknownLeases } from '@acogida/safeguards';
import type { NodeContext } from '../node-definition.ts';
import { successorOf } from './known-holds.ts';
import type { MonotonicClock } from './monotonic-clock.ts';

const OPEN_OCCASIONS = {
  name: 'forgotten-lease-open',
  text: `
  SELECT occasion FROM (
    SELECT 'recovery:' || recovery_id AS occasion FROM relay.recovery UNION ALL SELECT unnest($1::text[])) AS known
  WHERE NOT EXISTS (SELECT FROM forgotten_lease AS over WHERE over.occasion = known.occasion)`,
};
const NOTE_OVER = {
  name: 'forgotten-lease-over',
  text: 'INSERT INTO forgotten_lease SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
};

/**
 * Leases that may be out though this ledger does not have them (architecture.md §7): a restored copy lacks what was granted after it,
 * and a successor lacks the ledger of the agency before. The longest lease is counted from when this process first noticed, and
 * what it had not counted to its end the next process counts anew.
 */
export class ForgottenLeases {
  readonly #clock: MonotonicClock;
  readonly #noticed = new Map<string, Reading>();

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
  }

  /** What is counted now; null where nothing can be out. @throws what the database throws */
  async current(
    { agencyId, members }: Pick<NodeContext, 'agencyId' | 'members'>,
    lookup: Pick<Transaction, 'query'>,
  ): Promise<Count | null> {
    const all = members();
    const gone = all.filter((one) => successorOf(one.agencyId, all) === agencyId);
    const successions = gone.map((one) => `succession:${one.agencyId}`);
    return this.#counted(successions, lookup);
  }

  /** What is counted now because this database was restored; null where nothing is. @throws what the database throws */
  ofRestores(lookup: Pick<Transaction, 'query'>): Promise<Count | null> {
    return this.#counted([], lookup);
  }

  /** What counts where nobody could look. */
  fromNowOn(): Count {
    return unknownLeases(this.#clock.read(), DEFAULT_LEASE_TERMS.rateErrorPerMille);
  }

  async #counted(successions: readonly string[], lookup: Pick<Transaction, 'query'>): Promise<Count | null> {
    const { rows } = await lookup.query<{ occasion: string }>({ ...OPEN_OCCASIONS, values: [successions] });
    const now = this.#clock.read();
    const counts = rows.map(({ occasion }) => ({ occasion, count: this.#countOf(occasion, now) }));
    const over = counts.filter(({ count }) => isOver(count, now));
    if (over.length > 0) await lookup.query({ ...NOTE_OVER, values: [over.map(({ occasion }) => occasion)] });
    const open = counts.filter(({ count }) => !isOver(count, now)).map(({ count }) => count);
    return open.toSorted((one, other) => other.from.ms - one.from.ms)[0] ?? null;
  }

  #countOf(occasion: string, now: Reading): Count {
    const before = this.#noticed.get(occasion);
    const from = before?.boot === now.boot ? before : now;
    this.#noticed.set(occasion, from);
    return unknownLeases(from, DEFAULT_LEASE_TERMS.rateErrorPerMille);
  }
}
