export * from './kafka/index.ts';
export * from './network.ts';
