import { unobserved } from '@acogida/core';
import { allOf } from './all-of.ts';
import { admit, type Admission } from './inbox-admission.ts';
import { type BatchReading, ReceivedBatch } from './inbox-batch.ts';
import { type EffectMode, Effects, togetherElseAlone } from './inbox-effects.ts';
import { isOverruled, keepContradiction, keepRefused, keepUnsettled } from './inbox-kept.ts';
import { type BatchReport, Findings } from './inbox-findings.ts';
import { type InboxOptions, RESTRICTIVE_TYPES } from './inbox-port.ts';
import { readRecord } from './inbox-reading.ts';
import { prepareFor } from './inbox-sealing.ts';
import { type InboxItem, settle } from './inbox-settlement.ts';
import type { LockedSource, Past, PastQuestion, SourceCursor } from './inbox-store.ts';
import { followStreams } from './inbox-streams.ts';
import { Unlocking } from './inbox-unlocking.ts';
import {
  type RecordVerification,
  RecordVerifier,
  type VerifiedHead,
  type VerifiedRecord,
} from './inbox-verification.ts';
import { LaneRelease } from './lane.ts';
import { agencyOfTopic, type LogRecord } from './port.ts';

/** What of an agency's row decides what is asked of the past. */
type SourceMark = Pick<SourceCursor, 'lastNumber' | 'unsettled'>;

/** The past as it was asked for before the agency's row was known. */
interface EarlyPast {
  readonly expected: SourceMark;
  readonly past: Past;
}

/** Keys began or ended between the judgement of records and the lock on their agency's row. */
class TrustMovedError extends Error {
  override readonly name = 'TrustMovedError';
}

