export * from './compare-schemas.ts';
export * from './openapi-breaks.ts';
export * from './release-faults.ts';
