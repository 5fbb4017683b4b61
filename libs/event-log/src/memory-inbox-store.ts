import type { Instant } from '@acogida/core';
import type { MemoryDatabase, Rows, Transaction } from '@acogida/event-store';
import { storedDetail } from './inbox-kept.ts';
import { blocks, causeKey, type Settlement } from './inbox-settlement.ts';
import type {
  BatchOutcome,
  InboxStore,
  KeptRecord,
  KeptRow,
  LockedSource,
  Past,
  PastQuestion,
  Savepoint,
  SourceCursor,
} from './inbox-store.ts';
import type { StreamHead } from './inbox-streams.ts';
import type { Lane } from './lane.ts';
import {
  eventKey,
  type MemoryEvent,
  MemoryInboxTables,
  type MemoryKept,
  type MemorySource,
  NEW_SOURCE,
} from './memory-inbox-tables.ts';

function hasTakenEffect({ state }: MemoryEvent): boolean {
  return state === 'applied' || state === 'unknown';
}

function isUnsettled({ kind }: MemoryKept): boolean {
  return kind === 'parked' || kind === 'quarantined' || kind === 'held';
}

function isCauseApplied(
  cause: { readonly source: string; readonly id: string },
  numbers: Rows<readonly number[]>,
  events: Rows<MemoryEvent>,
): boolean {
  return (numbers.get(causeKey(cause)) ?? []).some((number) => {
    const event = events.get(eventKey(cause.source, number));
    return event !== undefined && hasTakenEffect(event);
  });
}

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
      if (!isCauseApplied({ source: causeSource, id: causeId }, numbers, events)) continue;
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

  async missingNumber(source: string): Promise<number | null> {
    const row = this.#tables.sources.rows().get(source);
    return row?.status === 'gap' ? row.lastNumber + 1 : null;
  }
}

class LockedMemory implements LockedSource {
  readonly source: string;
  readonly transaction: Transaction;
  readonly #database: MemoryDatabase;
  readonly #tables: MemoryInboxTables;

  constructor(source: string, transaction: Transaction, database: MemoryDatabase, tables: MemoryInboxTables) {
    this.source = source;
    this.transaction = transaction;
    this.#database = database;
    this.#tables = tables;
  }

  async savepoint(): Promise<Savepoint> {
    const rollBack = this.#database.savepoint(this.transaction);
    return { release: async () => {}, rollBack: async () => rollBack() };
  }

