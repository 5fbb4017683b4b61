// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The receiver takes up its decision again.
 */
export type ReferralResumedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Which hold of the referral, from 1.
   */
  readonly hold: number;
};

/** JSON Schema of `ReferralResumedV1Data`. */
export const referralResumedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-resumed:v1',
  title: 'ReferralResumed',
  description: 'The receiver takes up its decision again.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'hold'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    hold: { description: 'Which hold of the referral, from 1.', type: 'integer', minimum: 1 },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', hold: 1 }],
} as const;
