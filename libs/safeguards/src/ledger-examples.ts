import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { GrantedClearance, HoldLedgerEvent } from './hold-ledger-events.ts';
import type { Reading } from './lease.ts';

// Named examples for the specs of the ledger: one case, one authority, two gates.

export const caseId = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
export const holdId = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
export const clearanceId = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
export const at = '2026-11-22T11:00:00.000Z';
export const [REFUGE, BORDER, RETURNS] = ['cr-refugee-unit', 'cr-border-intake', 'cr-returns'] as const;
/** One lease of a minute, on clocks that err by 1 %. */
export const terms = { leaseMs: 60_000, rateErrorPerMille: 10 };
export const SPAN_MS = 61_213;

/** The authority's clock, so many milliseconds after it began. */
export const reads = (ms: number, boot = 'boot-1'): Reading => ({ boot, ms });

const acting = { by: REFUGE, reading: reads(1_000), now: at };

export const PLACE: HoldLedgerCommandOf<'PlaceHold'> = {
  ...{ type: 'PlaceHold', ...acting, caseId, holdId, kind: 'ASYLUM_INTENT', groundId: null },
  ...{ mandate: ['ASYLUM_INTENT', 'ASYLUM_PENDING', 'APPEAL_OPEN'], placedBy: 'cr-refugee-unit.officer' },
  ...{ unawareGates: [], unknownLeases: null },
};

export const ANSWER: HoldLedgerCommandOf<'AnswerClearance'> = {
  ...{ type: 'AnswerClearance', ...acting, caseId, clearanceId, gate: RETURNS, removal: 'RETURN_DEPARTURE' },
  ...{ search: 'KNOWN', obstacles: [], terms },
};

export const ACKNOWLEDGE: HoldLedgerCommandOf<'RecordHaltAcknowledgement'> = {
  ...{ type: 'RecordHaltAcknowledgement', ...acting, gate: RETURNS, holdId, clearanceIds: [clearanceId] },
  ...{ outcome: 'VOIDED', departedAt: null },
};

export const CLEARANCE: GrantedClearance = {
  ...{ clearanceId, gate: RETURNS, removal: 'RETURN_DEPARTURE', found: 'NO_OPEN_HOLD', leaseMs: 60_000 },
  ...{ count: { from: reads(1_000), spanMs: SPAN_MS }, grantedAt: at },
};

type EventOf<T extends HoldLedgerEvent['type']> = Extract<HoldLedgerEvent, { readonly type: T }>;

export const GRANTED: EventOf<'ClearanceGranted'> = { type: 'ClearanceGranted', data: { caseId, ...CLEARANCE } };

/** What a hold waits for that is placed while the clearance is out. */
export const AWAITED = { gate: RETURNS, clearanceId, count: CLEARANCE.count };

type Placed = EventOf<'HoldPlaced'>;
/** A hold as it is placed, with what is otherwise about it. */
export const placed = (change: Partial<Placed['data']> = {}): Placed => ({
  type: 'HoldPlaced',
  data: {
    ...{ caseId, holdId, kind: 'ASYLUM_INTENT', owner: REFUGE, groundId: null, placedBy: 'cr-refugee-unit.officer' },
    ...{ takenOverFrom: null, awaits: [], placedAt: at, ...change },
  },
});

export const PROTECTED: HoldLedgerEvent = {
  type: 'HoldProtected',
  data: { holdId, basis: 'NO_LEASE', protectedAt: at },
};

export const HALTED: EventOf<'HaltOrdered'> = {
  type: 'HaltOrdered',
  data: { holdId, gate: RETURNS, clearanceIds: [clearanceId], orderedAt: at },
};

export const NOTED: HoldLedgerEvent = {
  type: 'HaltAcknowledgementNoted',
  data: { gate: RETURNS, holdId, clearanceIds: [clearanceId], outcome: 'VOIDED', notedAt: at },
};
