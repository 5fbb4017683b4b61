import type { GateCommandOf } from './gate-commands.ts';
import type { GateEvent } from './gate-events.ts';
import type { ClearanceAnswer, Situation } from './judge-departure.ts';
import type { Reading } from './lease.ts';

// Named examples for the specs of the gate: one case, two authorities of the jurisdiction, one that placed a hold elsewhere.

export const caseId = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
export const departureId = '7c1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
export const holdId = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
export const at = '2026-11-22T11:00:00.000Z';
export const [REFUGE, CONATT, ELSEWHERE] = ['cr-refugee-unit', 'cr-conatt', 'mx-comar'] as const;

/** The gate's clock, so many milliseconds after it began. */
export const reads = (ms: number, boot = 'boot-1'): Reading => ({ boot, ms });

export const ASKED_TWO = [
  { authority: CONATT, clearanceId: 'clearance-of-conatt' },
  { authority: REFUGE, clearanceId: 'clearance-of-refuge' },
];
export const GRANTED_BOTH: readonly ClearanceAnswer[] = [
  { clearanceId: 'clearance-of-conatt', outcome: 'GRANTED', leaseMs: 60_000 },
  { clearanceId: 'clearance-of-refuge', outcome: 'GRANTED', leaseMs: 30_000 },
];

export const SITUATION: Situation = {
  ...{ authorities: [REFUGE, CONATT], placersOnLinked: [], heldBy: [], successors: {}, obstacles: [] },
  standings: { [REFUGE]: 'CURRENT', [CONATT]: 'CURRENT', [ELSEWHERE]: 'CURRENT' },
};

export const ASK: GateCommandOf<'AskForClearance'> = {
  ...{ type: 'AskForClearance', caseId, departureId, removal: 'RETURN_DEPARTURE', asked: ASKED_TWO },
  ...{ officer: 'cr-returns.officer', reading: reads(1_000), now: at },
};
export const DEPART: GateCommandOf<'Depart'> = {
  ...{ type: 'Depart', departureId, answers: GRANTED_BOTH, situation: SITUATION, reading: reads(2_000), now: at },
};
export const CONFIRM: GateCommandOf<'ConfirmDeparture'> = {
  ...{ type: 'ConfirmDeparture', departureId, officer: 'cr-returns.officer', reading: reads(30_999), now: at },
};
export const HALT: GateCommandOf<'RecordHalt'> = {
  ...{ type: 'RecordHalt', caseId, authority: REFUGE, holdId, number: 7, clearanceIds: ['clearance-of-refuge'] },
  ...{ since: at, orderedAt: at, now: at },
};

export const ASKED: GateEvent = {
  type: 'ClearanceAsked',
  data: {
    ...{ caseId, departureId, removal: 'RETURN_DEPARTURE', asked: ASKED_TWO, askedFrom: reads(1_000) },
    ...{ askedBy: 'cr-returns.officer', askedAt: at },
  },
};
export const WARRANT: GateEvent = {
  type: 'WarrantIssued',
  data: {
    ...{ departureId, removal: 'RETURN_DEPARTURE', clearances: ASKED_TWO, validUntil: reads(31_000), issuedAt: at },
  },
};
export const DEPARTED: GateEvent = {
  type: 'DepartureConfirmed',
  data: { departureId, confirmedBy: 'cr-returns.officer', departedAt: at },
};
export const HEARD: GateEvent = {
  type: 'HoldHeard',
  data: { authority: REFUGE, holdId, number: 7, since: at, takenOverFrom: null },
};
