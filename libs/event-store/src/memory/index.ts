export * from './memory-database.ts';
export * from './memory-event-store.ts';
