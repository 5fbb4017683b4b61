export * from './decider-spec.ts';
export * from './eventually.ts';
export * from './test-database.ts';
