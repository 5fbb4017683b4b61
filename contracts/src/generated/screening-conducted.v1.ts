// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A trafficking screening with its computed, advisory result (domain.md §2.4, INV-23).
 */
export type ScreeningConductedV1Data = {
  /**
   * The screening.
   */
  readonly screeningId: string;
  /**
   * DISPUTED is treated as CHILD.
   */
  readonly ageStatus: 'ADULT' | 'CHILD' | 'DISPUTED';
  /**
   * Acts found.
   */
  readonly acts: readonly ('RECRUITMENT' | 'TRANSPORT' | 'TRANSFER' | 'HARBOURING' | 'RECEIPT')[];
  /**
   * Means found; ignored in the test of a child (INV-08).
   */
  readonly means: readonly (
    | 'THREAT'
    | 'FORCE'
    | 'COERCION'
    | 'ABDUCTION'
    | 'FRAUD'
    | 'DECEPTION'
    | 'ABUSE_OF_POWER'
    | 'ABUSE_OF_VULNERABILITY'
    | 'PAYMENT_TO_CONTROLLER'
  )[];
  /**
   * Purposes found.
   */
  readonly purposes: readonly (
    | 'SEXUAL'
    | 'FORCED_LABOUR'
    | 'SLAVERY_LIKE'
    | 'SERVITUDE'
    | 'ORGANS'
    | 'FORCED_CRIME'
    | 'FORCED_BEGGING'
    | 'FORCED_MARRIAGE'
    | 'ILLEGAL_ADOPTION'
    | 'ARMED_GROUP'
    | 'OTHER'
  )[];
  /**
   * Within one country; null when unknown.
   */
  readonly isInternal: boolean | null;
  /**
   * ISIC Rev. 4 section letter; null when unknown.
   */
  readonly sector: string | null;
  /**
   * Result per dimension.
   */
  readonly dimensionResults: {
    /**
     * Result of the dimension rule.
     */
    readonly DR: 'POSITIVE' | 'NOT_POSITIVE' | 'NOT_ASSESSED';
    /**
     * Result of the dimension rule.
     */
    readonly CR: 'POSITIVE' | 'NOT_POSITIVE' | 'NOT_ASSESSED';
    /**
     * Result of the dimension rule.
     */
    readonly VR: 'POSITIVE' | 'NOT_POSITIVE' | 'NOT_ASSESSED';
    /**
     * Result of the dimension rule.
     */
    readonly EX: 'POSITIVE' | 'NOT_POSITIVE' | 'NOT_ASSESSED';
    /**
     * Result of the dimension rule.
     */
    readonly CD: 'POSITIVE' | 'NOT_POSITIVE' | 'NOT_ASSESSED';
    /**
     * Result of the dimension rule.
     */
    readonly VD: 'POSITIVE' | 'NOT_POSITIVE' | 'NOT_ASSESSED';
  };
  /**
   * Outcome that the rule suggests; a person decides.
   */
  readonly suggested: 'CONFIRMED' | 'PRESUMED' | 'AT_RISK' | 'INCONCLUSIVE' | 'NOT_IDENTIFIED';
  /**
   * Version of the rule that computed it.
   */
  readonly ruleVersion: string;
};

/** JSON Schema of `ScreeningConductedV1Data`. */
export const screeningConductedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:screening-conducted:v1',
  title: 'ScreeningConducted',
  description: 'A trafficking screening with its computed, advisory result (domain.md §2.4, INV-23).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: [
    'screeningId',
    'ageStatus',
    'acts',
    'means',
    'purposes',
    'isInternal',
    'sector',
    'dimensionResults',
    'suggested',
    'ruleVersion',
  ],
  properties: {
    screeningId: { description: 'The screening.', type: 'string', format: 'uuid' },
    ageStatus: { description: 'DISPUTED is treated as CHILD.', type: 'string', enum: ['ADULT', 'CHILD', 'DISPUTED'] },
    acts: {
      description: 'Acts found.',
      type: 'array',
      items: { type: 'string', enum: ['RECRUITMENT', 'TRANSPORT', 'TRANSFER', 'HARBOURING', 'RECEIPT'] },
      uniqueItems: true,
    },
    means: {
      description: 'Means found; ignored in the test of a child (INV-08).',
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'THREAT',
          'FORCE',
          'COERCION',
          'ABDUCTION',
          'FRAUD',
          'DECEPTION',
          'ABUSE_OF_POWER',
          'ABUSE_OF_VULNERABILITY',
          'PAYMENT_TO_CONTROLLER',
        ],
      },
      uniqueItems: true,
    },
    purposes: {
      description: 'Purposes found.',
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'SEXUAL',
          'FORCED_LABOUR',
          'SLAVERY_LIKE',
          'SERVITUDE',
          'ORGANS',
          'FORCED_CRIME',
          'FORCED_BEGGING',
          'FORCED_MARRIAGE',
          'ILLEGAL_ADOPTION',
          'ARMED_GROUP',
          'OTHER',
        ],
      },
      uniqueItems: true,
    },
    isInternal: { description: 'Within one country; null when unknown.', type: ['boolean', 'null'] },
    sector: {
      description: 'ISIC Rev. 4 section letter; null when unknown.',
      type: ['string', 'null'],
      pattern: '^[A-U]$',
    },
    dimensionResults: {
      description: 'Result per dimension.',
      type: 'object',
      additionalProperties: false,
      required: ['DR', 'CR', 'VR', 'EX', 'CD', 'VD'],
      properties: {
        DR: {
          description: 'Result of the dimension rule.',
          type: 'string',
          enum: ['POSITIVE', 'NOT_POSITIVE', 'NOT_ASSESSED'],
        },
        CR: {
          description: 'Result of the dimension rule.',
          type: 'string',
          enum: ['POSITIVE', 'NOT_POSITIVE', 'NOT_ASSESSED'],
        },
        VR: {
          description: 'Result of the dimension rule.',
          type: 'string',
          enum: ['POSITIVE', 'NOT_POSITIVE', 'NOT_ASSESSED'],
        },
        EX: {
          description: 'Result of the dimension rule.',
          type: 'string',
          enum: ['POSITIVE', 'NOT_POSITIVE', 'NOT_ASSESSED'],
        },
        CD: {
          description: 'Result of the dimension rule.',
          type: 'string',
          enum: ['POSITIVE', 'NOT_POSITIVE', 'NOT_ASSESSED'],
        },
        VD: {
          description: 'Result of the dimension rule.',
          type: 'string',
          enum: ['POSITIVE', 'NOT_POSITIVE', 'NOT_ASSESSED'],
        },
      },
    },
    suggested: {
      description: 'Outcome that the rule suggests; a person decides.',
      type: 'string',
      enum: ['CONFIRMED', 'PRESUMED', 'AT_RISK', 'INCONCLUSIVE', 'NOT_IDENTIFIED'],
    },
    ruleVersion: {
      description: 'Version of the rule that computed it.',
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9./-]*$',
      maxLength: 40,
    },
  },
} as const;
