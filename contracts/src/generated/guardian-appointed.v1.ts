// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A child has a guardian (domain.md §2.5): somebody independent, without a conflict of interest. It says nothing of who that is; that the child may leave is not said by it.
 */
export type GuardianAppointedV1Data = {
  /**
   * The case of the child at that agency.
   */
  readonly childCaseId: string;
  /**
   * When, UTC.
   */
  readonly appointedAt: string;
};

/** JSON Schema of `GuardianAppointedV1Data`. */
export const guardianAppointedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:guardian-appointed:v1',
  title: 'GuardianAppointed',
  description:
    'A child has a guardian (domain.md §2.5): somebody independent, without a conflict of interest. It says nothing of who that is; that the child may leave is not said by it.',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['childCaseId', 'appointedAt'],
  properties: {
    childCaseId: { description: 'The case of the child at that agency.', type: 'string', format: 'uuid' },
    appointedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [{ childCaseId: '00000000-0000-4000-8000-000000000009', appointedAt: '2026-12-01T15:00:00.000Z' }],
} as const;
