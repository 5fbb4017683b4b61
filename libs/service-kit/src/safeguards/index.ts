export { ClearanceService } from './clearance-service.ts';
export { GATE_KINDS } from './gate-agencies.ts';
export * from './hold-desk.ts';
export * from './known-hold-projection.ts';
export * from './known-holds.ts';
export * from './lifting-condition.ts';
export { MONOTONIC_CLOCK, type MonotonicClock } from './monotonic-clock.ts';
export * from './placing-with.ts';
