// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The service that was asked for has begun.
 */
export type ReferralServiceStartedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
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
  required: ['referralId'],
  properties: { referralId: { description: 'The referral.', type: 'string', format: 'uuid' } },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001' }],
} as const;
