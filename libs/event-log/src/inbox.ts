import type { HybridTime } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { admit, type Admission } from './inbox-admission.ts';
import { EffectFailedError, Effects } from './inbox-effects.ts';
import { keepContradiction, keepRefused, keepUnsettled } from './inbox-kept.ts';
import { AgencyStoppedError, GapError, type InboxAlarm, type InboxOptions } from './inbox-port.ts';
import { readRecord } from './inbox-reading.ts';
import { type InboxItem, settle, type Settlement } from './inbox-settlement.ts';
import {
  blockedSubjects,
  insertEvents,
  knownLeaves,
  lockSource,
  missingCauses,
  moveSource,
  type SourceCursor,
} from './inbox-storage.ts';
import { followStreams } from './inbox-streams.ts';
import { type RefusedRecord, RecordVerifier, type VerifiedRecord } from './inbox-verification.ts';
import { LaneRelease } from './lane.ts';
import { agencyOfTopic, type LogRecord } from './port.ts';

/** What a batch came to, told once its transaction is committed. */
interface BatchReport {
  readonly alarms: readonly InboxAlarm[];
  readonly applied: number;
  readonly failure: GapError | AgencyStoppedError | null;
}

/**
 * Takes in other agencies' events (architecture.md §3, point 4): verified, opened, judged and settled in one transaction
 * per batch, each event with effect exactly once however often it is delivered.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #verifier: RecordVerifier;
  readonly #effects: Effects;
  readonly #lanes: LaneRelease;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#verifier = new RecordVerifier(options.trust);
    this.#effects = new Effects(options.policies, options.projections);
    this.#lanes = new LaneRelease(options, this.#effects);
  }

  /** What settles kept events; shared with the quarantine. */
  get lanes(): LaneRelease {
    return this.#lanes;
  }

  /**
   * Handles consecutive records of one topic. Resolves when they are settled for good, whatever became of each.
   *
   * @throws GapError, AgencyStoppedError and transient database errors: the log delivers the same records again
   */
  async receive(topic: string, records: readonly LogRecord[]): Promise<void> {
    const source = agencyOfTopic(topic);
    if (source === undefined) throw new RangeError(`${topic} is no agency's topic`);
    const { verified, refused } = this.#verifier.verify(source, records);
    const report = await this.#receiveVerified(source, verified, refused);
    for (const alarm of report.alarms) this.#options.onAlarm?.(alarm);
    if (report.applied > 0) this.#options.onEffect?.();
    await this.#lanes.releaseWaiting();
    if (report.failure !== null) throw report.failure;
  }

  /** Whether the record is one that its agency stands for. */
  verifies(source: string, record: LogRecord): boolean {
    return this.#verifier.verify(source, [record]).verified.length === 1;
  }

  async #receiveVerified(
    source: string,
    verified: readonly VerifiedRecord[],
    refused: readonly RefusedRecord[],
  ): Promise<BatchReport> {
    const { pool } = this.#options;
    const run = (mode: 'together' | 'alone') => (transaction: Transaction) =>
      this.#receiveWithin(transaction, source, verified, refused, mode);
    try {
      return await inTransaction(pool, run('together'));
    } catch (error) {
      if (!(error instanceof EffectFailedError || isAborted(error))) throw error;
      return inTransaction(pool, run('alone'));
    }
  }

  async #receiveWithin(
    transaction: Transaction,
    source: string,
    verified: readonly VerifiedRecord[],
    refused: readonly RefusedRecord[],
    mode: 'together' | 'alone',
  ): Promise<BatchReport> {
    const now = this.#options.clock.now();
    const cursor = await lockSource(transaction, source);
    const newlyRefused = await keepRefused(transaction, source, refused, now);
    const alarms = newlyRefused.map(({ reason }) => alarm('unverifiable', source, null, reason));
    if (cursor.status === 'stopped') return stopped(source, cursor.reason, alarms);
    const old = verified.map(({ envelope }) => envelope.number).filter((number) => number <= cursor.lastNumber);
    const admission = admit(cursor, await knownLeaves(transaction, source, old), verified);
    const { contradiction, gap } = admission;
    if (contradiction !== null) {
      const { number } = contradiction.envelope;
      const reason = `EQUIVOCATION at number ${number}`;
      await keepContradiction(transaction, source, contradiction, now);
      await moveSource(transaction, source, { ...cursor, status: 'stopped', reason });
      return stopped(source, reason, [...alarms, alarm('equivocation', source, number, 'EQUIVOCATION')]);
    }
    const { settlements, outOfOrder } = await this.#settleFresh(transaction, source, admission, mode);
    await moveSource(transaction, source, { ...nextCursor(cursor, admission), clock: greatestClock(settlements) });
    const gapAlarms = gap !== null && cursor.status !== 'gap' ? [alarm('gap', source, gap.found, 'GAP')] : [];
    return {
      alarms: [...alarms, ...settlementAlarms(source, settlements, outOfOrder), ...gapAlarms],
      applied: settlements.filter(({ state }) => state === 'applied').length,
      failure: gap === null ? null : new GapError(source, gap.expected, gap.found),
    };
  }

  async #settleFresh(
    transaction: Transaction,
    source: string,
    { fresh }: Admission,
    mode: 'together' | 'alone',
  ): Promise<{ readonly settlements: readonly Settlement[]; readonly outOfOrder: ReadonlySet<number> }> {
    const now = this.#options.clock.now();
    const items: InboxItem[] = fresh.map((record) => ({
      ...record,
      reading: readRecord(record, this.#options),
      shownSealed: false,
    }));
    const obstacles = {
      blockedSubjects: await blockedSubjects(
        transaction,
        source,
        items.map((item) => item.envelope.subject),
      ),
      missingCauses: await missingCauses(transaction, this.#lanes.foreignCauses(items)),
    };
    const settlements = await settle(items, obstacles, this.#effects, mode, transaction);
    const outOfOrder = await followStreams(transaction, source, settlements);
    await insertEvents(transaction, source, settlements, outOfOrder, now);
    await keepUnsettled(transaction, source, settlements, now);
    return { settlements, outOfOrder };
  }
}

/** An effect swallowed a database error and left the transaction unusable. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === '25P02';
}

function alarm(kind: InboxAlarm['kind'], source: string, number: number | null, reason: string): InboxAlarm {
  return { kind, source, number, reason };
}

function stopped(source: string, reason: string | null, alarms: readonly InboxAlarm[]): BatchReport {
  return { alarms, applied: 0, failure: new AgencyStoppedError(source, reason ?? 'stopped') };
}

function nextCursor(cursor: SourceCursor, { fresh, gap, lastNumber, frontier }: Admission): SourceCursor {
  if (gap !== null) {
    return { lastNumber, frontier, status: 'gap', reason: `GAP expected ${gap.expected}, found ${gap.found}` };
  }
  if (fresh.length === 0) return cursor;
  return { lastNumber, frontier, status: 'flowing', reason: null };
}

function greatestClock(settlements: readonly Settlement[]): HybridTime {
  return settlements.reduce((greatest, { opened }) => {
    if (opened === null || opened.clockAhead) return greatest;
    return opened.payload.clock > greatest ? opened.payload.clock : greatest;
  }, '');
}

/** What of a batch an operator is told. */
function settlementAlarms(
  source: string,
  settlements: readonly Settlement[],
  outOfOrder: ReadonlySet<number>,
): readonly InboxAlarm[] {
  return settlements.flatMap(({ item, state, reason, opened }) => {
    const { number } = item.envelope;
    return [
      ...(state === 'quarantined' && reason !== null ? [alarm('quarantined', source, number, reason)] : []),
      ...(outOfOrder.has(number) ? [alarm('out-of-order', source, number, 'OUT_OF_ORDER')] : []),
      ...(opened?.clockAhead === true ? [alarm('clock-ahead', source, number, 'CLOCK_AHEAD')] : []),
    ];
  });
}
