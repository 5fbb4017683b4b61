// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The agencies of a jurisdiction that must clear a departure, all of them, from now on (architecture.md §7).
 */
export type ClearanceAuthoritiesListedV1Data = {
  /**
   * ISO 3166-1 alpha-2.
   */
  readonly jurisdiction: string;
  /**
   * Each with the holds that it answers for.
   *
   * @maxItems 50
   *
   * Items: A clearance authority.
   */
  readonly authorities: readonly {
    /**
     * The agency.
     */
    readonly agencyId: string;
    /**
     * Holds that it answers for (domain.md §1.5).
     *
     * @minItems 1
     * @maxItems 17
     */
    readonly holds: readonly (
      | 'NEEDS_NOT_ASSESSED'
      | 'ASYLUM_INTENT'
      | 'ASYLUM_PENDING'
      | 'APPEAL_OPEN'
      | 'RECOGNIZED'
      | 'COMPLEMENTARY'
      | 'TRAFFICKING_SCREENING'
      | 'REFLECTION_PERIOD'
      | 'TRAFFICKING_RISK'
      | 'CHILD_NO_BID'
      | 'CHILD_NO_GUARDIAN'
      | 'AGE_DISPUTED'
      | 'STATELESSNESS_PENDING'
      | 'MEDICAL_UNFIT'
      | 'FAMILY_UNITY'
      | 'COURT_OR_INTERIM_MEASURE'
      | 'VOLUNTARINESS'
    )[];
  }[];
};

/** JSON Schema of `ClearanceAuthoritiesListedV1Data`. */
export const clearanceAuthoritiesListedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:clearance-authorities-listed:v1',
  title: 'ClearanceAuthoritiesListed',
  description:
    'The agencies of a jurisdiction that must clear a departure, all of them, from now on (architecture.md §7).',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['jurisdiction', 'authorities'],
  properties: {
    jurisdiction: { description: 'ISO 3166-1 alpha-2.', type: 'string', pattern: '^[A-Z]{2}$' },
    authorities: {
      description: 'Each with the holds that it answers for.',
      type: 'array',
      items: {
        description: 'A clearance authority.',
        type: 'object',
        additionalProperties: false,
        required: ['agencyId', 'holds'],
        properties: {
          agencyId: {
            description: 'The agency.',
            type: 'string',
            pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
            maxLength: 60,
          },
          holds: {
            description: 'Holds that it answers for (domain.md §1.5).',
            type: 'array',
            items: {
              type: 'string',
              enum: [
                'NEEDS_NOT_ASSESSED',
                'ASYLUM_INTENT',
                'ASYLUM_PENDING',
                'APPEAL_OPEN',
                'RECOGNIZED',
                'COMPLEMENTARY',
                'TRAFFICKING_SCREENING',
                'REFLECTION_PERIOD',
                'TRAFFICKING_RISK',
                'CHILD_NO_BID',
                'CHILD_NO_GUARDIAN',
                'AGE_DISPUTED',
                'STATELESSNESS_PENDING',
                'MEDICAL_UNFIT',
                'FAMILY_UNITY',
                'COURT_OR_INTERIM_MEASURE',
                'VOLUNTARINESS',
              ],
            },
            uniqueItems: true,
            maxItems: 17,
            minItems: 1,
          },
        },
      },
      uniqueItems: true,
      maxItems: 50,
    },
  },
  examples: [
    {
      jurisdiction: 'CR',
      authorities: [
        { agencyId: 'cr-conatt', holds: ['TRAFFICKING_SCREENING', 'REFLECTION_PERIOD', 'TRAFFICKING_RISK'] },
        { agencyId: 'cr-refugee-unit', holds: ['ASYLUM_INTENT', 'ASYLUM_PENDING', 'APPEAL_OPEN'] },
      ],
    },
  ],
} as const;
