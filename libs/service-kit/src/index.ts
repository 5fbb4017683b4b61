export * from './node-definition.ts';
export * from './procedure-handler.ts';
