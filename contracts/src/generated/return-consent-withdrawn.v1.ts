// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The person does not want to return any more. Why, and to whom it was said, stays at the agency.
 */
export type ReturnConsentWithdrawnV1Data = {
  /**
   * The return case.
   */
  readonly returnCaseId: string;
  /**
   * Which consent of the case; null when none had been signed.
   */
  readonly version: number | null;
  /**
   * When, UTC.
   */
  readonly withdrawnAt: string;
};

/** JSON Schema of `ReturnConsentWithdrawnV1Data`. */
export const returnConsentWithdrawnV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:return-consent-withdrawn:v1',
  title: 'ReturnConsentWithdrawn',
  description: 'The person does not want to return any more. Why, and to whom it was said, stays at the agency.',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['returnCaseId', 'version', 'withdrawnAt'],
  properties: {
    returnCaseId: { description: 'The return case.', type: 'string', format: 'uuid' },
    version: {
      description: 'Which consent of the case; null when none had been signed.',
      type: ['integer', 'null'],
      minimum: 1,
    },
    withdrawnAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    { returnCaseId: '00000000-0000-4000-8000-000000000007', version: 1, withdrawnAt: '2026-12-01T15:00:00.000Z' },
  ],
} as const;
