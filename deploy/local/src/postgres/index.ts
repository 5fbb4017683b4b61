export * from './cluster.ts';
export * from './server-account.ts';
export * from './server-binaries.ts';
