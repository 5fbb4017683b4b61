import type { Instant } from '@acogida/core';
import type { MemoryDatabase, Rows, Transaction } from '@acogida/event-store';
import { storedDetail } from './inbox-kept.ts';
import { blocks, causeKey, isUnread, sealedLanesOf, type Settlement } from './inbox-settlement.ts';
import type {
  BatchOutcome,
  KeptRecord,
  KeptRow,
  LockedSource,
  Past,
  PastQuestion,
  Savepoint,
  SealedEvent,
  SourceCursor,
} from './inbox-store.ts';
import type { StreamHead } from './inbox-streams.ts';
import {
  eventKey,
  type MemoryEvent,
  type MemoryInboxTables,
  type MemoryKept,
  type MemorySource,
  NEW_SOURCE,
  unlockKey,
} from './memory-inbox-tables.ts';
import type { PositionedRecord } from './port.ts';

function isHere({ state }: MemoryEvent): boolean {
  return state === 'applied' || state === 'unknown' || isUnread(state);
}

/** Whether a raw record is kept of an event that holds back its lane. */
export function isUnsettled({ kind }: MemoryKept): boolean {
  return kind === 'parked' || kind === 'quarantined' || kind === 'held';
}

/** Whether a cause is here: in effect, or sealed. */
export function isCauseHere(
  cause: { readonly source: string; readonly id: string },
  numbers: Rows<readonly number[]>,
  events: Rows<MemoryEvent>,
): boolean {
  return (numbers.get(causeKey(cause)) ?? []).some((number) => {
    const event = events.get(eventKey(cause.source, number));
    return event !== undefined && isHere(event);
  });
}

/** An agency's rows in a database in memory, within one transaction. */
export class LockedMemory implements LockedSource {
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

  async readPast({ numbers, lanes, causes, streams }: PastQuestion): Promise<Past> {
    const { source, transaction } = this;
    const events = this.#tables.events.rows(transaction);
    const byId = this.#tables.numbers.rows(transaction);
    const asked = new Set(lanes);
    const blockedFrom = new Map<string, number>();
    for (const { source: other, subject, number, state } of events.values()) {
      if (other !== source || !asked.has(subject) || !blocks(state)) continue;
      blockedFrom.set(subject, Math.min(number, blockedFrom.get(subject) ?? number));
    }
    const heads = this.#tables.streams.rows(transaction);
    return {
      leaves: new Map(
        numbers.flatMap((number) => {
          const event = events.get(eventKey(source, number));
          return event === undefined ? [] : [[number, event.leaf] as const];
        }),
      ),
      blockedFrom,
      missingCauses: new Set(causes.filter((cause) => !isCauseHere(cause, byId, events)).map(causeKey)),
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
  ): Promise<boolean> {
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
    return this.#reopenUnlocks(sealedLanesOf(settlements));
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

  async count({ unsettled, sealed }: Pick<SourceCursor, 'unsettled' | 'sealed'>): Promise<void> {
    this.#change({ unsettled, sealed });
  }

  async updateEvent({ item, state, passedBy }: Settlement, _now: Instant): Promise<void> {
    const event = this.#event(item.envelope.number);
    const subject = item.reading.lane;
    this.#setEvent({ ...event, subject, state, hasPassedBy: event.hasPassedBy || passedBy !== null });
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

  async resettle(keptId: string, { item, state, reason, detail, cause }: Settlement, _now: Instant): Promise<void> {
    const [key, kept] = this.#keptById(keptId);
    if (state === 'applied' || state === 'sealed') {
      this.#tables.kept.delete(this.transaction, key);
      return;
    }
    this.#tables.kept.set(this.transaction, key, {
      ...kept,
      subject: item.reading.lane,
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

  async sealedOf(subject: string, afterNumber: number, limit: number): Promise<readonly SealedEvent[]> {
    return [...this.#tables.events.rows(this.transaction).values()]
      .filter((event) => event.source === this.source && event.subject === subject && event.state === 'sealed')
      .filter(({ number }) => number > afterNumber)
      .toSorted((one, other) => one.number - other.number)
      .slice(0, limit)
      .map(({ number, leaf, position }) => ({ number, leaf, position }));
  }

  async closeVainUnlocks(): Promise<ReadonlySet<string>> {
    const { events, unlocks } = this.#tables;
    const sealed = new Set<string>();
    for (const { source, subject, state } of events.rows(this.transaction).values()) {
      if (source === this.source && state === 'sealed') sealed.add(subject);
    }
    const vain = [...unlocks.rows(this.transaction).values()].filter(
      ({ source, subject, wanted, done }) => source === this.source && done < wanted && !sealed.has(subject),
    );
    for (const unlock of vain) unlocks.set(this.transaction, unlockKey(unlock), { ...unlock, done: unlock.wanted });
    return new Set(vain.map(({ subject }) => subject));
  }

  #insertEvent({ item, state, passedBy }: Settlement, outOfOrder: ReadonlySet<number>): void {
    const { number, id, class: clearClass } = item.envelope;
    const subject = item.reading.lane;
    const { position = null } = item.record as Partial<PositionedRecord>;
    const cause = causeKey({ source: this.source, id });
    const { numbers } = this.#tables;
    numbers.set(this.transaction, cause, [...(numbers.rows(this.transaction).get(cause) ?? []), number]);
    this.#setEvent({
      ...{ source: this.source, number, eventId: id, leaf: item.leaf, class: clearClass, subject, state },
      ...{ isOutOfOrder: outOfOrder.has(number), hasPassedBy: passedBy !== null },
      position: state === 'sealed' ? position : null,
    });
  }

  #reopenUnlocks(subjects: readonly string[]): boolean {
    const { unlocks } = this.#tables;
    const known = subjects.flatMap((subject) => {
      const unlock = unlocks.rows(this.transaction).get(unlockKey({ source: this.source, subject }));
      return unlock === undefined ? [] : [unlock];
    });
    for (const unlock of known) {
      unlocks.set(this.transaction, unlockKey(unlock), { ...unlock, wanted: unlock.wanted + 1 });
    }
    return known.length > 0;
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
