// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Somebody applied for a voluntary return (domain.md §2.6). It says nothing of where to; that it is voluntary is not established by it.
 */
export type ReturnApplicationSubmittedV1Data = {
  /**
   * The return case.
   */
  readonly returnCaseId: string;
  /**
   * When, UTC.
   */
  readonly submittedAt: string;
};

/** JSON Schema of `ReturnApplicationSubmittedV1Data`. */
export const returnApplicationSubmittedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:return-application-submitted:v1',
  title: 'ReturnApplicationSubmitted',
  description:
    'Somebody applied for a voluntary return (domain.md §2.6). It says nothing of where to; that it is voluntary is not established by it.',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['returnCaseId', 'submittedAt'],
  properties: {
    returnCaseId: { description: 'The return case.', type: 'string', format: 'uuid' },
    submittedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [{ returnCaseId: '00000000-0000-4000-8000-000000000007', submittedAt: '2026-12-01T15:00:00.000Z' }],
} as const;
