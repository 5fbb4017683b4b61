export { departureAnswerOf, ownConfirmation, withTimeLeft } from './departure-answers.ts';
export { type DepartureAct, DepartureGate } from './departure-gate.ts';
export { gateDesk } from './gate-desk.ts';
export { DepartureAnswer } from './departure-requests.ts';
export { actOf, OWN_REMOVALS } from './departures.controller.ts';
