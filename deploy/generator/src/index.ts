export * from './new-service.ts';
export * from './options.ts';
export * from './refusal.ts';
export * from './service-names.ts';
export * from './service-plan.ts';
export * from './shared-files.ts';
export * from './write-service.ts';
