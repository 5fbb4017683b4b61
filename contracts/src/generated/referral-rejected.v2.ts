// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The receiver does not take the person on; the sender’s task reopens (INV-19).
 */
export type ReferralRejectedV2Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Why.
   */
  readonly reason: 'NO_CAPACITY' | 'OUT_OF_MANDATE' | 'NO_CONSENT' | 'DUPLICATE' | 'PERSON_NOT_REACHED';
  /**
   * Agency that the receiver suggests instead, or null.
   */
  readonly alternativeAgency: string | null;
  /**
   * Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.
   */
  readonly proxied: string | null;
};

/** JSON Schema of `ReferralRejectedV2Data`. */
export const referralRejectedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-rejected:v2',
  title: 'ReferralRejected',
  description: 'The receiver does not take the person on; the sender’s task reopens (INV-19).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'reason', 'alternativeAgency', 'proxied'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: ['NO_CAPACITY', 'OUT_OF_MANDATE', 'NO_CONSENT', 'DUPLICATE', 'PERSON_NOT_REACHED'],
    },
    alternativeAgency: {
      description: 'Agency that the receiver suggests instead, or null.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    proxied: {
      description:
        'Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [
    {
      referralId: '00000000-0000-4000-8000-000000000001',
      reason: 'NO_CAPACITY',
      alternativeAgency: null,
      proxied: null,
    },
  ],
} as const;
