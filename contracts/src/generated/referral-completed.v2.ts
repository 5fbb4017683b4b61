// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The service that was asked for has ended.
 */
export type ReferralCompletedV2Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * How it ended.
   */
  readonly result: 'SERVICE_PROVIDED' | 'PARTLY_PROVIDED' | 'NO_LONGER_NEEDED' | 'PERSON_DECLINED';
  /**
   * Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.
   */
  readonly proxied: string | null;
};

/** JSON Schema of `ReferralCompletedV2Data`. */
export const referralCompletedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-completed:v2',
  title: 'ReferralCompleted',
  description: 'The service that was asked for has ended.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'result', 'proxied'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    result: {
      description: 'How it ended.',
      type: 'string',
      enum: ['SERVICE_PROVIDED', 'PARTLY_PROVIDED', 'NO_LONGER_NEEDED', 'PERSON_DECLINED'],
    },
    proxied: {
      description:
        'Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', result: 'SERVICE_PROVIDED', proxied: null }],
} as const;
