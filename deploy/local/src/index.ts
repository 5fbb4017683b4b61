export * from './kafka/index.ts';
export * from './network.ts';
export * from './postgres/index.ts';
