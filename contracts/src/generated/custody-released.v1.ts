// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The custodian gives the case to the agency that accepted its transfer (architecture.md §6).
 */
export type CustodyReleasedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * The new term; the release of any other is stale.
   */
  readonly term: number;
  /**
   * Custodian from now on.
   */
  readonly to: string;
};

/** JSON Schema of `CustodyReleasedV1Data`. */
export const custodyReleasedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:custody-released:v1',
  title: 'CustodyReleased',
  description: 'The custodian gives the case to the agency that accepted its transfer (architecture.md §6).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'term', 'to'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    term: { description: 'The new term; the release of any other is stale.', type: 'integer', minimum: 2 },
    to: {
      description: 'Custodian from now on.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', term: 2, to: 'cr-conatt' }],
} as const;
