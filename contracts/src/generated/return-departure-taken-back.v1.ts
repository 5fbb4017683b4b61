// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The door stayed shut after a departure was written: the person is still here.
 */
export type ReturnDepartureTakenBackV1Data = {
  /**
   * The return case.
   */
  readonly returnCaseId: string;
  /**
   * When, UTC.
   */
  readonly takenBackAt: string;
};

/** JSON Schema of `ReturnDepartureTakenBackV1Data`. */
export const returnDepartureTakenBackV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:return-departure-taken-back:v1',
  title: 'ReturnDepartureTakenBack',
  description: 'The door stayed shut after a departure was written: the person is still here.',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['returnCaseId', 'takenBackAt'],
  properties: {
    returnCaseId: { description: 'The return case.', type: 'string', format: 'uuid' },
    takenBackAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [{ returnCaseId: '00000000-0000-4000-8000-000000000007', takenBackAt: '2026-12-01T15:00:00.000Z' }],
} as const;
