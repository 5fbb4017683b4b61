export * from './decider-spec.ts';
export * from './eventually.ts';
export * from './free-port.ts';
export * from './log-conformance.ts';
export * from './simulated/index.ts';
export * from './store-conformance.ts';
export * from './test-database.ts';
