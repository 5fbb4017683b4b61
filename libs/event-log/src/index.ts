export * from './port.ts';
export * from './embedded-log.ts';
export * from './kafka-log.ts';
export type { LogReporter } from './log-consumption.ts';
export { UnknownTopicError } from './log-limits.ts';
export * from './log-transport.ts';
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
export * from './inbox.ts';
export * from './inbox-port.ts';
export { greatestObservedClock, type SourceStatus } from './inbox-storage.ts';
export { type Lane, LaneRelease } from './lane.ts';
export * from './migrations.ts';
export * from './quarantine.ts';
export * from './relay.ts';
export * from './relay-port.ts';
