export { DepartureGate, type DepartureAct, type DepartureStanding, type WantedDeparture } from './departure-gate.ts';
export { gateDesk, type GateDeskOptions } from './gate-desk.ts';
export { DepartureAnswer } from './departure-requests.ts';
export { actOf, OWN_REMOVALS } from './departures.controller.ts';
