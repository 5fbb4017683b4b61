export * from './api-client.ts';
export * from './command-line.ts';
export * from './reconcile-command.ts';
export * from './reconciliation.ts';
export * from './retrying.ts';
export * from './run-file.ts';
export * from './tokens.ts';
export * from './transport.ts';
