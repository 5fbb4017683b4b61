// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The receiver has seen the request.
 */
export type ReferralAcknowledgedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
};

/** JSON Schema of `ReferralAcknowledgedV1Data`. */
export const referralAcknowledgedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-acknowledged:v1',
  title: 'ReferralAcknowledged',
  description: 'The receiver has seen the request.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId'],
  properties: { referralId: { description: 'The referral.', type: 'string', format: 'uuid' } },
} as const;
