export * from './identity-elements-body.ts';
export * from './identity-index.ts';
export { IdentityTokens } from './identity-tokens.ts';
export { openLookupKey } from './lookup-key.ts';
export { VaultIdentityIndex } from './vault-identity-index.ts';
