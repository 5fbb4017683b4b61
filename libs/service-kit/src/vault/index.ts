export * from './cell-sealer.ts';
export * from './identity-cases.ts';
export * from './identity-held.ts';
export * from './vault-access.ts';
export * from './vault.ts';
export * from './with-vault.ts';
