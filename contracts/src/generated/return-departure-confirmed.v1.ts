// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The person left by voluntary return, under a warrant of the gate (INV-02).
 */
export type ReturnDepartureConfirmedV1Data = {
  /**
   * The return case.
   */
  readonly returnCaseId: string;
  /**
   * The consent that it rests on.
   */
  readonly version: number;
  /**
   * When, UTC.
   */
  readonly departedAt: string;
};

/** JSON Schema of `ReturnDepartureConfirmedV1Data`. */
export const returnDepartureConfirmedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:return-departure-confirmed:v1',
  title: 'ReturnDepartureConfirmed',
  description: 'The person left by voluntary return, under a warrant of the gate (INV-02).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['returnCaseId', 'version', 'departedAt'],
  properties: {
    returnCaseId: { description: 'The return case.', type: 'string', format: 'uuid' },
    version: { description: 'The consent that it rests on.', type: 'integer', minimum: 1 },
    departedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    { returnCaseId: '00000000-0000-4000-8000-000000000007', version: 1, departedAt: '2026-12-01T15:00:00.000Z' },
  ],
} as const;
