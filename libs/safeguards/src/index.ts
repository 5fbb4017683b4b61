export * from './case-link/index.ts';
export { disregardOf, type HeardLink, isNewsOfLink, requireFewLinksOfPerson, type SaidLink } from './case-links.ts';
export * from './decide-clearance.ts';
export * from './ended-leases.ts';
export { erasedCaseHaltsProcedure } from './erased-case-halts.ts';
export * from './gate.ts';
export * from './gate-commands.ts';
export * from './gate-events.ts';
export * from './gate-state.ts';
export * from './hold-ledger.ts';
export * from './hold-ledger-commands.ts';
export * from './hold-ledger-events.ts';
export {
  EMPTY_LEDGER,
  type Hold,
  type HaltAnswer,
  type HoldLedger,
  openHolds,
  outstanding,
} from './hold-ledger-state.ts';
export * from './hold-rules.ts';
export * from './identity-search/index.ts';
export * from './judge-departure.ts';
export * from './lease.ts';
export * from './ledger-screen.ts';
export * from './link-disregard.ts';
export * from './linked-departures.ts';
export * from './own-gate-halts.ts';
export * from './procedure-holds.ts';
export * from './protection.ts';
export * from './publish.ts';
export * from './publish-gate.ts';
export { haltsAreSaidAgainAt } from './unanswered-halts.ts';
