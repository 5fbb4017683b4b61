import type { KnownContractEvent } from '@acogida/contracts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import type { HoldLedger } from './hold-ledger-state.ts';

type HoldContract = Extract<KnownContractEvent, { class: 'hold' }>;

/** What others learn of a hold: that it stands, and those who may read which (INV-17). */
export type HoldWord = HoldContract & { readonly audience: 'coded' | 'restricted' };

function placedWords({ data }: Extract<HoldLedgerEvent, { type: 'HoldPlaced' }>): readonly HoldWord[] {
  const { caseId, holdId, kind, groundId, takenOverFrom, placedAt: since } = data;
  const frame = { class: 'hold', type: 'HoldPlaced', schemaVersion: 1, caseId, occurredAt: since } as const;
  const seen = { holdId, takenOverFrom, since };
  const coded: HoldWord = { ...frame, audience: 'coded', data: { ...seen, kind: null, groundId: null } };
  if (kind === null) return [coded]; // its authority knows no more than others do
  return [coded, { ...frame, audience: 'restricted', data: { ...seen, kind, groundId } }];
}

function liftedWords(
  { data }: Extract<HoldLedgerEvent, { type: 'HoldLifted' }>,
  caseId: string | null,
): readonly HoldWord[] {
  const { holdId, reason, replacedBy, liftedAt } = data;
  const frame = { class: 'hold', type: 'HoldLifted', schemaVersion: 1, caseId, occurredAt: liftedAt } as const;
  return [
    { ...frame, audience: 'coded', data: { holdId, reason: null, replacedBy: null, liftedAt } },
    { ...frame, audience: 'restricted', data: { holdId, reason, replacedBy, liftedAt } },
  ];
}

/**
 * The contract events that an event of a hold ledger becomes, each in two copies with the same id of the hold: whoever reads both
 * takes them as one. Who placed and lifted it, proposals, leases and what a hold waits for stay at the authority.
 *
 * @param ledger after the event
 */
export function publishHoldLedger(event: HoldLedgerEvent, { caseId }: HoldLedger): readonly HoldWord[] {
  switch (event.type) {
    case 'HoldPlaced':
      return placedWords(event);
    case 'HoldLifted':
      return liftedWords(event, caseId);
    case 'HaltOrdered':
    case 'HoldProtected':
    case 'HoldExposed':
    case 'HoldLiftProposed':
    case 'HoldLiftDeclined':
    case 'ClearanceGranted':
    case 'ClearanceRefused':
    case 'HaltAcknowledgementNoted':
    case 'DepartureOvertaken':
    case 'LedgerLinked':
      return [];
  }
}
