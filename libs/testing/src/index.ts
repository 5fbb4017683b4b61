export * from './database-door.ts';
export * from './decider-spec.ts';
export * from './ending-server.ts';
export * from './eventually.ts';
export * from './free-port.ts';
export * from './log-conformance.ts';
export * from './simulated/index.ts';
export * from './store-conformance.ts';
export {
  CONFORMANCE_NOW,
  CONFORMANCE_PROCEDURE,
  CONFORMANCE_SEAL,
  type ConformanceOutboxRow,
  openedForConformance,
  type StoreUnderTest,
} from './store-conformance-parts.ts';
export * from './test-database.ts';
