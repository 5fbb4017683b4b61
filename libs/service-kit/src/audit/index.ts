export * from './audit-entry.ts';
export * from './audit-log.ts';
