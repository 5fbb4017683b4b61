// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The sender answers what the receiver asked when it put the referral on hold.
 */
export type ReferralInformationProvidedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * Which hold of the referral, from 1.
   */
  readonly hold: number;
  /**
   * What is answered.
   *
   * @minItems 1
   * @maxItems 7
   */
  readonly information: readonly (
    'CONSENT' | 'IDENTITY' | 'FAMILY' | 'HEALTH' | 'LEGAL_STATUS' | 'RISK' | 'WHEREABOUTS'
  )[];
  /**
   * Documents that are pointed to; they do not travel with it.
   *
   * @maxItems 20
   */
  readonly attachments: readonly {
    /**
     * The document.
     */
    readonly attachmentId: string;
    /**
     * Kind of document.
     */
    readonly kind:
      | 'REFERRAL_LETTER'
      | 'PROFILE_SHEET'
      | 'ASSESSMENT'
      | 'MEDICAL_REPORT'
      | 'LEGAL_DOCUMENT'
      | 'IDENTITY_DOCUMENT'
      | 'CONSENT_FORM'
      | 'OTHER';
    /**
     * SHA-256 of the document, hex.
     */
    readonly sha256: string;
  }[];
};

/** JSON Schema of `ReferralInformationProvidedV1Data`. */
export const referralInformationProvidedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-information-provided:v1',
  title: 'ReferralInformationProvided',
  description: 'The sender answers what the receiver asked when it put the referral on hold.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'hold', 'information', 'attachments'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    hold: { description: 'Which hold of the referral, from 1.', type: 'integer', minimum: 1 },
    information: {
      description: 'What is answered.',
      type: 'array',
      items: {
        type: 'string',
        enum: ['CONSENT', 'IDENTITY', 'FAMILY', 'HEALTH', 'LEGAL_STATUS', 'RISK', 'WHEREABOUTS'],
      },
      uniqueItems: true,
      maxItems: 7,
      minItems: 1,
    },
    attachments: {
      description: 'Documents that are pointed to; they do not travel with it.',
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['attachmentId', 'kind', 'sha256'],
        properties: {
          attachmentId: { description: 'The document.', type: 'string', format: 'uuid' },
          kind: {
            description: 'Kind of document.',
            type: 'string',
            enum: [
              'REFERRAL_LETTER',
              'PROFILE_SHEET',
              'ASSESSMENT',
              'MEDICAL_REPORT',
              'LEGAL_DOCUMENT',
              'IDENTITY_DOCUMENT',
              'CONSENT_FORM',
              'OTHER',
            ],
          },
          sha256: { description: 'SHA-256 of the document, hex.', type: 'string', pattern: '^[0-9a-f]{64}$' },
        },
      },
      maxItems: 20,
    },
  },
  examples: [
    {
      referralId: '00000000-0000-4000-8000-000000000001',
      hold: 1,
      information: ['HEALTH'],
      attachments: [
        {
          attachmentId: '00000000-0000-4000-8000-000000000002',
          kind: 'MEDICAL_REPORT',
          sha256: '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f',
        },
      ],
    },
  ],
} as const;
