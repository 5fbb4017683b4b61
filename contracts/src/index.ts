export * from './contract-event.ts';
