// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Any words or conduct showing fear of return (domain.md §2.1, INV-06).
 */
export type AsylumIntentExpressedV1Data = {
  /**
   * When it was expressed. As precisely as known: YYYY, YYYY-MM or YYYY-MM-DD; null when unknown.
   */
  readonly expressedOn: string | null;
  /**
   * How it was expressed.
   */
  readonly manner: 'ORAL' | 'WRITTEN' | 'CONDUCT';
};

/** JSON Schema of `AsylumIntentExpressedV1Data`. */
export const asylumIntentExpressedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:asylum-intent-expressed:v1',
  title: 'AsylumIntentExpressed',
  description: 'Any words or conduct showing fear of return (domain.md §2.1, INV-06).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['expressedOn', 'manner'],
  properties: {
    expressedOn: {
      description: 'When it was expressed. As precisely as known: YYYY, YYYY-MM or YYYY-MM-DD; null when unknown.',
      type: ['string', 'null'],
      pattern: '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$',
    },
    manner: { description: 'How it was expressed.', type: 'string', enum: ['ORAL', 'WRITTEN', 'CONDUCT'] },
  },
} as const;
