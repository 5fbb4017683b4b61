// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The service that was asked for has begun.
 */
export type ReferralServiceStartedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.
   */
  readonly proxied: string | null;
};

/** JSON Schema of `ReferralServiceStartedV1Data`. */
export const referralServiceStartedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-service-started:v1',
  title: 'ReferralServiceStarted',
  description: 'The service that was asked for has begun.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'proxied'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    proxied: {
      description:
        'Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', proxied: null }],
} as const;
