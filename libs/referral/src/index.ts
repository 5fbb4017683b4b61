export * from './decide.ts';
export * from './merge-table.ts';
export * from './procedure.ts';
export * from './publish.ts';
export * from './referral.ts';
export * from './referral-that-leads-here.ts';
