import { HYBRID_TIME_ZERO, type HybridTime, type Instant } from '@acogida/core';
import type { MemoryDatabase, MemoryTable } from '@acogida/event-store';
import { CompactRange } from '@acogida/ledger';
import type { EventState } from './inbox-settlement.ts';
import type { KeptRow, SourceCursor, Unlock } from './inbox-store.ts';
import type { StreamHead } from './inbox-streams.ts';

/** An agency's row. */
export interface MemorySource extends SourceCursor {
  readonly source: string;
  readonly clock: HybridTime;
  readonly heardAt: Instant | null;
}

/** What became of an event. */
export interface MemoryEvent {
  readonly source: string;
  readonly number: number;
  readonly eventId: string;
  readonly leaf: string;
  readonly class: string;
  readonly subject: string;
  readonly state: EventState;
  readonly isOutOfOrder: boolean;
  readonly hasPassedBy: boolean;
  /** Where a sealed one stood on its topic. */
  readonly position: bigint | null;
}

/** What is wanted under a subject, and what of that is done. */
export interface MemoryUnlock extends Unlock {
  readonly done: number;
}

/** A raw record that is kept. */
export interface MemoryKept extends KeptRow {
  readonly keptId: string;
  readonly source: string;
  readonly attempts: number;
  readonly isOverruled: boolean;
}

/** The row of an agency at first sight. */
export const NEW_SOURCE: Omit<MemorySource, 'source'> = {
  ...{ lastNumber: 0, frontier: CompactRange.EMPTY.serialise(), incarnation: 1, status: 'flowing', reason: null },
  ...{
    headSequence: 0,
    headNumber: null,
    headTree: null,
    unsettled: 0,
    sealed: 0,
    clock: HYBRID_TIME_ZERO,
    heardAt: null,
  },
};

/** The tables of the inbox in a database in memory. */
export class MemoryInboxTables {
  readonly sources: MemoryTable<MemorySource>;
  /** By `eventKey`. */
  readonly events: MemoryTable<MemoryEvent>;
  /** Numbers under which an event id came, by `causeKey`. */
  readonly numbers: MemoryTable<readonly number[]>;
  readonly streams: MemoryTable<StreamHead>;
  /** By source and fingerprint. */
  readonly kept: MemoryTable<MemoryKept>;
  /** By source and subject. */
  readonly unlocks: MemoryTable<MemoryUnlock>;

  constructor(database: MemoryDatabase) {
    this.sources = database.table('inbox.source_cursor');
    this.events = database.table('inbox.event');
    this.numbers = database.table('inbox.event_id');
    this.streams = database.table('inbox.stream');
    this.kept = database.table('inbox.kept');
    this.unlocks = database.table('inbox.unlock');
  }
}

/** Names an event in `MemoryInboxTables.events`. */
export function eventKey(source: string, number: number): string {
  return `${source}/${number}`;
}

/** Names what is wanted under a subject in `MemoryInboxTables.unlocks`. */
export function unlockKey({ source, subject }: Pick<MemoryUnlock, 'source' | 'subject'>): string {
  return `${source}/${subject}`;
}
