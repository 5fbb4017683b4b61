// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The person consented to the return, informed and interpreted. It counts for nothing before its cooling-off is over and an officer has confirmed it (INV-14).
 */
export type VoluntaryConsentSignedV1Data = {
  /**
   * The return case.
   */
  readonly returnCaseId: string;
  /**
   * Which consent of the case, from 1.
   */
  readonly version: number;
  /**
   * When, UTC.
   */
  readonly signedAt: string;
  /**
   * Until when it does not count, UTC.
   */
  readonly coolingUntil: string;
  /**
   * From when on it is not current any more, UTC.
   */
  readonly validUntil: string;
};

/** JSON Schema of `VoluntaryConsentSignedV1Data`. */
export const voluntaryConsentSignedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:voluntary-consent-signed:v1',
  title: 'VoluntaryConsentSigned',
  description:
    'The person consented to the return, informed and interpreted. It counts for nothing before its cooling-off is over and an officer has confirmed it (INV-14).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['returnCaseId', 'version', 'signedAt', 'coolingUntil', 'validUntil'],
  properties: {
    returnCaseId: { description: 'The return case.', type: 'string', format: 'uuid' },
    version: { description: 'Which consent of the case, from 1.', type: 'integer', minimum: 1 },
    signedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
    coolingUntil: {
      description: 'Until when it does not count, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
    validUntil: {
      description: 'From when on it is not current any more, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [
    {
      returnCaseId: '00000000-0000-4000-8000-000000000007',
      version: 1,
      signedAt: '2026-12-01T15:00:00.000Z',
      coolingUntil: '2026-12-03T15:00:00.000Z',
      validUntil: '2027-12-01T23:59:59.999Z',
    },
  ],
} as const;
