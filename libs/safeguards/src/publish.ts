import type { KnownContractEvent } from '@acogida/contracts';
import type { Awaited, HoldLedgerEvent } from './hold-ledger-events.ts';
import type { HoldLedger } from './hold-ledger-state.ts';

type HoldContract = Extract<KnownContractEvent, { type: 'HoldPlaced' | 'HoldLifted' }>;
type HaltContract = Extract<KnownContractEvent, { type: 'HaltOrdered' }>;

/** For one agency alone, which may be in no circle. */
interface ToGate {
  readonly to: string;
  readonly under: 'offer-key';
}

/** What others learn of a hold: that it stands, and those who may read which (INV-17); and the gates that have to wait for it. */
export type HoldWord =
  | (HoldContract & { readonly audience: 'coded' | 'restricted' | ToGate })
  | (HaltContract & { readonly audience: 'coded' | ToGate });

/**
 * Gates that have had a clearance of this ledger, or were told to halt: what they heard of a hold has to end there as well, and none
 * of them need be in the circle. The agency's own gate hears nothing over the log: it asks this ledger every time.
 */
function gatesOf({ clearances, halts, holds }: HoldLedger, awaits: readonly Awaited[] = []): readonly ToGate[] {
  const own = new Set(holds.map(({ owner }) => owner));
  const awaited = awaits.flatMap(({ gate }) => (gate === null ? [] : [gate]));
  const gates = new Set([...[...clearances, ...halts].map(({ gate }) => gate), ...awaited]);
  return [...gates]
    .filter((gate) => !own.has(gate))
    .sort()
    .map((to) => ({ to, under: 'offer-key' }));
}

/** Whoever referred the person learns which hold has taken the place of its own, and when that ends (domain.md §1.5, H-02). */
function referrersOf({ referredBy }: { readonly referredBy?: string }): readonly ToGate[] {
  return referredBy === undefined ? [] : [{ to: referredBy, under: 'offer-key' }];
}

function placedWords(
  { data }: Extract<HoldLedgerEvent, { type: 'HoldPlaced' }>,
  ledger: HoldLedger,
): readonly HoldWord[] {
  const { caseId, holdId, kind, groundId, takenOverFrom, awaits, placedAt: since } = data;
  const frame = { class: 'hold', type: 'HoldPlaced', schemaVersion: 1, caseId, occurredAt: since } as const;
  const seen = { holdId, takenOverFrom, since };
  const coded = { ...frame, audience: 'coded', data: { ...seen, kind: null, groundId: null } } as const;
  // Whoever is told to halt for a hold that was taken over learns whose it was, or that one's would stand there for ever (INV-19).
  const gates = takenOverFrom === null ? gatesOf(ledger) : gatesOf(ledger, awaits);
  const told = gates.map((audience): HoldWord => ({ ...coded, audience }));
  if (kind === null) return [coded, ...told]; // its authority knows no more than others do
  const restricted = { ...frame, audience: 'restricted', data: { ...seen, kind, groundId } } as const;
  const referrer = referrersOf(data).map((audience): HoldWord => ({ ...restricted, audience }));
  return [coded, restricted, ...told, ...referrer];
}

function liftedWords(
  { data }: Extract<HoldLedgerEvent, { type: 'HoldLifted' }>,
  ledger: HoldLedger,
): readonly HoldWord[] {
  const { holdId, reason, replacedBy, liftedAt } = data;
  const { caseId } = ledger;
  const frame = { class: 'hold', type: 'HoldLifted', schemaVersion: 1, caseId, occurredAt: liftedAt } as const;
  const coded = { ...frame, audience: 'coded', data: { holdId, reason: null, replacedBy: null, liftedAt } } as const;
  const gates = gatesOf(ledger);
  const told = referrersOf(ledger.holds.find((one) => one.holdId === holdId) ?? {});
  return [
    coded,
    { ...frame, audience: 'restricted', data: { holdId, reason, replacedBy, liftedAt } },
    ...[...gates, ...told.filter(({ to }) => !gates.some((gate) => gate.to === to))].map((audience): HoldWord => ({
      ...coded,
      audience,
    })),
  ];
}

/** Said to the circle as well, but for what a link causes: its auditors see who was told when, and who has not answered. */
function haltWords(
  { data }: Extract<HoldLedgerEvent, { type: 'HaltOrdered' }>,
  { caseId, holds }: HoldLedger,
): readonly HoldWord[] {
  const { holdId, gate, clearanceIds, orderedAt } = data;
  const hold = holds.find((one) => one.holdId === holdId);
  if (hold?.owner === gate) return [];
  const since = hold?.placedAt ?? orderedAt;
  const frame = { class: 'clearance', type: 'HaltOrdered', schemaVersion: 1, caseId, occurredAt: orderedAt } as const;
  const word = { ...frame, data: { holdId, gate, clearanceIds, since } };
  const alone: HoldWord = { ...word, audience: { to: gate, under: 'offer-key' } };
  return data.isToGateAlone === true ? [alone] : [{ ...word, audience: 'coded' }, alone];
}

/**
 * What a gate may not have heard because nothing could be sealed to it then: else a hold that it was told of stood open there for
 * ever. Said again when it asks.
 */
function liftedAgain(
  { data }: Extract<HoldLedgerEvent, { type: 'ClearanceGranted' }>,
  ledger: HoldLedger,
): readonly HoldWord[] {
  const { caseId, gate, grantedAt: occurredAt } = data;
  const gates = gatesOf({ ...ledger, clearances: [] }).filter(({ to }) => to === gate);
  const frame = { class: 'hold', type: 'HoldLifted', schemaVersion: 1, caseId, occurredAt } as const;
  return gates.flatMap((audience) =>
    ledger.holds.flatMap(({ holdId, liftedAt }): HoldWord[] => {
      if (liftedAt === null) return [];
      return [{ ...frame, audience, data: { holdId, reason: null, replacedBy: null, liftedAt } }];
    }),
  );
}

/**
 * The contract events that an event of a hold ledger becomes, a hold in copies with the same id: whoever reads several takes them as
 * one. Who placed and lifted it, proposals, leases and what a hold waits for stay at the authority; a gate is told what it has to
 * halt, and never which hold it is (INV-17).
 *
 * @param ledger after the event
 */
export function publishHoldLedger(event: HoldLedgerEvent, ledger: HoldLedger): readonly HoldWord[] {
  switch (event.type) {
    case 'HoldPlaced':
      return placedWords(event, ledger);
    case 'HoldLifted':
      return liftedWords(event, ledger);
    case 'HaltOrdered':
      return haltWords(event, ledger);
    case 'ClearanceGranted':
      return liftedAgain(event, ledger);
    case 'HoldProtected':
    case 'HoldExposed':
    case 'HoldLiftProposed':
    case 'HoldLiftDeclined':
    case 'ClearanceRefused':
    case 'HaltAcknowledgementNoted':
    case 'DepartureOvertaken':
    case 'OvertakenDepartureTakenBack':
    case 'LedgerLinked':
    case 'LedgerUnlinked':
      return [];
  }
}