  async readPast({ numbers, subjects, causes, streams }: PastQuestion): Promise<Past> {
    const { source, transaction } = this;
    const events = this.#tables.events.rows(transaction);
    const byId = this.#tables.numbers.rows(transaction);
    const asked = new Set(subjects);
    const blocked = [...events.values()].filter(
      (event) => event.source === source && asked.has(event.subject) && blocks(event.state),
    );
    const heads = this.#tables.streams.rows(transaction);
    return {
      leaves: new Map(
        numbers.flatMap((number) => {
          const event = events.get(eventKey(source, number));
          return event === undefined ? [] : [[number, event.leaf] as const];
        }),
      ),
      blockedSubjects: new Set(blocked.map(({ subject }) => subject)),
      missingCauses: new Set(causes.filter((cause) => !isCauseApplied(cause, byId, events)).map(causeKey)),
      streams: new Map(
        streams.flatMap((stream) => {
          const head = heads.get(this.#streamKey(stream));
          return head === undefined ? [] : [[stream, head] as const];
        }),
      ),
    };
  }

  async writeBatch(
    { cursor, clock, head, isHeard, settlements, outOfOrder, streams }: BatchOutcome,
    now: Instant,
  ): Promise<void> {
    const { source, transaction } = this;
    const { sources } = this.#tables;
    for (const settlement of settlements) this.#insertEvent(settlement, outOfOrder);
    await this.storeStreams(streams);
    const before = this.#row();
    sources.set(transaction, source, {
      ...before,
      ...cursor,
      clock: clock > before.clock ? clock : before.clock,
      heardAt: isHeard ? now : before.heardAt,
      headSequence: head?.sequence ?? before.headSequence,
      headNumber: head?.number ?? before.headNumber,
      headTree: head?.treeHead ?? before.headTree,
    });
  }

  async keep(rows: readonly KeptRow[], _now: Instant): Promise<ReadonlySet<string>> {
    const inserted = new Set<string>();
    for (const row of rows) {
      const key = this.#keptKey(row.fingerprint);
      const known = this.#tables.kept.rows(this.transaction).get(key);
      if (known === undefined) {
        inserted.add(row.fingerprint);
        const keptId = String(this.#database.next('inbox.kept'));
        const fresh = { ...row, keptId, source: this.source, attempts: 1, isOverruled: false };
        this.#tables.kept.set(this.transaction, key, fresh);
      } else if (row.kind !== 'unverifiable' || known.kind === 'unverifiable') {
        this.#tables.kept.set(this.transaction, key, { ...known, ...row, attempts: known.attempts + 1 });
      }
    }
    return inserted;
  }

  async isOverruled(fingerprint: string): Promise<boolean> {
    const kept = this.#tables.kept.rows(this.transaction).get(this.#keptKey(fingerprint));
    return kept !== undefined && (kept.isOverruled || kept.reason === 'INCARNATION_OVER');
  }

  async stop(reason: string): Promise<void> {
    this.#change({ status: 'stopped', reason });
  }

  async countUnsettled(unsettled: number): Promise<void> {
    this.#change({ unsettled });
  }

  async updateEvent({ item, state, passedBy }: Settlement, _now: Instant): Promise<void> {
    const event = this.#event(item.envelope.number);
    this.#setEvent({ ...event, state, hasPassedBy: event.hasPassedBy || passedBy !== null });
  }

  async flagOutOfOrder(number: number): Promise<void> {
    this.#setEvent({ ...this.#event(number), isOutOfOrder: true });
  }

  async storeStreams(heads: readonly StreamHead[]): Promise<void> {
    for (const head of heads) this.#tables.streams.set(this.transaction, this.#streamKey(head.stream), head);
  }

  async keptOfLane(subject: string, alsoNumber: number | null): Promise<readonly KeptRecord[]> {
    const events = this.#tables.events.rows(this.transaction);
    return [...this.#tables.kept.rows(this.transaction).values()]
      .filter(({ source, subject: other }) => source === this.source && other === subject)
      .filter(
        (kept) => isUnsettled(kept) || kept.isChainPending || (kept.kind === 'unknown' && kept.number === alsoNumber),
      )
      .flatMap((kept) => {
        const { keptId, kind, reason, number, isChainPending, record } = kept;
        const event = number === null ? undefined : events.get(eventKey(this.source, number));
        if (number === null || event === undefined) return [];
        return [{ keptId, kind, reason, number, leaf: event.leaf, isChainPending, record }];
      })
      .toSorted((one, other) => one.number - other.number);
  }

  async resettle(keptId: string, { state, reason, detail, cause }: Settlement, _now: Instant): Promise<void> {
    const [key, kept] = this.#keptById(keptId);
    if (state === 'applied') {
      this.#tables.kept.delete(this.transaction, key);
      return;
    }
    this.#tables.kept.set(this.transaction, key, {
      ...kept,
      kind: state,
      reason: reason ?? kept.reason,
      detail: storedDetail(detail),
      causeSource: cause?.source ?? null,
      causeId: cause?.id ?? null,
      attempts: kept.attempts + 1,
      isChainPending: false,
    });
  }

  async forgetPassed({ keptId, kind }: KeptRecord): Promise<void> {
    const [key, kept] = this.#keptById(keptId);
    if (kind === 'passed') this.#tables.kept.delete(this.transaction, key);
    else this.#tables.kept.set(this.transaction, key, { ...kept, isChainPending: false });
  }

  #insertEvent({ item, state, passedBy }: Settlement, outOfOrder: ReadonlySet<number>): void {
    const { number, id, class: clearClass, subject } = item.envelope;
    const cause = causeKey({ source: this.source, id });
    const { numbers } = this.#tables;
    numbers.set(this.transaction, cause, [...(numbers.rows(this.transaction).get(cause) ?? []), number]);
    this.#setEvent({
      ...{ source: this.source, number, eventId: id, leaf: item.leaf, class: clearClass, subject, state },
      ...{ isOutOfOrder: outOfOrder.has(number), hasPassedBy: passedBy !== null },
    });
  }

  #row(): MemorySource {
    return this.#tables.sources.rows(this.transaction).get(this.source) ?? { ...NEW_SOURCE, source: this.source };
  }

  #change(change: Partial<MemorySource>): void {
    this.#tables.sources.set(this.transaction, this.source, { ...this.#row(), ...change });
  }

  #event(number: number): MemoryEvent {
    const event = this.#tables.events.rows(this.transaction).get(eventKey(this.source, number));
    if (event === undefined) throw new Error('the inbox has no such event');
    return event;
  }

  #setEvent(event: MemoryEvent): void {
    this.#tables.events.set(this.transaction, eventKey(this.source, event.number), event);
  }

  #keptById(keptId: string): readonly [key: string, kept: MemoryKept] {
    const found = [...this.#tables.kept.rows(this.transaction)].find(([, kept]) => kept.keptId === keptId);
    if (found === undefined) throw new Error('no such record is kept');
    return found;
  }

  #streamKey(stream: string): string {
    return `${this.source}/${stream}`;
  }

  #keptKey(fingerprint: string): string {
    return `${this.source}/${fingerprint}`;
  }
}
