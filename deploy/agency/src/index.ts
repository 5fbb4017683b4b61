export * from './agency-command.ts';
export * from './agency-keys.ts';
export * from './agency-refusal.ts';
export * from './key-files.ts';
export * from './new-network.ts';
export * from './statement-files.ts';
