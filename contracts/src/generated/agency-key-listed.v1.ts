// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A public key of an agency and the event number from which it is valid (architecture.md §5).
 */
export type AgencyKeyListedV1Data = {
  /**
   * The agency.
   */
  readonly agencyId: string;
  /**
   * Identifier of the key.
   */
  readonly keyId: string;
  /**
   * What it is used for.
   */
  readonly use: 'SIGNING';
  /**
   * Ed25519 public key as JWK (RFC 8037); a private part is refused.
   */
  readonly publicKey: {
    /**
     * Key type.
     */
    readonly kty: 'OKP';
    /**
     * Curve.
     */
    readonly crv: 'Ed25519';
    /**
     * Public key, base64url of 32 bytes.
     */
    readonly x: string;
  };
  /**
   * First event number of the agency that this key may sign.
   */
  readonly fromNumber: number;
};

/** JSON Schema of `AgencyKeyListedV1Data`. */
export const agencyKeyListedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agency-key-listed:v1',
  title: 'AgencyKeyListed',
  description: 'A public key of an agency and the event number from which it is valid (architecture.md §5).',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['agencyId', 'keyId', 'use', 'publicKey', 'fromNumber'],
  properties: {
    agencyId: { description: 'The agency.', type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
    keyId: {
      description: 'Identifier of the key.',
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      maxLength: 100,
    },
    use: { description: 'What it is used for.', type: 'string', enum: ['SIGNING'] },
    publicKey: {
      description: 'Ed25519 public key as JWK (RFC 8037); a private part is refused.',
      type: 'object',
      additionalProperties: false,
      required: ['kty', 'crv', 'x'],
      properties: {
        kty: { description: 'Key type.', type: 'string', enum: ['OKP'] },
        crv: { description: 'Curve.', type: 'string', enum: ['Ed25519'] },
        x: { description: 'Public key, base64url of 32 bytes.', type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
      },
    },
    fromNumber: {
      description: 'First event number of the agency that this key may sign.',
      type: 'integer',
      minimum: 1,
    },
  },
} as const;
