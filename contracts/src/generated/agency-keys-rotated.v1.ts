// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency goes over to new keys (architecture.md §5). In its own topic: the old signing key ends with this event, the new one begins with the next.
 */
export type AgencyKeysRotatedV1Data = {
  /**
   * What is signed.
   */
  readonly statement: {
    /**
     * Id of the genesis: a statement counts in one network only.
     */
    readonly genesis: string;
    /**
     * Who rotates.
     */
    readonly agency: string;
    /**
     * One more than that of the keys that end.
     */
    readonly sequence: number;
    /**
     * The signing key that ends.
     */
    readonly previousSigningKeyId: string;
    /**
     * The keys that begin.
     */
    readonly keys: {
      /**
       * Ed25519: signs batches, heads and rotations.
       */
      readonly signing: {
        /**
         * Name of the key.
         */
        readonly keyId: string;
        /**
         * Public point, base64url of 32 bytes (RFC 8037).
         */
        readonly x: string;
      };
      /**
       * X25519: what is sealed to this agency alone.
       */
      readonly sealing: {
        /**
         * Name of the key.
         */
        readonly keyId: string;
        /**
         * Public point, base64url of 32 bytes (RFC 8037).
         */
        readonly x: string;
      };
      /**
       * Ed25519: connections between nodes.
       */
      readonly transport: {
        /**
         * Name of the key.
         */
        readonly keyId: string;
        /**
         * Public point, base64url of 32 bytes (RFC 8037).
         */
        readonly x: string;
      };
    };
    /**
     * Size of the agency’s tree when the statement was made.
     */
    readonly treeSize: number;
    /**
     * Root of that tree.
     */
    readonly treeHead: string;
  };
  /**
   * Ed25519 over the statement, base64url.
   */
  readonly signatures: {
    /**
     * By the signing key that ends.
     */
    readonly old: string;
    /**
     * By the new signing key.
     */
    readonly signing: string;
    /**
     * By the new transport key.
     */
    readonly transport: string;
    /**
     * By a signing key of the directory: a stolen key alone cannot rotate.
     */
    readonly directory: {
      /**
       * The directory’s key.
       */
      readonly keyId: string;
      /**
       * Ed25519, base64url.
       */
      readonly signature: string;
    };
  };
};

