// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An authority holds the person: nobody makes them leave while it stands (domain.md §1.5). Published once for those who see that there is a hold, and since when, and once for those who may read which (INV-17).
 */
export type HoldPlacedV1Data = {
  /**
   * Id of the hold, the same in both copies.
   */
  readonly holdId: string;
  /**
   * Which hold it is (domain.md §1.5). Null in the copy for those who see only that there is one.
   */
  readonly kind:
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
    | null;
  /**
   * The procedure that it protects, by a meaningless id. Null where there is none yet, and in the copy for those who see only that there is a hold.
   */
  readonly groundId: string | null;
  /**
   * The authority before, which is gone: its hold of this id is now the publisher's. Null where the publisher placed it itself.
   */
  readonly takenOverFrom: string | null;
  /**
   * When it was placed, UTC.
   */
  readonly since: string;
};

/** JSON Schema of `HoldPlacedV1Data`. */
export const holdPlacedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:hold-placed:v1',
  title: 'HoldPlaced',
  description:
    'An authority holds the person: nobody makes them leave while it stands (domain.md §1.5). Published once for those who see that there is a hold, and since when, and once for those who may read which (INV-17).',
  'x-class': 'hold',
  type: 'object',
  additionalProperties: false,
  required: ['holdId', 'kind', 'groundId', 'takenOverFrom', 'since'],
  properties: {
    holdId: { description: 'Id of the hold, the same in both copies.', type: 'string', format: 'uuid' },
    kind: {
      description: 'Which hold it is (domain.md §1.5). Null in the copy for those who see only that there is one.',
      type: ['string', 'null'],
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
        null,
      ],
    },
    groundId: {
      description:
        'The procedure that it protects, by a meaningless id. Null where there is none yet, and in the copy for those who see only that there is a hold.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    takenOverFrom: {
      description:
        "The authority before, which is gone: its hold of this id is now the publisher's. Null where the publisher placed it itself.",
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    since: { description: 'When it was placed, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      holdId: '00000000-0000-4000-8000-000000000001',
      kind: 'ASYLUM_INTENT',
      groundId: null,
      takenOverFrom: null,
      since: '2026-12-01T15:00:00.000Z',
    },
  ],
} as const;
