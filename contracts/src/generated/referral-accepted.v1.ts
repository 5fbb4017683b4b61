// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The receiver takes the person on.
 */
export type ReferralAcceptedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
};

/** JSON Schema of `ReferralAcceptedV1Data`. */
export const referralAcceptedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-accepted:v1',
  title: 'ReferralAccepted',
  description: 'The receiver takes the person on.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId'],
  properties: { referralId: { description: 'The referral.', type: 'string', format: 'uuid' } },
} as const;
