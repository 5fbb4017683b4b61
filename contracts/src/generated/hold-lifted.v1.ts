// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The authority of a hold has lifted it. Published once for those who saw that there was a hold, and once for those who may read why (INV-17).
 */
export type HoldLiftedV1Data = {
  /**
   * The hold.
   */
  readonly holdId: string;
  /**
   * Why (domain.md §1.5). It tells which hold it was: null in the copy for those who saw only that there was one.
   */
  readonly reason:
    | 'NEEDS_ASSESSED'
    | 'APPLICATION_LODGED'
    | 'INFORMED_WAIVER'
    | 'INFORMED_WITHDRAWAL'
    | 'NEGATIVE_DECISION_NOTIFIED'
    | 'STATUS_GRANTED'
    | 'FINAL_DECISION'
    | 'WINDOW_LAPSED'
    | 'STATUS_ENDED'
    | 'VERIFIED_REPATRIATION'
    | 'OUTCOME_RECORDED'
    | 'PERIOD_OVER'
    | 'PERSONS_CHOICE'
    | 'RISK_LOWERED'
    | 'FAVOURABLE_BEST_INTERESTS'
    | 'GUARDIAN_APPOINTED'
    | 'OF_AGE'
    | 'TAKEN_OVER'
    | 'AGE_DECIDED'
    | 'FITNESS_CERTIFIED'
    | 'RESULT_RECORDED'
    | 'ORDER_ENDED'
    | 'CONSENT_IN_FORCE'
    | 'PLACED_IN_ERROR'
    | null;
  /**
   * The hold of the same authority that took its place, placed before this one was lifted. Null where none did, and in the copy for those who saw only that there was a hold.
   */
  readonly replacedBy: string | null;
  /**
   * When, UTC.
   */
  readonly liftedAt: string;
};

/** JSON Schema of `HoldLiftedV1Data`. */
export const holdLiftedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:hold-lifted:v1',
  title: 'HoldLifted',
  description:
    'The authority of a hold has lifted it. Published once for those who saw that there was a hold, and once for those who may read why (INV-17).',
  'x-class': 'hold',
  type: 'object',
  additionalProperties: false,
  required: ['holdId', 'reason', 'replacedBy', 'liftedAt'],
  properties: {
    holdId: { description: 'The hold.', type: 'string', format: 'uuid' },
    reason: {
      description:
        'Why (domain.md §1.5). It tells which hold it was: null in the copy for those who saw only that there was one.',
      type: ['string', 'null'],
      enum: [
        'NEEDS_ASSESSED',
        'APPLICATION_LODGED',
        'INFORMED_WAIVER',
        'INFORMED_WITHDRAWAL',
        'NEGATIVE_DECISION_NOTIFIED',
        'STATUS_GRANTED',
        'FINAL_DECISION',
        'WINDOW_LAPSED',
        'STATUS_ENDED',
        'VERIFIED_REPATRIATION',
        'OUTCOME_RECORDED',
        'PERIOD_OVER',
        'PERSONS_CHOICE',
        'RISK_LOWERED',
        'FAVOURABLE_BEST_INTERESTS',
        'GUARDIAN_APPOINTED',
        'OF_AGE',
        'TAKEN_OVER',
        'AGE_DECIDED',
        'FITNESS_CERTIFIED',
        'RESULT_RECORDED',
        'ORDER_ENDED',
        'CONSENT_IN_FORCE',
        'PLACED_IN_ERROR',
        null,
      ],
    },
    replacedBy: {
      description:
        'The hold of the same authority that took its place, placed before this one was lifted. Null where none did, and in the copy for those who saw only that there was a hold.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    liftedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      holdId: '00000000-0000-4000-8000-000000000001',
      reason: 'APPLICATION_LODGED',
      replacedBy: '00000000-0000-4000-8000-000000000002',
      liftedAt: '2026-12-02T15:00:00.000Z',
    },
  ],
} as const;
