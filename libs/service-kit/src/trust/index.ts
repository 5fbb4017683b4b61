export {
  type AgencyKeysCommand,
  agencyKeysDecider,
  type AgencyKeysEvent,
  type AgencyKeysState,
  type CountersignedRotation,
} from './agency-keys.ts';
export { agencyKeysProcedure } from './agency-keys.procedure.ts';
export { LiveTrust, type TrustBeginning } from './live-trust.ts';
export { NoSigningKeyError, signersOf } from './signing-keys.ts';
export { TRUST_EVENT_TYPES, type TrustEventType } from './trust-events.ts';
export { asDomainError, requireTrusted } from './trust-refusal.ts';
