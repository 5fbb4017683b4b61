export * from './clock.ts';
export * from './decider.ts';
export * from './domain-error.ts';
export * from './hybrid-clock.ts';
export * from './instant.ts';
export * from './json.ts';
export * from './upcaster.ts';
export * from './step.ts';
