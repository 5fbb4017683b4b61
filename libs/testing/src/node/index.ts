export * from './start-test-node.ts';
export * from './test-network.ts';
