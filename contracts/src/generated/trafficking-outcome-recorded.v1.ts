// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An officer decided the outcome of a screening (domain.md §2.4).
 */
export type TraffickingOutcomeRecordedV1Data = {
  /**
   * The screening.
   */
  readonly screeningId: string;
  /**
   * What the rule had suggested.
   */
  readonly suggested: 'CONFIRMED' | 'PRESUMED' | 'AT_RISK' | 'INCONCLUSIVE' | 'NOT_IDENTIFIED';
  /**
   * What the officer decided.
   */
  readonly outcome: 'CONFIRMED' | 'PRESUMED' | 'AT_RISK' | 'INCONCLUSIVE' | 'NOT_IDENTIFIED';
  /**
   * Why.
   */
  readonly reason:
    | 'ELEMENTS_ESTABLISHED'
    | 'REASONABLE_GROUNDS'
    | 'BENEFIT_OF_DOUBT'
    | 'RISK_FACTORS_ONLY'
    | 'INSUFFICIENT_INFORMATION'
    | 'ELEMENTS_ABSENT'
    | 'COMPETENT_AUTHORITY_DECISION';
  /**
   * A supervisor confirmed it: needed to move away from protection.
   */
  readonly secondReviewed: boolean;
};

/** JSON Schema of `TraffickingOutcomeRecordedV1Data`. */
export const traffickingOutcomeRecordedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:trafficking-outcome-recorded:v1',
  title: 'TraffickingOutcomeRecorded',
  description: 'An officer decided the outcome of a screening (domain.md §2.4).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['screeningId', 'suggested', 'outcome', 'reason', 'secondReviewed'],
  properties: {
    screeningId: { description: 'The screening.', type: 'string', format: 'uuid' },
    suggested: {
      description: 'What the rule had suggested.',
      type: 'string',
      enum: ['CONFIRMED', 'PRESUMED', 'AT_RISK', 'INCONCLUSIVE', 'NOT_IDENTIFIED'],
    },
    outcome: {
      description: 'What the officer decided.',
      type: 'string',
      enum: ['CONFIRMED', 'PRESUMED', 'AT_RISK', 'INCONCLUSIVE', 'NOT_IDENTIFIED'],
    },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: [
        'ELEMENTS_ESTABLISHED',
        'REASONABLE_GROUNDS',
        'BENEFIT_OF_DOUBT',
        'RISK_FACTORS_ONLY',
        'INSUFFICIENT_INFORMATION',
        'ELEMENTS_ABSENT',
        'COMPETENT_AUTHORITY_DECISION',
      ],
    },
    secondReviewed: { description: 'A supervisor confirmed it: needed to move away from protection.', type: 'boolean' },
  },
} as const;
