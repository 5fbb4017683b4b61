// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The sender says what comes after the end of a referral: the next step, or that the person wants none (INV-19).
 */
export type ReferralLoopClosedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * How it ended.
   */
  readonly outcome: 'NEED_MET' | 'NEED_PARTLY_MET' | 'REFERRED_ELSEWHERE' | 'CONTINUES_HERE' | 'PERSON_DECLINED';
  /**
   * The referral that goes on with it, or null.
   */
  readonly nextReferralId: string | null;
};

/** JSON Schema of `ReferralLoopClosedV1Data`. */
export const referralLoopClosedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-loop-closed:v1',
  title: 'ReferralLoopClosed',
  description:
    'The sender says what comes after the end of a referral: the next step, or that the person wants none (INV-19).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'outcome', 'nextReferralId'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    outcome: {
      description: 'How it ended.',
      type: 'string',
      enum: ['NEED_MET', 'NEED_PARTLY_MET', 'REFERRED_ELSEWHERE', 'CONTINUES_HERE', 'PERSON_DECLINED'],
    },
    nextReferralId: {
      description: 'The referral that goes on with it, or null.',
      type: ['string', 'null'],
      format: 'uuid',
    },
  },
  examples: [{ referralId: '00000000-0000-4000-8000-000000000001', outcome: 'NEED_MET', nextReferralId: null }],
} as const;
