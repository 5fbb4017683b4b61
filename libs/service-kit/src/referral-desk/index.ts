export * from './case-facts.ts';
export * from './own-cases.ts';
export * from './referral.entity.ts';
export * from './referral-desk.ts';
export * from './referral-id.ts';
export * from './referral-view.ts';
export * from './view-of-referral.ts';
