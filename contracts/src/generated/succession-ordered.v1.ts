// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The roots order that an agency, which is gone for good, is succeeded by another (architecture.md §6): its log ends at the last good number, and the successor takes over the custody that it held there. Published by the directory.
 */
export type SuccessionOrderedV1Data = {
  /**
   * What the roots signed.
   */
  readonly statement: {
    /**
     * Id of the genesis: a statement counts in one network only.
     */
    readonly genesis: string;
    /**
     * The agency that is gone.
     */
    readonly agency: string;
    /**
     * Who takes over.
     */
    readonly successor: string;
    /**
     * Last number of the agency that counts; 0 when none does.
     */
    readonly lastGoodNumber: number;
    /**
     * Root of the agency’s tree of that many events.
     */
    readonly lastGoodTreeHead: string;
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

/** JSON Schema of `SuccessionOrderedV1Data`. */
export const successionOrderedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:succession-ordered:v1',
  title: 'SuccessionOrdered',
  description:
    'The roots order that an agency, which is gone for good, is succeeded by another (architecture.md §6): its log ends at the last good number, and the successor takes over the custody that it held there. Published by the directory.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['statement', 'signatures'],
  properties: {
    statement: {
      description: 'What the roots signed.',
      type: 'object',
      additionalProperties: false,
      required: ['genesis', 'agency', 'successor', 'lastGoodNumber', 'lastGoodTreeHead'],
      properties: {
        genesis: {
          description: 'Id of the genesis: a statement counts in one network only.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
        agency: {
          description: 'The agency that is gone.',
          type: 'string',
          pattern: '^[a-z][a-z0-9-]*$',
          minLength: 2,
          maxLength: 40,
        },
        successor: {
          description: 'Who takes over.',
          type: 'string',
          pattern: '^[a-z][a-z0-9-]*$',
          minLength: 2,
          maxLength: 40,
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
        successor: 'pa-protection-office',
        lastGoodNumber: 240,
        lastGoodTreeHead: '0bae693e92d98239b8a3068a5008c567b36d6439587bb33acdc3b30767963a9f',
      },
      signatures: [
        {
          rootKeyId: 'root-1',
          signature: 'KSO_v858HvYH8uwX_tt_Q7_F0GMm1gWqbw7UT293BU3r6zEsGkPmg13UmoqklsLeAAG2zxJmwpUen8jke4WkBg',
        },
        {
          rootKeyId: 'root-2',
          signature: 'XKsiwVwoaCMixW_avoMj34aQZ86eQePZswtLODownXqvpxxipzJAvE77236mM9UhQN8Ld7jHDm5ZwE-uSXSqCg',
        },
      ],
    },
  ],
} as const;
