// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The key that offers and first grants to the publisher are sealed to for a week (architecture.md §5).
 */
export type OfferKeyPublishedV1Data = {
  /**
   * Name of the key.
   */
  readonly keyId: string;
  /**
   * X25519 public key, base64url of 32 bytes.
   */
  readonly x: string;
  /**
   * From when others seal to it: a Monday, UTC.
   */
  readonly validFrom: string;
  /**
   * Until when others seal to it: the Sunday after, UTC.
   */
  readonly validThrough: string;
};

/** JSON Schema of `OfferKeyPublishedV1Data`. */
export const offerKeyPublishedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:offer-key-published:v1',
  title: 'OfferKeyPublished',
  description: 'The key that offers and first grants to the publisher are sealed to for a week (architecture.md §5).',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['keyId', 'x', 'validFrom', 'validThrough'],
  properties: {
    keyId: { description: 'Name of the key.', type: 'string', pattern: '^[!-~]+$', minLength: 1, maxLength: 100 },
    x: { description: 'X25519 public key, base64url of 32 bytes.', type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
    validFrom: {
      description: 'From when others seal to it: a Monday, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
    validThrough: {
      description: 'Until when others seal to it: the Sunday after, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [
    {
      keyId: 'offers-2026-11-30',
      x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
      validFrom: '2026-11-30T00:00:00.000Z',
      validThrough: '2026-12-06T23:59:59.999Z',
    },
  ],
} as const;
