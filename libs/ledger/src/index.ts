export * from './batch-statement.ts';
export * from './compact-range.ts';
export * from './ledger-error.ts';
export * from './merkle.ts';
