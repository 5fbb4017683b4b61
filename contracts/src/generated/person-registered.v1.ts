// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Coded registration facts of the person; no identity (domain.md §1.2).
 */
export type PersonRegisteredV1Data = {
  /**
   * Sex as recorded.
   */
  readonly sex: 'FEMALE' | 'MALE' | 'OTHER' | 'UNKNOWN';
  /**
   * DISPUTED is treated as CHILD.
   */
  readonly ageStatus: 'ADULT' | 'CHILD' | 'DISPUTED';
  /**
   * Inclusive bounds in completed years; null bound means open; null when nothing is known of the age.
   */
  readonly ageBand: {
    /**
     * Lowest age.
     */
    readonly fromYears: number | null;
    /**
     * Highest age.
     */
    readonly toYears: number | null;
  } | null;
  /**
   * How precisely the date of birth is known to the registering agency.
   */
  readonly dobPrecision: 'EXACT' | 'MONTH' | 'YEAR' | 'ESTIMATED' | 'UNKNOWN';
  /**
   * ISO 3166-1 alpha-2 codes; empty when none is known.
   *
   * @maxItems 10
   */
  readonly nationalities: readonly string[];
  /**
   * How sure the nationality is.
   */
  readonly nationalityStatus: 'DOCUMENTED' | 'DECLARED' | 'UNDETERMINED' | 'AT_RISK_OF_STATELESSNESS' | 'STATELESS';
  /**
   * ISO 639-3 codes of the languages the person speaks.
   *
   * @maxItems 20
   */
  readonly languages: readonly string[];
};

/** JSON Schema of `PersonRegisteredV1Data`. */
export const personRegisteredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:person-registered:v1',
  title: 'PersonRegistered',
  description: 'Coded registration facts of the person; no identity (domain.md §1.2).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['sex', 'ageStatus', 'ageBand', 'dobPrecision', 'nationalities', 'nationalityStatus', 'languages'],
  properties: {
    sex: { description: 'Sex as recorded.', type: 'string', enum: ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'] },
    ageStatus: { description: 'DISPUTED is treated as CHILD.', type: 'string', enum: ['ADULT', 'CHILD', 'DISPUTED'] },
    ageBand: {
      description: 'Inclusive bounds in completed years; null bound means open; null when nothing is known of the age.',
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['fromYears', 'toYears'],
      properties: {
        fromYears: { description: 'Lowest age.', type: ['integer', 'null'], minimum: 0, maximum: 130 },
        toYears: { description: 'Highest age.', type: ['integer', 'null'], minimum: 0, maximum: 130 },
      },
    },
    dobPrecision: {
      description: 'How precisely the date of birth is known to the registering agency.',
      type: 'string',
      enum: ['EXACT', 'MONTH', 'YEAR', 'ESTIMATED', 'UNKNOWN'],
    },
    nationalities: {
      description: 'ISO 3166-1 alpha-2 codes; empty when none is known.',
      type: 'array',
      items: { type: 'string', pattern: '^[A-Z]{2}$' },
      uniqueItems: true,
      maxItems: 10,
    },
    nationalityStatus: {
      description: 'How sure the nationality is.',
      type: 'string',
      enum: ['DOCUMENTED', 'DECLARED', 'UNDETERMINED', 'AT_RISK_OF_STATELESSNESS', 'STATELESS'],
    },
    languages: {
      description: 'ISO 639-3 codes of the languages the person speaks.',
      type: 'array',
      items: { type: 'string', pattern: '^[a-z]{3}$' },
      uniqueItems: true,
      maxItems: 20,
    },
  },
} as const;
