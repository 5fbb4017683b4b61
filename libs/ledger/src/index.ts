export * from './batch-statement.ts';
export * from './compact-range.ts';
export * from './head-statement.ts';
export * from './ledger-error.ts';
export * from './merkle.ts';
export type { Signed, StatementKind } from './signed-text.ts';
export * from './trust/index.ts';
