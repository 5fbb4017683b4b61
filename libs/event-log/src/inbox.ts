import { unobserved } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { admit, type Admission } from './inbox-admission.ts';
import { ReceivedBatch } from './inbox-batch.ts';
import { EffectFailedError, Effects } from './inbox-effects.ts';
import { isOverruled, keepContradiction, keepRefused, keepUnsettled } from './inbox-kept.ts';
import { type BatchReport, Findings } from './inbox-findings.ts';
import { type InboxOptions, RESTRICTIVE_TYPES } from './inbox-port.ts';
import { readRecord } from './inbox-reading.ts';
import { type InboxItem, settle } from './inbox-settlement.ts';
import { type Past, readPast, stopSource, writeBatch } from './inbox-storage.ts';
import { followStreams } from './inbox-streams.ts';
import { AbortedTransactionError, type SourceCursor, withSourceLocked } from './inbox-transaction.ts';
import { RecordVerifier, type VerifiedHead, type VerifiedRecord } from './inbox-verification.ts';
import { LaneRelease } from './lane.ts';
import { agencyOfTopic, type LogRecord } from './port.ts';

/**
 * Takes in other agencies' events (architecture.md §3, point 4): verified and opened, then judged and settled in one
 * transaction per batch, each event with effect exactly once however often it is delivered. Without effects of its own a
 * batch costs four round trips to the database.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #verifier: RecordVerifier;
  readonly #effects: Effects;
  readonly #lanes: LaneRelease;
  /** Numbers up to these were settled when this process last looked: they need not be opened again. */
  readonly #settledThrough = new Map<string, number>();

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
    const { observer = unobserved, onAlarm, onEffect } = this.#options;
    const batch = new ReceivedBatch(source, this.#verifier.verify(source, records), (record) =>
      readRecord(record, this.#options),
    );
    const settledThrough = this.#settledThrough.get(source) ?? 0;
    const detail = { count: records.length, source, correlationIds: batch.openAfter(settledThrough) };
    const report = await observer.around('inbox', detail, () => this.#receiveBatch(batch));
    this.#settledThrough.set(source, report.lastNumber);
    for (const alarm of report.alarms) onAlarm?.(alarm);
    if (report.applied > 0) onEffect?.();
    if (report.isParked) this.#lanes.someoneWaits();
    await this.#lanes.releaseWaiting();
    if (report.failure !== null) throw report.failure;
  }

  /** Whether the record is one that its agency stands for. */
  verifies(source: string, record: LogRecord): boolean {
    const { refused } = this.#verifier.verify(source, [record]);
    return refused.length === 0;
  }

  async #receiveBatch(batch: ReceivedBatch): Promise<BatchReport> {
    const { pool } = this.#options;
    const run = (mode: 'together' | 'alone') => (transaction: Transaction, cursor: SourceCursor) =>
      this.#receiveWithin(transaction, cursor, batch, mode);
    try {
      return await withSourceLocked(pool, batch.source, run('together'));
    } catch (error) {
      if (!(error instanceof EffectFailedError || isAborted(error))) throw error;
      return withSourceLocked(pool, batch.source, run('alone'));
    }
  }

  async #receiveWithin(
    transaction: Transaction,
    cursor: SourceCursor,
    batch: ReceivedBatch,
    mode: 'together' | 'alone',
  ): Promise<BatchReport> {
    const { source } = batch;
    const now = this.#options.clock.now();
    const findings = new Findings(source, cursor);
    findings.refused(await keepRefused(transaction, source, batch.refused, now));
    if (cursor.status === 'stopped') return findings.stopped(cursor.reason);
    const past = await this.#readPast(transaction, cursor, batch);
    const admission = await this.#admit(transaction, cursor, past, batch);
    if (admission.contradiction !== null) return this.#stop(transaction, admission.contradiction, findings);
    const outlived = admission.outlived.map(({ record }) => ({ record, reason: 'INCARNATION_OVER' as const }));
    findings.refused(await keepRefused(transaction, source, outlived, now));
    const settled = await this.#settleFresh(transaction, past, admission, batch, mode);
    const report = findings.settled(admission, settled.settlements, settled.outOfOrder);
    if (report.outcome === null) return report;
    await writeBatch(transaction, source, { ...report.outcome, ...settled }, now);
    await keepUnsettled(transaction, source, settled.settlements, now);
    return report;
  }

  #readPast(transaction: Transaction, cursor: SourceCursor, batch: ReceivedBatch): Promise<Past> {
    const { lastNumber, unsettled } = cursor;
    const items = batch.verified.filter(({ envelope }) => envelope.number > lastNumber).map(itemOf(batch));
    return readPast(transaction, batch.source, {
      numbers: batch.verified.flatMap(({ envelope }) => (envelope.number > lastNumber ? [] : [envelope.number])),
      subjects: unsettled === 0 ? [] : items.map(({ envelope }) => envelope.subject),
      causes: this.#lanes.foreignCauses(items),
      streams: items.flatMap(({ reading }) => ('opened' in reading ? [reading.opened.payload.stream] : [])),
    });
  }

  /** What contradicts the past is left out where an officer decided to go on all the same. */
  async #admit(
    transaction: Transaction,
    cursor: SourceCursor,
    { leaves }: Past,
    { source, verified, heads }: ReceivedBatch,
  ): Promise<Admission> {
    const overruled = new Set<LogRecord>();
    const remaining = <T extends { readonly record: LogRecord }>(all: readonly T[]): readonly T[] =>
      overruled.size === 0 ? all : all.filter(({ record }) => !overruled.has(record));
    for (;;) {
      const admission = admit(cursor, leaves, remaining(verified), remaining(heads));
      const record = admission.contradiction?.record;
      if (record === undefined || !(await isOverruled(transaction, source, record))) return admission;
      overruled.add(record);
    }
  }

  async #stop(
    transaction: Transaction,
    contradiction: VerifiedRecord | VerifiedHead,
    findings: Findings,
  ): Promise<BatchReport> {
    const { source } = findings;
    const isEvent = 'envelope' in contradiction;
    const number = isEvent ? contradiction.envelope.number : contradiction.statement.number;
    const reason = isEvent ? `EQUIVOCATION at number ${number}` : `EQUIVOCATION at tree size ${number}`;
    await keepContradiction(transaction, source, contradiction.record, number, this.#options.clock.now());
    await stopSource(transaction, source, reason);
    findings.equivocation(number);
    return findings.stopped(reason);
  }

  async #settleFresh(
    transaction: Transaction,
    { blockedSubjects, missingCauses, streams }: Past,
    { fresh }: Admission,
    batch: ReceivedBatch,
    mode: 'together' | 'alone',
  ) {
    const { restrictiveTypes = RESTRICTIVE_TYPES } = this.#options;
    const obstacles = { blockedSubjects, missingCauses, restrictiveTypes };
    const settlements = await settle(fresh.map(itemOf(batch)), obstacles, this.#effects, mode, transaction);
    const { outOfOrder, moved } = followStreams(streams, settlements);
    return { settlements, outOfOrder, streams: moved };
  }
}

function itemOf(batch: ReceivedBatch): (record: VerifiedRecord) => InboxItem {
  return (record) => ({ ...record, reading: batch.readingOf(record), shownSealed: false });
}

/** An effect swallowed a database error and left the transaction unusable. */
function isAborted(error: unknown): boolean {
  if (error instanceof AbortedTransactionError) return true;
  return error instanceof Error && (error as { code?: unknown }).code === '25P02';
}
