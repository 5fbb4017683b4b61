import type { MemoryDatabase, Transaction } from '@acogida/event-store';
import type { InboxStore, LockedSource, SourceCursor, Unlock } from './inbox-store.ts';
import type { Lane } from './lane.ts';
import { MemoryInboxTables, type MemoryKept, NEW_SOURCE, unlockKey } from './memory-inbox-tables.ts';
import { isCauseHere, isUnsettled, LockedMemory } from './memory-locked-source.ts';

/** The inbox of a simulated node; passes the same conformance suite as `PostgresInboxStore`. */
export class MemoryInboxStore implements InboxStore {
  readonly #database: MemoryDatabase;
  readonly #tables: MemoryInboxTables;

  constructor(database: MemoryDatabase) {
    this.#database = database;
    this.#tables = new MemoryInboxTables(database);
  }

  withSourceLocked<T, A = undefined>(
    source: string,
    work: (locked: LockedSource, cursor: SourceCursor, answer: A | undefined) => Promise<T>,
    ask?: (locked: LockedSource) => Promise<A>,
  ): Promise<T> {
    return this.#database.transaction(async (transaction) => {
      const { sources } = this.#tables;
      const locked = new LockedMemory(source, transaction, this.#database, this.#tables);
      const answer = await ask?.(locked);
      const known = sources.rows(transaction).get(source);
      const row = known ?? { ...NEW_SOURCE, source };
      if (known === undefined) sources.set(transaction, source, row);
      return work(locked, row, answer);
    });
  }

  async lanesWithArrivedCause(): Promise<readonly Lane[]> {
    const [events, numbers] = [this.#tables.events.rows(), this.#tables.numbers.rows()];
    const kept = [...this.#tables.kept.rows().values()];
    const lanes = new Map<string, Lane>();
    for (const { kind, source, subject, number, causeSource, causeId } of kept) {
      if (kind !== 'parked' || subject === null || causeSource === null || causeId === null) continue;
      if (this.#tables.sources.rows().get(source)?.status === 'stopped') continue;
      if (!isCauseHere({ source: causeSource, id: causeId }, numbers, events)) continue;
      const isBehind = (other: MemoryKept): boolean =>
        isUnsettled(other) && other.source === source && other.subject === subject;
      if (kept.some((other) => isBehind(other) && (other.number ?? 0) < (number ?? 0))) continue;
      lanes.set(`${source}/${subject}`, { source, subject });
    }
    return [...lanes.values()];
  }

  async isSomeoneParked(): Promise<boolean> {
    return [...this.#tables.kept.rows().values()].some(({ kind, causeId }) => kind === 'parked' && causeId !== null);
  }

  async wantUnlock(transaction: Transaction, wanted: readonly Lane[]): Promise<void> {
    const { unlocks } = this.#tables;
    for (const { source, subject } of new Map(wanted.map((lane) => [unlockKey(lane), lane])).values()) {
      const known = unlocks.rows(transaction).get(unlockKey({ source, subject }));
      const times = (known?.wanted ?? 0) + 1;
      unlocks.set(transaction, unlockKey({ source, subject }), {
        source,
        subject,
        wanted: times,
        done: known?.done ?? 0,
      });
    }
  }

  async openUnlocks(): Promise<readonly Unlock[]> {
    return [...this.#tables.unlocks.rows()]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, { done, ...unlock }]) => (done < unlock.wanted ? [unlock] : []));
  }

  async closeUnlock(unlock: Unlock): Promise<void> {
    const { unlocks } = this.#tables;
    await this.#database.transaction(async (transaction) => {
      const known = unlocks.rows(transaction).get(unlockKey(unlock));
      if (known === undefined || known.done >= unlock.wanted) return;
      unlocks.set(transaction, unlockKey(unlock), { ...known, done: unlock.wanted });
    });
  }

  async missingNumber(source: string): Promise<number | null> {
    const row = this.#tables.sources.rows().get(source);
    return row?.status === 'gap' ? row.lastNumber + 1 : null;
  }
}