/**
 * Takes in other agencies' events (architecture.md §3, point 4): verified and opened, then judged and settled in one
 * transaction per batch, each event with effect exactly once however often it is delivered.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #verifier: RecordVerification;
  readonly #effects: Effects;
  readonly #lanes: LaneRelease;
  readonly #unlocking: Unlocking;
  readonly #reading: BatchReading;
  /** The agencies' rows when this process last looked: what was settled then need not be opened again. */
  readonly #marks = new Map<string, SourceMark>();

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#verifier = options.verifier ?? new RecordVerifier(options.trust);
    this.#effects = new Effects(options.policies, options.projections);
    this.#lanes = new LaneRelease(options, this.#effects);
    this.#unlocking = new Unlocking(options, this.#effects, this.#lanes);
    this.#reading = {
      prepare: (records) => prepareFor(options.sealing, records),
      read: (record) => readRecord(record, options),
    };
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
    const { onAlarm, onEffect, onReopened } = this.#options;
    const report = await this.#judgeAndReceive(source, records);
    this.#marks.set(source, report.mark);
    for (const alarm of report.alarms) onAlarm?.(alarm);
    if (report.applied > 0) onEffect?.();
    if (report.isReopened) onReopened?.();
    if (report.isParked) this.#lanes.someoneWaits();
    await this.#lanes.releaseWaiting();
    if (report.failure !== null) throw report.failure;
  }

  /** What settles events whose keys came after them. */
  get unlocking(): Unlocking {
    return this.#unlocking;
  }

  /** Whether the record is one that its agency stands for. */
  verifies(source: string, record: LogRecord): boolean {
    const { refused } = this.#verifier.verify(source, [record]);
    return refused.length === 0;
  }

  /** Judges again what was judged by keys that ended before the agency's row was locked. */
  async #judgeAndReceive(source: string, records: readonly LogRecord[]): Promise<BatchReport> {
    const { observer = unobserved, trust } = this.#options;
    for (;;) {
      const { revision } = trust;
      const batch = new ReceivedBatch(source, this.#verifier.verify(source, records), this.#reading);
      await batch.openAfter(this.#marks.get(source)?.lastNumber ?? 0);
      const detail = { count: records.length, source, correlationIds: batch.correlationIds() };
      try {
        return await observer.around('inbox', detail, () => this.#receiveBatch(batch, revision));
      } catch (error) {
        if (!(error instanceof TrustMovedError)) throw error;
      }
    }
  }

  async #receiveBatch(batch: ReceivedBatch, revision: number | undefined): Promise<BatchReport> {
    const { store } = this.#options;
    const expected = this.#marks.get(batch.source);
    const ask =
      expected === undefined
        ? undefined
        : async (locked: LockedSource): Promise<EarlyPast> => {
            await batch.openAfter(expected.lastNumber);
            const past = await locked.readPast(this.#questionOf(batch, expected));
            return { expected, past };
          };
    const run =
      (mode: EffectMode) =>
      async (locked: LockedSource, cursor: SourceCursor, early: EarlyPast | undefined): Promise<BatchReport> => {
        if (this.#options.trust.revision !== revision) throw new TrustMovedError();
        return this.#receiveWithin(locked, cursor, early, batch, mode);
      };
    return togetherElseAlone((mode) => store.withSourceLocked(batch.source, run(mode), ask));
  }

  async #receiveWithin(
    locked: LockedSource,
    cursor: SourceCursor,
    early: EarlyPast | undefined,
    batch: ReceivedBatch,
    mode: EffectMode,
  ): Promise<BatchReport> {
    const { source } = batch;
    const now = this.#options.clock.now();
    const findings = new Findings(source, cursor);
    findings.refused(await keepRefused(locked, batch.refused, now));
    if (cursor.status === 'stopped') return findings.stopped(cursor.reason);
    await batch.openAfter(cursor.lastNumber); // nothing to open, but after the database went back under this process
    const past = answersFor(cursor, early) ?? (await locked.readPast(this.#questionOf(batch, cursor)));
    const admission = await this.#admit(locked, cursor, past, batch);
    if (admission.contradiction !== null) return this.#stop(locked, admission.contradiction, findings);
    findings.refused(await keepRefused(locked, admission.outlived, now));
    return this.#settleFresh(locked, cursor, past, admission, batch, findings, mode);
  }

  #questionOf(batch: ReceivedBatch, { lastNumber, unsettled }: SourceMark): PastQuestion {
    const items = batch.verified.filter(({ envelope }) => envelope.number > lastNumber).map(itemOf(batch));
    return {
      numbers: batch.verified.flatMap(({ envelope }) => (envelope.number > lastNumber ? [] : [envelope.number])),
      lanes: unsettled === 0 ? [] : items.map(({ reading }) => reading.lane),
      causes: this.#lanes.foreignCauses(items),
      streams: items.flatMap(({ reading }) => ('opened' in reading ? [reading.opened.payload.stream] : [])),
    };
  }

  /** What contradicts the past is left out where an officer decided to go on all the same. */
  async #admit(
    locked: LockedSource,
    cursor: SourceCursor,
    { leaves }: Past,
    { verified, heads }: ReceivedBatch,
  ): Promise<Admission> {
    const overruled = new Set<LogRecord>();
    const remaining = <T extends { readonly record: LogRecord }>(all: readonly T[]): readonly T[] =>
      overruled.size === 0 ? all : all.filter(({ record }) => !overruled.has(record));
    for (;;) {
      const admission = admit(cursor, leaves, remaining(verified), remaining(heads));
      const record = admission.contradiction?.record;
      if (record === undefined || !(await isOverruled(locked, record))) return admission;
      overruled.add(record);
    }
  }

  async #stop(
    locked: LockedSource,
    contradiction: VerifiedRecord | VerifiedHead,
    findings: Findings,
  ): Promise<BatchReport> {
    const isEvent = 'envelope' in contradiction;
    const number = isEvent ? contradiction.envelope.number : contradiction.statement.number;
    const reason = isEvent ? `EQUIVOCATION at number ${number}` : `EQUIVOCATION at tree size ${number}`;
    await keepContradiction(locked, contradiction.record, number, this.#options.clock.now());
    await locked.stop(reason);
    findings.equivocation(number);
    return findings.stopped(reason);
  }

  /** Together, the batch's own rows are written beside its effects: neither waits for the other, both or none are kept. */
  async #settleFresh(
    locked: LockedSource,
    cursor: SourceCursor,
    { blockedFrom, missingCauses, streams: known }: Past,
    admission: Admission,
    batch: ReceivedBatch,
    findings: Findings,
    mode: EffectMode,
  ): Promise<BatchReport> {
    const { clock, restrictiveTypes = RESTRICTIVE_TYPES } = this.#options;
    const obstacles = { blockedFrom, missingCauses, restrictiveTypes };
    const items = admission.fresh.map(itemOf(batch));
    const { settlements, shown } = await settle(mode, items, obstacles, this.#effects, locked);
    const { outOfOrder, moved } = followStreams(known, settlements, cursor.sealed);
    const report = findings.settled(admission, settlements, outOfOrder);
    const { outcome } = report;
    if (outcome === null) return report;
    const now = clock.now();
    const [isReopened] = await allOf([
      locked.writeBatch({ ...outcome, settlements, outOfOrder, streams: moved }, now),
      keepUnsettled(locked, settlements, now),
      this.#effects.together(shown, locked.transaction),
    ]);
    return { ...report, isReopened };
  }
}

/** What was asked before, if the row is as it was taken to be. */
function answersFor({ lastNumber, unsettled }: SourceCursor, early: EarlyPast | undefined): Past | undefined {
  if (early?.expected.lastNumber !== lastNumber) return undefined;
  return unsettled === 0 || early.expected.unsettled > 0 ? early.past : undefined;
}

function itemOf(batch: ReceivedBatch): (record: VerifiedRecord) => InboxItem {
  return (record) => ({ ...record, reading: batch.readingOf(record), shownSealed: false });
}
