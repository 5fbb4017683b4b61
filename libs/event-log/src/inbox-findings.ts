import { HYBRID_TIME_ZERO, type HybridTime } from '@acogida/core';
import type { Admission } from './inbox-admission.ts';
import { AgencyStoppedError, GapError, type InboxAlarm } from './inbox-port.ts';
import { blocks, isUnread, type Settlement } from './inbox-settlement.ts';
import type { BatchOutcome, SourceCursor, SourceStatus } from './inbox-store.ts';
import type { RefusedRecord } from './inbox-verification.ts';

/** Contract type that an agency's new incarnation begins with. */
const INCARNATION_STARTED = 'IncarnationStarted';

/** What a batch came to, told once its transaction is committed. */
export interface BatchReport {
  readonly alarms: readonly InboxAlarm[];
  readonly applied: number;
  /** Something waits for a cause. */
  readonly isParked: boolean;
  /** Something is sealed whose key has come in the meantime. */
  readonly isReopened: boolean;
  /** Highest number that is settled, and how many events hold back their lane. */
  readonly mark: Pick<SourceCursor, 'lastNumber' | 'unsettled'>;
  readonly failure: GapError | AgencyStoppedError | null;
  /** What is to be written; null when nothing changed. */
  readonly outcome: Pick<BatchOutcome, 'cursor' | 'clock' | 'head' | 'isHeard'> | null;
}

/** Gathers what an operator is to be told of one batch, and how the agency's row looks after it. No I/O. */
export class Findings {
  readonly source: string;
  readonly #cursor: SourceCursor;
  readonly #alarms: InboxAlarm[] = [];

  constructor(source: string, cursor: SourceCursor) {
    this.source = source;
    this.#cursor = cursor;
  }

  /** Records that were refused for the first time. */
  refused(records: readonly RefusedRecord[]): void {
    for (const { reason } of records) this.#alarm('unverifiable', null, reason);
  }

  /** The agency said two different things. */
  equivocation(number: number): void {
    this.#alarm('equivocation', number, 'EQUIVOCATION');
  }

  /** Nothing of the agency is taken. */
  stopped(reason: string | null): BatchReport {
    const failure = new AgencyStoppedError(this.source, reason ?? 'stopped');
    return {
      alarms: this.#alarms,
      applied: 0,
      isParked: false,
      isReopened: false,
      mark: this.#cursor,
      failure,
      outcome: null,
    };
  }

  /** What was new is settled. */
  settled(
    admission: Admission,
    settlements: readonly Settlement[],
    outOfOrder: ReadonlySet<number>,
  ): BatchReport & { readonly alarms: readonly InboxAlarm[] } {
    const before = this.#cursor;
    const { gap, lastNumber, frontier, incarnation, head } = admission;
    const place = statusAfter(before, admission);
    this.#alarms.push(...alarmsOf(this.source, settlements, outOfOrder));
    this.#tellOfIncarnation(admission, settlements);
    if (place.status === 'gap' && before.status !== 'gap') {
      this.#alarm('gap', gap?.found ?? head?.number ?? before.headNumber, gap === null ? 'HEAD_AHEAD' : 'GAP');
    }
    const unsettled = before.unsettled + settlements.filter(({ state }) => blocks(state)).length;
    const sealed = before.sealed + settlements.filter(({ state }) => isUnread(state)).length;
    const isHeard = settlements.length > 0 || head !== null;
    const isChanged = isHeard || place.status !== before.status || place.reason !== before.reason;
    const cursor = { lastNumber, frontier, incarnation, unsettled, sealed, ...place };
    return {
      alarms: this.#alarms,
      applied: settlements.filter(({ state }) => state === 'applied').length,
      isParked: settlements.some(({ cause }) => cause !== null),
      isReopened: false,
      mark: { lastNumber, unsettled },
      failure: gap === null ? null : new GapError(this.source, gap.expected, gap.found),
      outcome: isChanged ? { cursor, clock: greatestClock(settlements), head, isHeard } : null,
    };
  }

  /** Restored from a backup, an agency says so first (architecture.md §3, point 6). */
  #tellOfIncarnation({ fresh }: Admission, settlements: readonly Settlement[]): void {
    let incarnation = this.#cursor.incarnation;
    fresh.forEach(({ statement, envelope }, index) => {
      if (statement.incarnation === incarnation) return;
      incarnation = statement.incarnation;
      const reading = settlements[index]?.item.reading;
      const isAnnounced =
        reading !== undefined && 'opened' in reading && reading.opened.payload.type === INCARNATION_STARTED;
      if (!isAnnounced) this.#alarm('incarnation', envelope.number, 'INCARNATION_UNANNOUNCED');
    });
  }

  #alarm(kind: InboxAlarm['kind'], number: number | null, reason: string): void {
    this.#alarms.push({ kind, source: this.source, number, reason });
  }
}

/** What an operator is to be told of events that were settled. */
export function alarmsOf(
  source: string,
  settlements: readonly Settlement[],
  outOfOrder: ReadonlySet<number>,
): readonly InboxAlarm[] {
  return settlements.flatMap(({ item, state, reason, opened }) => {
    const { number } = item.envelope;
    const alarms: InboxAlarm[] = [];
    if (state === 'quarantined' && reason !== null) alarms.push({ kind: 'quarantined', source, number, reason });
    // A word to this agency that nobody else can pass on, under a key that was destroyed or lost in a restore.
    const isLost = item.reading.kind === 'sealed' && item.reading.addressed;
    if (isLost) alarms.push({ kind: 'sealed', source, number, reason: 'SEALED_FOR_US' });
    if (outOfOrder.has(number)) alarms.push({ kind: 'out-of-order', source, number, reason: 'OUT_OF_ORDER' });
    if (opened?.clockAhead === true) alarms.push({ kind: 'clock-ahead', source, number, reason: 'CLOCK_AHEAD' });
    return alarms;
  });
}

function statusAfter(
  before: SourceCursor,
  { gap, fresh, head, lastNumber }: Admission,
): { readonly status: SourceStatus; readonly reason: string | null } {
  if (gap !== null) return { status: 'gap', reason: `GAP expected ${gap.expected}, found ${gap.found}` };
  if (fresh.length === 0 && head === null) return before;
  const headNumber = head?.number ?? before.headNumber ?? 0;
  if (headNumber > lastNumber) return { status: 'gap', reason: `HEAD_AHEAD at ${headNumber}, received ${lastNumber}` };
  return { status: 'flowing', reason: null };
}

function greatestClock(settlements: readonly Settlement[]): HybridTime {
  return settlements.reduce((greatest, { opened }) => {
    if (opened === null || opened.clockAhead) return greatest;
    return opened.payload.clock > greatest ? opened.payload.clock : greatest;
  }, HYBRID_TIME_ZERO);
}
