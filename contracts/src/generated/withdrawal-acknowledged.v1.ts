// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency says what it destroyed and what it keeps after a withdrawal, and on which legal basis (architecture.md §5). Said again when that changes.
 */
export type WithdrawalAcknowledgedV1Data = {
  /**
   * The consent that was withdrawn; null for every consent of the case.
   */
  readonly consentId: string | null;
  /**
   * What it destroyed.
   */
  readonly destroyed: readonly ('CONSENT_RECORD' | 'REFERRAL_RECORD' | 'CASE_FILE' | 'IDENTITY' | 'ATTACHMENTS')[];
  /**
   * What it keeps.
   */
  readonly retained: readonly {
    /**
     * What.
     */
    readonly category: 'CONSENT_RECORD' | 'REFERRAL_RECORD' | 'CASE_FILE' | 'IDENTITY' | 'ATTACHMENTS';
    /**
     * On which basis.
     */
    readonly legalBasis:
      | 'PROOF_OF_CONSENT'
      | 'OPEN_PROCEDURE'
      | 'PUBLIC_RECORD'
      | 'LEGAL_CLAIMS'
      | 'CHILD_PROTECTION'
      | 'VITAL_INTEREST'
      | 'LEGAL_HOLD';
    /**
     * Last day, YYYY-MM-DD; null while the basis lasts.
     */
    readonly until: string | null;
  }[];
};

/** JSON Schema of `WithdrawalAcknowledgedV1Data`. */
export const withdrawalAcknowledgedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:withdrawal-acknowledged:v1',
  title: 'WithdrawalAcknowledged',
  description:
    'An agency says what it destroyed and what it keeps after a withdrawal, and on which legal basis (architecture.md §5). Said again when that changes.',
  'x-class': 'consent',
  type: 'object',
  additionalProperties: false,
  required: ['consentId', 'destroyed', 'retained'],
  properties: {
    consentId: {
      description: 'The consent that was withdrawn; null for every consent of the case.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    destroyed: {
      description: 'What it destroyed.',
      type: 'array',
      items: { type: 'string', enum: ['CONSENT_RECORD', 'REFERRAL_RECORD', 'CASE_FILE', 'IDENTITY', 'ATTACHMENTS'] },
      uniqueItems: true,
    },
    retained: {
      description: 'What it keeps.',
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['category', 'legalBasis', 'until'],
        properties: {
          category: {
            description: 'What.',
            type: 'string',
            enum: ['CONSENT_RECORD', 'REFERRAL_RECORD', 'CASE_FILE', 'IDENTITY', 'ATTACHMENTS'],
          },
          legalBasis: {
            description: 'On which basis.',
            type: 'string',
            enum: [
              'PROOF_OF_CONSENT',
              'OPEN_PROCEDURE',
              'PUBLIC_RECORD',
              'LEGAL_CLAIMS',
              'CHILD_PROTECTION',
              'VITAL_INTEREST',
              'LEGAL_HOLD',
            ],
          },
          until: {
            description: 'Last day, YYYY-MM-DD; null while the basis lasts.',
            type: ['string', 'null'],
            pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
          },
        },
      },
    },
  },
  examples: [
    {
      consentId: '00000000-0000-4000-8000-000000000001',
      destroyed: ['IDENTITY'],
      retained: [
        { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null },
        { category: 'CASE_FILE', legalBasis: 'PUBLIC_RECORD', until: '2036-12-31' },
      ],
    },
  ],
} as const;