/** JSON Schema of `AgencyKeysRotatedV1Data`. */
export const agencyKeysRotatedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agency-keys-rotated:v1',
  title: 'AgencyKeysRotated',
  description:
    'An agency goes over to new keys (architecture.md §5). In its own topic: the old signing key ends with this event, the new one begins with the next.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['statement', 'signatures'],
  properties: {
    statement: {
      description: 'What is signed.',
      type: 'object',
      additionalProperties: false,
      required: ['genesis', 'agency', 'sequence', 'previousSigningKeyId', 'keys', 'treeSize', 'treeHead'],
      properties: {
        genesis: {
          description: 'Id of the genesis: a statement counts in one network only.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
        agency: {
          description: 'Who rotates.',
          type: 'string',
          pattern: '^[a-z][a-z0-9-]*$',
          minLength: 2,
          maxLength: 40,
        },
        sequence: { description: 'One more than that of the keys that end.', type: 'integer', minimum: 2 },
        previousSigningKeyId: {
          description: 'The signing key that ends.',
          type: 'string',
          pattern: '^[!-~]+$',
          minLength: 1,
          maxLength: 100,
        },
        keys: {
          description: 'The keys that begin.',
          type: 'object',
          additionalProperties: false,
          required: ['signing', 'sealing', 'transport'],
          properties: {
            signing: {
              description: 'Ed25519: signs batches, heads and rotations.',
              type: 'object',
              additionalProperties: false,
              required: ['keyId', 'x'],
              properties: {
                keyId: {
                  description: 'Name of the key.',
                  type: 'string',
                  pattern: '^[!-~]+$',
                  minLength: 1,
                  maxLength: 100,
                },
                x: {
                  description: 'Public point, base64url of 32 bytes (RFC 8037).',
                  type: 'string',
                  pattern: '^[A-Za-z0-9_-]{43}$',
                },
              },
            },
            sealing: {
              description: 'X25519: what is sealed to this agency alone.',
              type: 'object',
              additionalProperties: false,
              required: ['keyId', 'x'],
              properties: {
                keyId: {
                  description: 'Name of the key.',
                  type: 'string',
                  pattern: '^[!-~]+$',
                  minLength: 1,
                  maxLength: 100,
                },
                x: {
                  description: 'Public point, base64url of 32 bytes (RFC 8037).',
                  type: 'string',
                  pattern: '^[A-Za-z0-9_-]{43}$',
                },
              },
            },
            transport: {
              description: 'Ed25519: connections between nodes.',
              type: 'object',
              additionalProperties: false,
              required: ['keyId', 'x'],
              properties: {
                keyId: {
                  description: 'Name of the key.',
                  type: 'string',
                  pattern: '^[!-~]+$',
                  minLength: 1,
                  maxLength: 100,
                },
                x: {
                  description: 'Public point, base64url of 32 bytes (RFC 8037).',
                  type: 'string',
                  pattern: '^[A-Za-z0-9_-]{43}$',
                },
              },
            },
          },
        },
        treeSize: {
          description: 'Size of the agency’s tree when the statement was made.',
          type: 'integer',
          minimum: 0,
        },
        treeHead: { description: 'Root of that tree.', type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
    },
    signatures: {
      description: 'Ed25519 over the statement, base64url.',
      type: 'object',
      additionalProperties: false,
      required: ['old', 'signing', 'transport', 'directory'],
      properties: {
        old: { description: 'By the signing key that ends.', type: 'string', pattern: '^[A-Za-z0-9_-]{86}$' },
        signing: { description: 'By the new signing key.', type: 'string', pattern: '^[A-Za-z0-9_-]{86}$' },
        transport: { description: 'By the new transport key.', type: 'string', pattern: '^[A-Za-z0-9_-]{86}$' },
        directory: {
          description: 'By a signing key of the directory: a stolen key alone cannot rotate.',
          type: 'object',
          additionalProperties: false,
          required: ['keyId', 'signature'],
          properties: {
            keyId: {
              description: 'The directory’s key.',
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
  },
  examples: [
    {
      statement: {
        genesis: '0a4536905423c12a15eca31fdbee3394f2dfa5477c5ef0d6dff75eac6f4c519f',
        agency: 'pa-border-intake',
        sequence: 2,
        previousSigningKeyId: 'pa-border-intake.signing.6f3502016beb',
        keys: {
          signing: { keyId: 'pa-border-intake.signing.af19ae5e1e8c', x: 'o6-ENHdsoQDzYE_ess_yV0LoRtFrzxhO4tFl3nZkH8Q' },
          sealing: { keyId: 'pa-border-intake.sealing.616508338c70', x: 'xHrsLjaFFHfMKNjut3kzD2m0DhD_MVHUMVZeiL_cb3I' },
          transport: {
            keyId: 'pa-border-intake.transport.7b41a4283c4b',
            x: 'PXp2uNuK0uVo0n8jRSiKedgmLVuEIAU1kLmSzJActkI',
          },
        },
        treeSize: 118,
        treeHead: '0bae693e92d98239b8a3068a5008c567b36d6439587bb33acdc3b30767963a9f',
      },
      signatures: {
        old: 'icAUWK_yflxkwyEW-iduC2xEP6lEXgE5L464YgpHaEyyefF36EfvUGQMfG6Yae31iWyCaFtWwzkmwKeB9rNIAA',
        signing: 'EFg2FzObYil9EDgM8ps7mgS47dKCUGLAXxSg_LgXX4EHahBknYZHVetnKHx5VxgDf946VcYp2ss3E_sn_StVBw',
        transport: 'Val95TsvpI709iw56OF_pOTTkROparjnN74Xbv1-ibmlBboxJC-8ozBfQb8C6KHm9VTKiDZUbXe5pnoRsVb2AQ',
        directory: {
          keyId: 'regional-directory.signing.af278b646ed4',
          signature: 'VaseNHY8ch-9c4_eyOgnEryhi38Xb60Gh3J3w5XHAC2PvIEW0Ho9mSQzuWTwN-4CyEbPj3YX5dYgs8NcacPZAg',
        },
      },
    },
  ],
} as const;
