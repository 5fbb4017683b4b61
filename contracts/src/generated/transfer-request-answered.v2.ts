// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The custodian grants a request for transfer, naming the referral by which it gives the case, or declines it; one that is not the custodian may say who is.
 */
export type TransferRequestAnsweredV2Data = {
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
  /**
   * Agency that has the case instead, or null: it is not known, or not for the agency that asked.
   */
  readonly heldBy: string | null;
};

/** JSON Schema of `TransferRequestAnsweredV2Data`. */
export const transferRequestAnsweredV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:transfer-request-answered:v2',
  title: 'TransferRequestAnswered',
  description:
    'The custodian grants a request for transfer, naming the referral by which it gives the case, or declines it; one that is not the custodian may say who is.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['transferRequestId', 'granted', 'referralId', 'reason', 'heldBy'],
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
    heldBy: {
      description: 'Agency that has the case instead, or null: it is not known, or not for the agency that asked.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [
    {
      transferRequestId: '00000000-0000-4000-8000-000000000001',
      granted: false,
      referralId: null,
      reason: 'NOT_THE_CUSTODIAN',
      heldBy: 'cr-conatt',
    },
  ],
} as const;
