// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The roots end a key of an agency (architecture.md §5): what it signed after the last good number does not count. Published by the directory.
 */
export type AgencyKeyRevokedV1Data = {
  /**
   * What the roots signed.
   */
  readonly statement: {
    /**
     * Id of the genesis: a statement counts in one network only.
     */
    readonly genesis: string;
    /**
     * Whose key it is.
     */
    readonly agency: string;
    /**
     * The signing key; sealing and transport key of the same set end with it.
     */
    readonly keyId: string;
    /**
     * Last number of the agency that counts; 0 when none does.
     */
    readonly lastGoodNumber: number;
    /**
     * Root of the agency’s tree of that many events.
     */
    readonly lastGoodTreeHead: string;
    /**
     * Code of the list of reasons, which grows.
     */
    readonly reason: string;
  };
  /**
   * Of root keys, Ed25519 over the statement; as many as the genesis asks for.
   *
   * @minItems 1
   * @maxItems 9
   *
   * Items: What one root says.
   */
  readonly signatures: readonly {
    /**
     * The root key, as the genesis names it.
     */
    readonly rootKeyId: string;
    /**
     * Ed25519, base64url.
     */
    readonly signature: string;
  }[];
};

/** JSON Schema of `AgencyKeyRevokedV1Data`. */
export const agencyKeyRevokedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agency-key-revoked:v1',
  title: 'AgencyKeyRevoked',
  description:
    'The roots end a key of an agency (architecture.md §5): what it signed after the last good number does not count. Published by the directory.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['statement', 'signatures'],
  properties: {
    statement: {
      description: 'What the roots signed.',
      type: 'object',
      additionalProperties: false,
      required: ['genesis', 'agency', 'keyId', 'lastGoodNumber', 'lastGoodTreeHead', 'reason'],
      properties: {
        genesis: {
          description: 'Id of the genesis: a statement counts in one network only.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
        agency: {
          description: 'Whose key it is.',
          type: 'string',
          pattern: '^[a-z][a-z0-9-]*$',
          minLength: 2,
          maxLength: 40,
        },
        keyId: {
          description: 'The signing key; sealing and transport key of the same set end with it.',
          type: 'string',
          pattern: '^[!-~]+$',
          minLength: 1,
          maxLength: 100,
        },
        lastGoodNumber: {
          description: 'Last number of the agency that counts; 0 when none does.',
          type: 'integer',
          minimum: 0,
        },
        lastGoodTreeHead: {
          description: 'Root of the agency’s tree of that many events.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
        reason: {
          description: 'Code of the list of reasons, which grows.',
          type: 'string',
          pattern: '^[A-Z][A-Z0-9_]{1,39}$',
        },
      },
    },
    signatures: {
      description: 'Of root keys, Ed25519 over the statement; as many as the genesis asks for.',
      type: 'array',
      minItems: 1,
      maxItems: 9,
      items: {
        description: 'What one root says.',
        type: 'object',
        additionalProperties: false,
        required: ['rootKeyId', 'signature'],
        properties: {
          rootKeyId: {
            description: 'The root key, as the genesis names it.',
            type: 'string',
            pattern: '^[!-~]+$',
            minLength: 1,
            maxLength: 100,
          },
          signature: { description: 'Ed25519, base64url.', type: 'string', pattern: '^[A-Za-z0-9_-]{86}$' },
        },
      },
    },
  },
  examples: [
    {
      statement: {
        genesis: '0a4536905423c12a15eca31fdbee3394f2dfa5477c5ef0d6dff75eac6f4c519f',
        agency: 'pa-border-intake',
        keyId: 'pa-border-intake.signing.af19ae5e1e8c',
        lastGoodNumber: 240,
        lastGoodTreeHead: '0bae693e92d98239b8a3068a5008c567b36d6439587bb33acdc3b30767963a9f',
        reason: 'KEY_COMPROMISED',
      },
      signatures: [
        {
          rootKeyId: 'root-1',
          signature: 'P5iSGOPgBWrUosh3zSEMrFYzQuKIhaGC6wm4nPRSaqcLLTKUkhn6ZmiUhSWORz3hQ8RQeG730XdrVJJhGhB9Bg',
        },
        {
          rootKeyId: 'root-2',
          signature: 'Xj3obCBStr-wo5S0e2i9dNRxpyWde7uZQJ4VRwYqhQuw5mlXrviBerP1iX_cNSzgSjgt1o3jm3HhCS7r8KtaDQ',
        },
      ],
    },
  ],
} as const;
