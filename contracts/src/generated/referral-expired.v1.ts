// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Neither the receiver nor its supervisor answered in time; the sender’s task reopens (INV-19).
 */
export type ReferralExpiredV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
};

/** JSON Schema of `ReferralExpiredV1Data`. */
export const referralExpiredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-expired:v1',
  title: 'ReferralExpired',
  description: 'Neither the receiver nor its supervisor answered in time; the sender’s task reopens (INV-19).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId'],
  properties: { referralId: { description: 'The referral.', type: 'string', format: 'uuid' } },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001' }],
} as const;
