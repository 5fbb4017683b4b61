// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The service was accepted and did not come about; the sender’s task reopens (INV-19).
 */
export type ReferralFailedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Why.
   */
  readonly reason: 'NO_SHOW' | 'UNREACHABLE' | 'CANCELLED_BY_SENDER' | 'CONSENT_WITHDRAWN' | 'SERVICE_CLOSED';
  /**
   * Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.
   */
  readonly proxied: string | null;
};

/** JSON Schema of `ReferralFailedV1Data`. */
export const referralFailedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-failed:v1',
  title: 'ReferralFailed',
  description: 'The service was accepted and did not come about; the sender’s task reopens (INV-19).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'reason', 'proxied'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: ['NO_SHOW', 'UNREACHABLE', 'CANCELLED_BY_SENDER', 'CONSENT_WITHDRAWN', 'SERVICE_CLOSED'],
    },
    proxied: {
      description:
        'Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', reason: 'NO_SHOW', proxied: null }],
} as const;
