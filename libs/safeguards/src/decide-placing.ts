import type { Instant } from '@acogida/core';
import type { Awaited, GrantedClearance, HoldLedgerEvent, ProtectionBasis } from './hold-ledger-events.ts';
import type { HoldLedgerCommandOf, Surroundings } from './hold-ledger-commands.ts';
import {
  answerOf,
  evolveLedger,
  type Hold,
  type HoldLedger,
  isSettled,
  openHolds,
  outstanding,
} from './hold-ledger-state.ts';
import { DEFAULT_LEASE_TERMS, type Reading, unknownLeases } from './lease.ts';
import { refusal } from './refusals.ts';

type Placing = HoldLedgerCommandOf<'PlaceHold' | 'ReplaceHold' | 'TakeOverHold'>;

/** Makes a hold wait for a clearance that is out. */
export function awaitedOf({ gate, clearanceId, count }: GrantedClearance): Awaited {
  return { gate, clearanceId, count };
}

/**
 * Leases that may be out, at every gate that may have one. Where cases are linked no gate has the last word: it may not have heard
 * of the link, and answer for one of them alone.
 */
export function forgottenOf(unknownLeases: Surroundings['unknownLeases'], isLinked: boolean): readonly Awaited[] {
  if (unknownLeases === null) return [];
  const { count, gates } = unknownLeases;
  const anywhere: readonly null[] = isLinked || gates.length === 0 ? [null] : [];
  return [...gates, ...anywhere].map((gate) => ({ gate, clearanceId: null, count }));
}

/**
 * What gates may have that do not ask here, on a case that they do not know to be this person's: they answer for those that they know, so
 * that no answer ends it. Time does: it is taken that they hear of a link before the longest lease is over.
 */
export function ofUnawareGates(gates: readonly string[], reading: Reading): readonly Awaited[] {
  const count = unknownLeases(reading, DEFAULT_LEASE_TERMS.rateErrorPerMille);
  return gates.length === 0 ? [] : forgottenOf({ count, gates }, true);
}

/** Whatever may carry a warrant at this moment. */
function awaitsOf(ledger: HoldLedger, reading: Reading, surroundings: Surroundings): Awaited[] {
  const { unawareGates } = surroundings;
  const unaware = unawareGates
    .map((gate): Awaited => ({ gate, clearanceId: null, count: null }))
    .filter((awaited) => answerOf(ledger, awaited) === undefined);
  const isLinked = ledger.linkedCaseIds.length > 0;
  const onLinked = isLinked ? ofUnawareGates(unawareGates, reading).filter(({ gate }) => gate === null) : [];
  const forgotten = forgottenOf(surroundings.unknownLeases, isLinked);
  return [...outstanding(ledger, reading).map(awaitedOf), ...unaware, ...onLinked, ...forgotten];
}

/**
 * Clearances that a halt names to a gate. Where leases were forgotten it names none: the gate would answer for those that are known here,
 * and say nothing of a departure by another one (S3).
 */
export function namedTo(gate: string, awaits: readonly Awaited[]): readonly string[] {
  const ofGate = awaits.filter((one) => one.gate === gate);
  if (ofGate.some(({ clearanceId, count }) => clearanceId === null && count !== null)) return [];
  return [...new Set(ofGate.flatMap(({ clearanceId }) => clearanceId ?? []))];
}

/**
 * Tells each gate once: a halt that is on its way already is not sent again.
 *
 * @param alone not to the circle as well
 */
export function haltsFor(
  ledger: HoldLedger,
  holdId: string,
  awaits: readonly Awaited[],
  orderedAt: Instant,
  alone: { readonly isToGateAlone?: true } = {},
): readonly HoldLedgerEvent[] {
  const isOnItsWay = ({ gate, clearanceId, count }: Awaited): boolean =>
    ledger.halts.some((halt) => {
      if (halt.gate !== gate) return false;
      if (clearanceId !== null) return halt.clearanceIds.includes(clearanceId);
      return count === null && halt.clearanceIds.length === 0;
    });
  const due = awaits.filter((awaited) => !isOnItsWay(awaited));
  return [...new Set(due.map(({ gate }) => gate))]
    .filter((gate) => gate !== null)
    .map((gate) => {
      return { type: 'HaltOrdered', data: { holdId, gate, clearanceIds: namedTo(gate, due), orderedAt, ...alone } };
    });
}

/** Follows what was decided, and says which holds are protected then. */
export function settled(
  before: HoldLedger,
  decided: readonly HoldLedgerEvent[],
  reading: Reading,
  protectedAt: Instant,
): readonly HoldLedgerEvent[] {
  const ledger = decided.reduce(evolveLedger, before);
  const isProtected = ({ holdId, protection, awaits }: Hold): boolean =>
    protection === null && awaits.every((awaited) => isSettled(ledger, awaited, reading, holdId));
  const news = openHolds(ledger)
    .filter(isProtected)
    .map(({ holdId, awaits }): HoldLedgerEvent => {
      return { type: 'HoldProtected', data: { holdId, basis: basisOf(ledger, holdId, awaits), protectedAt } };
    });
  return [...decided, ...news];
}

function basisOf(ledger: HoldLedger, holdId: string, awaits: readonly Awaited[]): ProtectionBasis {
  if (awaits.length === 0) return 'NO_LEASE';
  const outcomes = awaits.map((awaited) =>
    awaited.gate === null ? undefined : answerOf(ledger, awaited, holdId)?.outcome,
  );
  if (outcomes.includes('DEPARTED')) return 'OVERTAKEN';
  return outcomes.includes(undefined) ? 'LEASE_ENDED' : 'HALTED';
}

/** Whose it is, is the only thing that placing asks: nobody is refused protection because of a plane (S4). */
function requireAuthority(command: Placing): void {
  if (command.type === 'TakeOverHold') {
    if (command.successorOf.includes(command.from)) return;
    throw refusal('HOLD.NOT_THE_SUCCESSOR', 'the directory names another successor, or none', 'forbidden');
  }
  if (command.mandate.includes(command.kind)) return;
  throw refusal('HOLD.NOT_ITS_AUTHORITY', 'another authority places this hold', 'forbidden');
}

/** Places a hold: it is written whatever else there is, and says what it waits for. */
export function placeHold(command: Placing, ledger: HoldLedger): readonly HoldLedgerEvent[] {
  requireAuthority(command);
  const { caseId, holdId, kind, groundId, placedBy, by, reading, now } = command;
  const known = ledger.holds.find((hold) => hold.holdId === holdId);
  if (known !== undefined && known.kind !== kind) throw refusal('HOLD.ID_TAKEN', 'this id is another hold’s');
  if (known?.isOpen === true) return [];
  const awaits = awaitsOf(ledger, reading, command);
  const takenOverFrom = command.type === 'TakeOverHold' ? command.from : null;
  const told =
    command.type === 'TakeOverHold' || command.referredBy === undefined ? {} : { referredBy: command.referredBy };
  const hold = { holdId, kind, owner: by, groundId, placedBy, takenOverFrom, ...told, awaits, placedAt: now };
  const placed: HoldLedgerEvent = { type: 'HoldPlaced', data: { caseId, ...hold } };
  return settled(ledger, [placed, ...haltsFor(ledger, holdId, awaits, now)], reading, now);
}
