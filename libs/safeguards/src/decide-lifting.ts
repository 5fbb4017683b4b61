import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import { HOLD_RULES, isLiftedFor, needsSecondOfficer } from './hold-rules.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import type { Hold, HoldLedger } from './hold-ledger-state.ts';
import { placeHold } from './decide-placing.ts';
import { evolveLedger } from './hold-ledger-state.ts';
import { refusal } from './refusals.ts';

/** @throws DomainError HOLD.UNKNOWN, HOLD.NOT_ITS_AUTHORITY */
function ownHold(ledger: HoldLedger, holdId: string, by: string): Hold {
  const hold = ledger.holds.find((one) => one.holdId === holdId);
  if (hold === undefined) throw refusal('HOLD.UNKNOWN', 'there is no such hold here', 'not-found');
  if (hold.owner !== by) throw refusal('HOLD.NOT_ITS_AUTHORITY', 'only its authority lifts a hold', 'forbidden');
  return hold;
}

function requireReason({ kind }: Hold, reason: HoldLedgerCommandOf<'LiftHold'>['reason']): void {
  if (isLiftedFor(kind, reason)) return;
  throw refusal('HOLD.REASON_NOT_OF_KIND', 'a hold of this kind is not lifted for that', 'invalid');
}

/** Lifts a hold, or proposes it, or confirms what another officer proposed. */
export function liftHold(
  { type, holdId, reason, officer, by, now }: HoldLedgerCommandOf<'LiftHold' | 'ProposeLift' | 'ConfirmLift'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const hold = ownHold(ledger, holdId, by);
  requireReason(hold, reason);
  if (!hold.isOpen) return [];
  const { proposal } = hold;
  if (type === 'ProposeLift') {
    if (proposal?.reason === reason && proposal.proposedBy === officer) return [];
    return [{ type: 'HoldLiftProposed', data: { holdId, reason, proposedBy: officer, proposedAt: now } }];
  }
  if (type === 'LiftHold' && needsSecondOfficer(hold.kind, reason))
    throw refusal('HOLD.SECOND_OFFICER', 'one officer proposes it, another confirms');
  if (type === 'ConfirmLift') {
    if (proposal?.reason !== reason) throw refusal('HOLD.NOT_PROPOSED', 'nobody has proposed that');
    if (proposal.proposedBy === officer)
      throw refusal('HOLD.SAME_OFFICER', 'whoever proposed it does not confirm it', 'forbidden');
  }
  const proposedBy = type === 'ConfirmLift' ? (proposal?.proposedBy ?? null) : null;
  const data = { holdId, reason, liftedBy: officer, proposedBy, replacedBy: null, liftedAt: now };
  return [{ type: 'HoldLifted', data }];
}

/** Leaves the hold as it is; whoever proposed may take it back. */
export function declineLift(
  { holdId, officer, by, now }: HoldLedgerCommandOf<'DeclineLift'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const { proposal } = ownHold(ledger, holdId, by);
  if (proposal === null) return [];
  return [{ type: 'HoldLiftDeclined', data: { holdId, declinedBy: officer, declinedAt: now } }];
}

/** @param elsewhere whether another authority holds the next one */
function reasonToBecome({ kind }: Hold, next: RemovalHold, elsewhere = false): HoldLiftReason {
  const { becomes = {}, passesTo = {} } = kind === null ? {} : HOLD_RULES[kind];
  const reason = becomes[next] ?? (elsewhere ? passesTo[next] : undefined);
  if (reason === undefined) throw refusal('HOLD.DOES_NOT_BECOME', 'this hold does not become that one', 'invalid');
  return reason;
}

/**
 * Lifts a hold whose place another authority's has taken, on that authority's own word that it stands: no moment is without one, so
 * that no officer is needed. Only an authority whom gates ask about such holds takes one over.
 */
export function handOverHold(
  { holdId, to, officer, by, now }: HoldLedgerCommandOf<'HandOverHold'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const hold = ownHold(ledger, holdId, by);
  const reason = reasonToBecome(hold, to.kind, true);
  if (to.authority === by || !to.mandated.includes(to.authority))
    throw refusal('HOLD.NOT_THE_NEXT', 'that agency is not asked about such holds', 'forbidden');
  if (!hold.isOpen) return [];
  const data = { holdId, reason, liftedBy: officer, proposedBy: null, replacedBy: null, liftedAt: now };
  return [{ type: 'HoldLifted', data }];
}

/** Places the next hold first: no moment is without one, so that no second officer is needed. */
export function replaceHold(
  command: HoldLedgerCommandOf<'ReplaceHold'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const { replacesHoldId, holdId, kind, placedBy, by, now } = command;
  const before = ownHold(ledger, replacesHoldId, by);
  const reason = reasonToBecome(before, kind);
  const placing = placeHold(command, ledger);
  if (!before.isOpen) return placing;
  const next = placing.reduce(evolveLedger, ledger).holds.find((hold) => hold.holdId === holdId);
  if (before.protection !== null && next?.protection === null) return placing; // lifted once the next one protects as well
  const lifted = { holdId: replacesHoldId, reason, liftedBy: placedBy, proposedBy: null, replacedBy: holdId };
  return [...placing, { type: 'HoldLifted', data: { ...lifted, liftedAt: now } }];
}
