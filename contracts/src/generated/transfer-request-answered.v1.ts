// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The custodian grants a request for transfer, naming the referral by which it gives the case, or declines it.
 */
export type TransferRequestAnsweredV1Data = {
  /**
   * The request for transfer.
   */
  readonly transferRequestId: string;
  /**
   * Whether it gives the case.
   */
  readonly granted: boolean;
  /**
   * The transfer that was asked for, or null when it is declined.
   */
  readonly referralId: string | null;
  /**
   * Why it is declined, or null.
   */
  readonly reason:
    'CARE_GOES_ON_HERE' | 'NO_CONSENT' | 'AGAINST_BEST_INTERESTS' | 'SEPARATES_FAMILY' | 'NOT_THE_CUSTODIAN' | null;
};

/** JSON Schema of `TransferRequestAnsweredV1Data`. */
export const transferRequestAnsweredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:transfer-request-answered:v1',
  title: 'TransferRequestAnswered',
  description:
    'The custodian grants a request for transfer, naming the referral by which it gives the case, or declines it.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['transferRequestId', 'granted', 'referralId', 'reason'],
  properties: {
    transferRequestId: { description: 'The request for transfer.', type: 'string', format: 'uuid' },
    granted: { description: 'Whether it gives the case.', type: 'boolean' },
    referralId: {
      description: 'The transfer that was asked for, or null when it is declined.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    reason: {
      description: 'Why it is declined, or null.',
      type: ['string', 'null'],
      enum: [
        'CARE_GOES_ON_HERE',
        'NO_CONSENT',
        'AGAINST_BEST_INTERESTS',
        'SEPARATES_FAMILY',
        'NOT_THE_CUSTODIAN',
        null,
      ],
    },
  },
  examples: [
    {
      transferRequestId: '00000000-0000-4000-8000-000000000001',
      granted: false,
      referralId: null,
      reason: 'CARE_GOES_ON_HERE',
    },
  ],
} as const;
