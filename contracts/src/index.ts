export * from './contract-event.ts';
export { contractFileOf } from './contract-files.ts';
export * from './generated/index.ts';
export * from './known-event.ts';
export * from './read-contract-payload.ts';
export { withAgencyDetails, withFocalPointDetails, withServiceDetails } from './upcasters/directory-upcasters.ts';
export { withReferralProtocol } from './upcasters/referral-upcasters.ts';
