import type { Instant } from '@acogida/core';
import type { ClearanceRefusal } from '@acogida/reference';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { ClearanceFinding, HoldLedgerEvent } from './hold-ledger-events.ts';
import {
  evolveLedger,
  type HaltAnswer,
  type HoldLedger,
  isAnswerTo,
  isOfSameStream,
  isSettled,
  openHolds,
} from './hold-ledger-state.ts';
import { settled } from './decide-placing.ts';
import { authoritySpanMs, type Reading, requireTerms } from './lease.ts';
import { refusal } from './refusals.ts';

/** Kept of one gate and case. */
export const MOST_REFUSALS = 500;

/** Answers that are kept of a gate that was not asked. */
const MOST_UNASKED = 20;

/** What an authority tells the gate. */
export type ClearanceReply =
  | { readonly isGranted: true; readonly found: ClearanceFinding; readonly leaseMs: number }
  | { readonly isGranted: false; readonly reasons: readonly ClearanceRefusal[] };

/**
 * Grants a clearance on an empty ledger (S2), or refuses it with all that speaks against it. What was answered once stays
 * answered: a request that comes again is never granted twice. No more refusals are kept for a gate than it can have reason to ask for:
 * each placing of a hold reads them. It is cleared all the same, once nothing speaks against it.
 *
 * @throws DomainError CLEARANCE.TOO_MANY: refused, and not kept
 */
export function answerClearance(
  command: HoldLedgerCommandOf<'AnswerClearance'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const { caseId, clearanceId, gate, removal, search, obstacles, terms, reading, now } = command;
  requireTerms(terms);
  const isAnswered = [...ledger.clearances, ...ledger.refusals].some((one) => one.clearanceId === clearanceId);
  if (isAnswered) return [];
  const reasons = new Set<ClearanceRefusal>(obstacles);
  if (openHolds(ledger).length > 0) reasons.add('HOLD_ACTIVE');
  if (search === 'POSSIBLE_MATCH' || search === 'NOT_SEARCHED') reasons.add(search);
  if (reasons.size > 0) {
    if (ledger.refusals.filter((one) => one.gate === gate).length >= MOST_REFUSALS) {
      throw refusal('CLEARANCE.TOO_MANY', 'this gate was refused that case many times');
    }
    const data = { caseId, clearanceId, gate, removal, reasons: [...reasons].sort(), refusedAt: now };
    return [{ type: 'ClearanceRefused', data }];
  }
  const found: ClearanceFinding = search === 'KNOWN' ? 'NO_OPEN_HOLD' : 'SEARCHED_NO_MATCH';
  const count = { from: reading, spanMs: authoritySpanMs(terms) };
  const granted = { clearanceId, gate, removal, found, leaseMs: terms.leaseMs, count, grantedAt: now };
  return [{ type: 'ClearanceGranted', data: { caseId, ...granted } }];
}

/** What is told to a gate that asks (again): a clearance that was halted or is over is no longer one. Null before an answer. */
export function replyTo(ledger: HoldLedger, clearanceId: string, reading: Reading): ClearanceReply | null {
  const refused = ledger.refusals.find((one) => one.clearanceId === clearanceId);
  if (refused !== undefined) return { isGranted: false, reasons: refused.reasons };
  const granted = ledger.clearances.find((one) => one.clearanceId === clearanceId);
  if (granted === undefined) return null;
  const { found, leaseMs } = granted;
  const isHalted = ledger.halts.some((halt) => halt.clearanceIds.includes(clearanceId));
  if (isHalted || openHolds(ledger).length > 0) return { isGranted: false, reasons: ['HOLD_ACTIVE'] };
  if (isSettled(ledger, granted, reading)) return { isGranted: false, reasons: ['LEASE_OVER'] };
  return { isGranted: true, found, leaseMs };
}

/** Only the gate whose warrant it is can say that it is void. */
function requireGate(
  { gate, clearanceIds }: HoldLedgerCommandOf<'RecordHaltAcknowledgement'>,
  { clearances, holds }: HoldLedger,
): void {
  const known = [...clearances, ...holds.flatMap(({ awaits }) => awaits)];
  const isAnothers = known.some((one) => clearanceIds.includes(one.clearanceId ?? '') && one.gate !== gate);
  if (isAnothers) throw refusal('HALT.NOT_THE_GATE', 'another gate has that clearance', 'forbidden');
}

