// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

export * from './agency-key-listed.v1.ts';
export * from './agency-listed.v1.ts';
export * from './application-lodged.v1.ts';
export * from './application-registered.v1.ts';
export * from './asylum-intent-expressed.v1.ts';
export * from './case-opened.v1.ts';
export * from './child-identified.v1.ts';
export * from './focal-point-designated.v1.ts';
export * from './immediate-safety-secured.v1.ts';
export * from './incarnation-started.v1.ts';
export * from './person-registered.v1.ts';
export * from './referral-accepted.v1.ts';
export * from './referral-acknowledged.v1.ts';
export * from './referral-completed.v1.ts';
export * from './referral-rejected.v1.ts';
export * from './referral-requested.v1.ts';
export * from './rights-information-provided.v1.ts';
export * from './screening-conducted.v1.ts';
export * from './service-listed.v1.ts';
export * from './trafficking-indicator-flagged.v1.ts';
export * from './trafficking-outcome-recorded.v1.ts';
export * from './urgent-needs-screened.v1.ts';
export * from './catalogue.ts';
