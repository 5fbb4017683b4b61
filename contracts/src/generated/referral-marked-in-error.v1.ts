// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The request should not have been made.
 */
export type ReferralMarkedInErrorV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * What was wrong.
   */
  readonly reason: 'WRONG_PERSON' | 'WRONG_RECEIVER' | 'WRONG_SERVICE' | 'ENTERED_TWICE';
};

/** JSON Schema of `ReferralMarkedInErrorV1Data`. */
export const referralMarkedInErrorV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-marked-in-error:v1',
  title: 'ReferralMarkedInError',
  description: 'The request should not have been made.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'reason'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    reason: {
      description: 'What was wrong.',
      type: 'string',
      enum: ['WRONG_PERSON', 'WRONG_RECEIVER', 'WRONG_SERVICE', 'ENTERED_TWICE'],
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', reason: 'WRONG_RECEIVER' }],
} as const;
