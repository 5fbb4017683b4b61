export * from './identity-elements.ts';
export * from './judge-match.ts';
export { type ReadIdentity, readIdentity, saysWho } from './read-identity.ts';
export * from './search-identities.ts';
export * from './search-keys.ts';
