export * from './egress.ts';
export * from './stated-consent.ts';
export * from './ways-out.ts';
