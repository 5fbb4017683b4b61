export * from './admission.ts';
export * from './admission-request.ts';
export * from './directory-entry.ts';
export * from './genesis.ts';
export type { LastGood } from './log-place.ts';
export { ed25519Key, type NamedKey, type PublicKeys, x25519Key } from './public-keys.ts';
export * from './revocation.ts';
export {
  readRootSigned,
  type RootKey,
  rootsBehind,
  type RootSignature,
  type RootSigned,
  signAsRoot,
  verifyRootSigned,
} from './root-signed.ts';
export {
  countersignRotation,
  type DirectorySignature,
  readRotation,
  ROTATION,
  type RotationSigned,
  type RotationSigners,
  type RotationStatement,
  signRotation,
} from './rotation.ts';
export * from './statement-fields.ts';
export * from './succession.ts';
export * from './trust-state.ts';
export type { SealingPublicKey, TrustedAgency, TrustedKeySet, TrustedSigningKey } from './trusted-agency.ts';
