// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The receiver cannot decide yet; the person is not taken on.
 */
export type ReferralPutOnHoldV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Which hold of the referral, from 1.
   */
  readonly hold: number;
  /**
   * Why.
   */
  readonly reason: 'WAITLIST' | 'INFORMATION_REQUESTED';
  /**
   * What is to be told; empty on the waiting list.
   *
   * @maxItems 7
   */
  readonly information: readonly (
    'CONSENT' | 'IDENTITY' | 'FAMILY' | 'HEALTH' | 'LEGAL_STATUS' | 'RISK' | 'WHEREABOUTS'
  )[];
  /**
   * When a place is expected, UTC, or null.
   */
  readonly expectedBy: string | null;
  /**
   * Agency without a node that answered by a link: the sender signs for it. Null when the receiver says it itself.
   */
  readonly proxied: string | null;
};

/** JSON Schema of `ReferralPutOnHoldV1Data`. */
export const referralPutOnHoldV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-put-on-hold:v1',
  title: 'ReferralPutOnHold',
  description: 'The receiver cannot decide yet; the person is not taken on.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'hold', 'reason', 'information', 'expectedBy', 'proxied'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    hold: { description: 'Which hold of the referral, from 1.', type: 'integer', minimum: 1 },
    reason: { description: 'Why.', type: 'string', enum: ['WAITLIST', 'INFORMATION_REQUESTED'] },
    information: {
      description: 'What is to be told; empty on the waiting list.',
      type: 'array',
      items: {
        type: 'string',
        enum: ['CONSENT', 'IDENTITY', 'FAMILY', 'HEALTH', 'LEGAL_STATUS', 'RISK', 'WHEREABOUTS'],
      },
      uniqueItems: true,
      maxItems: 7,
    },
    expectedBy: {
      description: 'When a place is expected, UTC, or null.',
      type: ['string', 'null'],
      format: 'date-time',
      pattern: 'Z$',
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
      hold: 1,
      reason: 'INFORMATION_REQUESTED',
      information: ['HEALTH'],
      expectedBy: null,
      proxied: null,
    },
  ],
} as const;
