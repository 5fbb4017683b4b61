// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A suspicion of trafficking; a plain suspicion without indicators is enough (domain.md §2.4).
 */
export type TraffickingIndicatorFlaggedV1Data = {
  /**
   * Who or what gave rise to it.
   */
  readonly source: 'SELF' | 'OBSERVED' | 'REFERRAL' | 'ASSESSMENT';
  /**
   * Indicators observed; may be empty.
   *
   * @maxItems 67
   *
   * Items: One indicator of a versioned list.
   */
  readonly indicators: readonly {
    /**
     * The list.
     */
    readonly list: 'ILO_EC_ADULT_LABOUR';
    /**
     * Dimension of the list.
     */
    readonly dimension: 'DR' | 'CR' | 'VR' | 'EX' | 'CD' | 'VD';
    /**
     * Code of the indicator in that dimension.
     */
    readonly code: string;
  }[];
};

/** JSON Schema of `TraffickingIndicatorFlaggedV1Data`. */
export const traffickingIndicatorFlaggedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:trafficking-indicator-flagged:v1',
  title: 'TraffickingIndicatorFlagged',
  description: 'A suspicion of trafficking; a plain suspicion without indicators is enough (domain.md §2.4).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['source', 'indicators'],
  properties: {
    source: {
      description: 'Who or what gave rise to it.',
      type: 'string',
      enum: ['SELF', 'OBSERVED', 'REFERRAL', 'ASSESSMENT'],
    },
    indicators: {
      description: 'Indicators observed; may be empty.',
      type: 'array',
      items: {
        description: 'One indicator of a versioned list.',
        type: 'object',
        additionalProperties: false,
        required: ['list', 'dimension', 'code'],
        properties: {
          list: { description: 'The list.', type: 'string', enum: ['ILO_EC_ADULT_LABOUR'] },
          dimension: {
            description: 'Dimension of the list.',
            type: 'string',
            enum: ['DR', 'CR', 'VR', 'EX', 'CD', 'VD'],
          },
          code: {
            description: 'Code of the indicator in that dimension.',
            type: 'string',
            pattern: '^[A-Z][A-Z0-9_]*$',
            maxLength: 60,
          },
        },
      },
      maxItems: 67,
    },
  },
} as const;
