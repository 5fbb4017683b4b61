export type { MemoryKeyTrust, MemoryKeysOptions } from './memory-case-keys.ts';
export * from './memory-machine.ts';
export * from './memory-node.ts';
export * from './start-test-node.ts';
export * from './test-network.ts';
export * from './test-trust.ts';
