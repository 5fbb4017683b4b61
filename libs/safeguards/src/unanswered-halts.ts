import { type Instant, instantAfter } from '@acogida/core';
import { namedTo } from './decide-placing.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import { answerOf, type Hold, type HoldLedger, openHolds, type OrderedHalt } from './hold-ledger-state.ts';

/** After this a halt that nobody has answered is said again, in milliseconds; twice as long after each further time. */
const FIRST_WAIT_MS = 3_600_000;
/** The longest time between two. It never ends: a gate that has not answered may let the person leave. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** An order to halt that its gate has not answered. */
interface UnansweredHalt {
  readonly holdId: string;
  readonly gate: string;
  readonly clearanceIds: readonly string[];
  readonly isToGateAlone: boolean;
  /** When it is said again, by the calendar: no safety rests on that. */
  readonly dueAt: Instant;
}

function dueAtOf({ holdId, placedAt }: Hold, halts: readonly OrderedHalt[]): Instant {
  const lastAt = halts.map(({ orderedAt }) => orderedAt).reduce((one, other) => (one > other ? one : other), placedAt);
  const times = halts.filter((halt) => halt.holdId === holdId).length;
  return instantAfter(lastAt, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, times - 1)));
}

/**
 * Of open holds: a hold that time has protected as well, since its gate has to hear of it (INV-02), and to say whether the person had
 * left (S3). The own gate answers in the same node.
 */
function unansweredHalts(ledger: HoldLedger, gates?: readonly string[]): readonly UnansweredHalt[] {
  return openHolds(ledger).flatMap((hold): UnansweredHalt[] => {
    const { holdId, owner, awaits } = hold;
    const due = awaits.filter((awaited) => answerOf(ledger, awaited, holdId) === undefined);
    const isTold = (gate: string | null): gate is string =>
      gate !== null && gate !== owner && gates?.includes(gate) !== false;
    return [...new Set(due.map(({ gate }) => gate).filter(isTold))].map((gate) => {
      const halts = ledger.halts.filter((halt) => halt.gate === gate);
      const isToGateAlone = halts.some((halt) => halt.holdId === holdId && halt.isToGateAlone === true);
      return { holdId, gate, clearanceIds: namedTo(gate, due), isToGateAlone, dueAt: dueAtOf(hold, halts) };
    });
  });
}

/**
 * When the next halt is said again; null where all are answered.
 *
 * @param gates those that are in the network, where that is known: nobody else is told
 */
export function haltsAreSaidAgainAt(ledger: HoldLedger, gates?: readonly string[]): Instant | null {
  return (
    unansweredHalts(ledger, gates)
      .map(({ dueAt }) => dueAt)
      .sort()[0] ?? null
  );
}

/**
 * Says halts again that are due: the gate, or this agency when it was answered, could not be told then. Each time is another word, which a
 * gate that has answered answers again.
 */
export function repeatHalts(
  { now, gates }: HoldLedgerCommandOf<'RepeatHalts'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  return unansweredHalts(ledger, gates)
    .filter(({ dueAt }) => dueAt <= now)
    .map(({ holdId, gate, clearanceIds, isToGateAlone }) => ({
      type: 'HaltOrdered',
      data: { holdId, gate, clearanceIds, orderedAt: now, ...(isToGateAlone ? { isToGateAlone } : {}) },
    }));
}
