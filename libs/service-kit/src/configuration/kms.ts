import type { NodeEnvironment } from './environment.ts';

/** Where the master key is, which wraps what the node's database holds of keys. */
export type KmsConfiguration =
  | { readonly driver: 'file'; readonly path: string }
  /** A transit engine as HashiCorp Vault and OpenBao have it; the token is read from its file for each request. */
  | { readonly driver: 'transit'; readonly address: string; readonly key: string; readonly tokenFile: string };

/** What KMS may say. */
export const KMS_FORMAT = /^(file:.+|transit:https?:\/\/\S+)$/;

/** The KMS of an environment that was found valid. */
export function kmsOf({ KMS, KMS_KEY, KMS_TOKEN_FILE }: NodeEnvironment): KmsConfiguration {
  const place = KMS.slice(KMS.indexOf(':') + 1);
  return KMS.startsWith('file:')
    ? { driver: 'file', path: place }
    : { driver: 'transit', address: place, key: KMS_KEY ?? '', tokenFile: KMS_TOKEN_FILE ?? '' };
}
