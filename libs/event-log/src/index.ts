export * from './port.ts';
export * from './embedded-log.ts';
export * from './kafka-log.ts';
export type { LogReporter } from './log-consumption.ts';
export { UnknownTopicError } from './log-limits.ts';
export * from './memory-log.ts';
export * from './counts.ts';
export {
  DIRECTORY_SUBJECT,
  type Envelope,
  EnvelopeError,
  MAX_NUMBER,
  parseEnvelope,
  PATH_HEADER,
  STATEMENT_HEADER,
  writeEnvelope,
} from './envelope.ts';
export * from './head-record.ts';
export * from './inbox.ts';
export { CatchUp, type CatchUpOptions } from './inbox-catch-up.ts';
export * from './covered-numbers.ts';
export * from './inbox-port.ts';
export { readingOf } from './inbox-sealing.ts';
export { type RecordVerification, RecordVerifier, type Verification } from './inbox-verification.ts';
export { greatestObservedClock } from './inbox-storage.ts';
export type { InboxStore, SourceStatus, Unlock } from './inbox-store.ts';
export { PostgresInboxStore } from './postgres-inbox-store.ts';
export { PostgresRelayStore } from './postgres-relay-store.ts';
export { MemoryInboxStore } from './memory-inbox-store.ts';
export { MemoryInboxTables } from './memory-inbox-tables.ts';
export { MemoryRelayStore } from './memory-relay-store.ts';
export type { RelayStore } from './relay-store.ts';
export { type Lane, LaneRelease } from './lane.ts';
export * from './migrations.ts';
export * from './quarantine.ts';
export * from './relay.ts';
export { Unlocks, type UnlocksOptions } from './unlocks.ts';
export * from './relay-port.ts';
export * from './recovery-gate.ts';
export * from './inbox-rebuild.ts';
export { LogShortError } from './inbox-replay.ts';
export { type CopiedValue, copyText, TableBeside } from './table-beside.ts';
export * from './inbox-staleness.ts';
export * from './inbox-resumption.ts';
export * from './inbox-holds.ts';
export { type WaitingOfCase, waitingOfCases } from './inbox-waiting.ts';
