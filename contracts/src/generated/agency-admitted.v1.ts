// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The roots admit an agency with its keys (architecture.md §5), or again after a revocation. Published by the directory.
 */
export type AgencyAdmittedV1Data = {
  /**
   * What the roots signed.
   */
  readonly statement: {
    /**
     * Id of the genesis: a statement counts in one network only.
     */
    readonly genesis: string;
    /**
     * Counts the agency’s sets of keys.
     */
    readonly sequence: number;
    /**
     * Who is admitted.
     */
    readonly agency: string;
    /**
     * The program that it runs.
     */
    readonly kind: string;
    /**
     * A name for people.
     */
    readonly name: string;
    /**
     * ISO 3166-1 alpha-2; null for a regional agency.
     */
    readonly jurisdiction: string | null;
    /**
     * Its public keys.
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
     * First number of its topic that the signing key signs.
     */
    readonly fromNumber: number;
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

/** JSON Schema of `AgencyAdmittedV1Data`. */
export const agencyAdmittedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agency-admitted:v1',
  title: 'AgencyAdmitted',
  description:
    'The roots admit an agency with its keys (architecture.md §5), or again after a revocation. Published by the directory.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['statement', 'signatures'],
  properties: {
    statement: {
      description: 'What the roots signed.',
      type: 'object',
      additionalProperties: false,
      required: ['genesis', 'sequence', 'agency', 'kind', 'name', 'jurisdiction', 'keys', 'fromNumber'],
      properties: {
        genesis: {
          description: 'Id of the genesis: a statement counts in one network only.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
        sequence: { description: 'Counts the agency’s sets of keys.', type: 'integer', minimum: 1 },
        agency: {
          description: 'Who is admitted.',
          type: 'string',
          pattern: '^[a-z][a-z0-9-]*$',
          minLength: 2,
          maxLength: 40,
        },
        kind: {
          description: 'The program that it runs.',
          type: 'string',
          pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
          maxLength: 40,
        },
        name: { description: 'A name for people.', type: 'string', minLength: 1, maxLength: 120 },
        jurisdiction: {
          description: 'ISO 3166-1 alpha-2; null for a regional agency.',
          type: ['string', 'null'],
          pattern: '^[A-Z]{2}$',
        },
        keys: {
          description: 'Its public keys.',
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
        fromNumber: {
          description: 'First number of its topic that the signing key signs.',
          type: 'integer',
          minimum: 1,
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
        sequence: 1,
        agency: 'pa-border-intake',
        kind: 'intake',
        name: 'Border post',
        jurisdiction: 'PA',
        keys: {
          signing: { keyId: 'pa-border-intake.signing.6f3502016beb', x: '4Pjb6_Yhee-guW_RwS-xsCPI8e3xATX3urlXCBXQaFE' },
          sealing: { keyId: 'pa-border-intake.sealing.d3a85b8fdd73', x: 'yEBlN97ag1PGn5hTopFJKeaycVYmAmh9Cd_BfP6n3Ss' },
          transport: {
            keyId: 'pa-border-intake.transport.024450839a6a',
            x: 'rh92Tz1AVrqgMYktDIRGNIEeOOk0ULXwFv4FkNO0-1c',
          },
        },
        fromNumber: 1,
      },
      signatures: [
        {
          rootKeyId: 'root-1',
          signature: 'zTCxOjK7ryD_4zTTABYmAwVq7odgH-TVd_LRMCZU8rTpEKqMxNBn6f3uj55HjGo5UcKE9WPFOhwqh4EuFmIiDg',
        },
        {
          rootKeyId: 'root-2',
          signature: 'fdmp1eFuptPXOeb1qO1qUJqIouS32Yes3PzJX-JI0OUsPoAJaaXHPupShRfv3BHxS20aFy3XnqBAFOLGLNYUDQ',
        },
      ],
    },
  ],
} as const;
