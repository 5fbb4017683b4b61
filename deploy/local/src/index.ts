export * from './kafka/index.ts';
export { nodePort } from './launcher/ports.ts';
export * from './network.ts';
export * from './postgres/index.ts';
