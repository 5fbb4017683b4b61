// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The sender takes its request back; a receiver that has accepted meanwhile ends what it began.
 */
export type ReferralCancelledV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Why.
   */
  readonly reason:
    | 'NO_LONGER_NEEDED'
    | 'PERSON_DECLINED'
    | 'PERSON_MOVED_ON'
    | 'CONSENT_WITHDRAWN'
    | 'SERVED_ELSEWHERE'
    | 'SUPERSEDED';
};

/** JSON Schema of `ReferralCancelledV1Data`. */
export const referralCancelledV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-cancelled:v1',
  title: 'ReferralCancelled',
  description: 'The sender takes its request back; a receiver that has accepted meanwhile ends what it began.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'reason'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: [
        'NO_LONGER_NEEDED',
        'PERSON_DECLINED',
        'PERSON_MOVED_ON',
        'CONSENT_WITHDRAWN',
        'SERVED_ELSEWHERE',
        'SUPERSEDED',
      ],
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', reason: 'NO_LONGER_NEEDED' }],
} as const;