/**
 * Whether that is known. A gate answers for each of the linked cases by itself, may learn only later that somebody has left, and takes
 * a departure back: the last word of each of its cases counts, also where another one has said the same. That somebody left counts in
 * whichever of them.
 */
function isNoted({ answers }: HoldLedger, command: HoldLedgerCommandOf<'RecordHaltAcknowledgement'>): boolean {
  return answers.some((answer) => {
    if (!isAnswerTo(answer, command) || !isOfSameStream(answer, command)) return false;
    const isLater = command.word === undefined || command.word.number > (answer.word?.number ?? 0);
    return answer.outcome === command.outcome || !isLater;
  });
}

/** Whether a gate has anything of this ledger to answer for. One that was told to halt by a life that a restore lost has not. */
function isAsked({ clearances, halts, holds }: HoldLedger, gate: string): boolean {
  return [...clearances, ...halts, ...holds.flatMap(({ awaits }) => awaits)].some((one) => one.gate === gate);
}

/** Holds that a departure by these clearances overtakes. */
function overtakenBy(
  { holds }: HoldLedger,
  { gate, holdId, clearanceIds }: Pick<HaltAnswer, 'gate' | 'holdId' | 'clearanceIds'>,
): readonly string[] {
  const waiting = holds
    .filter(({ awaits }) =>
      awaits.some((one) => one.gate === gate && (one.clearanceId === null || clearanceIds.includes(one.clearanceId))),
    )
    .map((hold) => hold.holdId);
  return [...new Set([holdId, ...waiting])];
}

/**
 * Notes what a gate answered to a halt. A departure is reported as overtaken however late that is heard (S3). What a gate says that was
 * never asked is noted a few times, since the halt may be forgotten here: each placing of a hold reads it.
 *
 * @throws DomainError HALT.NOT_THE_GATE, HALT.NOT_ASKED
 */
export function recordHaltAcknowledgement(
  command: HoldLedgerCommandOf<'RecordHaltAcknowledgement'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const { gate, holdId, clearanceIds, outcome, departedAt, word, reading, now } = command;
  requireGate(command, ledger);
  if (isNoted(ledger, command)) return [];
  if (!isAsked(ledger, gate) && ledger.answers.filter((one) => one.gate === gate).length >= MOST_UNASKED)
    throw refusal('HALT.NOT_ASKED', 'nobody told this gate to halt', 'forbidden');
  const answer = { gate, holdId, clearanceIds, outcome, notedAt: now };
  const noted: HoldLedgerEvent = {
    type: 'HaltAcknowledgementNoted',
    data: word === undefined ? answer : { ...answer, word },
  };
  if (outcome === 'VOIDED') return settled(ledger, [noted, ...takenBack(ledger, noted, now)], reading, now);
  const overtaken: HoldLedgerEvent = {
    type: 'DepartureOvertaken',
    data: { gate, clearanceIds, holdIds: overtakenBy(ledger, command), departedAt, reportedAt: now },
  };
  return settled(ledger, [noted, overtaken], reading, now);
}

/** Holds that no departure overtakes any more, now that the gate has said that the person is still there. */
function takenBack(before: HoldLedger, noted: HoldLedgerEvent, notedAt: Instant): readonly HoldLedgerEvent[] {
  const ledger = evolveLedger(before, noted);
  const left = ledger.answers
    .filter(({ outcome }) => outcome === 'DEPARTED')
    .flatMap((one) => overtakenBy(ledger, one));
  const holdIds = ledger.holds.filter(({ holdId, isOvertaken }) => isOvertaken && !left.includes(holdId));
  if (holdIds.length === 0 || noted.type !== 'HaltAcknowledgementNoted') return [];
  const { gate } = noted.data;
  return [
    { type: 'OvertakenDepartureTakenBack', data: { gate, holdIds: holdIds.map(({ holdId }) => holdId), notedAt } },
  ];
}

/** Protects what waited for time alone. */
export function noteEndedLeases(
  { reading, now }: HoldLedgerCommandOf<'NoteEndedLeases'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  return settled(ledger, [], reading, now);
}
