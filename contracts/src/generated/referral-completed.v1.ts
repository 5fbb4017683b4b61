// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The service that was asked for has ended.
 */
export type ReferralCompletedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * How it ended.
   */
  readonly result: 'SERVICE_PROVIDED' | 'PARTLY_PROVIDED' | 'NO_LONGER_NEEDED' | 'PERSON_DECLINED';
};

/** JSON Schema of `ReferralCompletedV1Data`. */
export const referralCompletedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-completed:v1',
  title: 'ReferralCompleted',
  description: 'The service that was asked for has ended.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'result'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    result: {
      description: 'How it ended.',
      type: 'string',
      enum: ['SERVICE_PROVIDED', 'PARTLY_PROVIDED', 'NO_LONGER_NEEDED', 'PERSON_DECLINED'],
    },
  },
} as const;
