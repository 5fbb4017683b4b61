// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A child has no guardian any more, until the next one is appointed (domain.md §2.5).
 */
export type GuardianEndedV1Data = {
  /**
   * The case of the child at that agency.
   */
  readonly childCaseId: string;
  /**
   * When, UTC.
   */
  readonly endedAt: string;
};

/** JSON Schema of `GuardianEndedV1Data`. */
export const guardianEndedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:guardian-ended:v1',
  title: 'GuardianEnded',
  description: 'A child has no guardian any more, until the next one is appointed (domain.md §2.5).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['childCaseId', 'endedAt'],
  properties: {
    childCaseId: { description: 'The case of the child at that agency.', type: 'string', format: 'uuid' },
    endedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [{ childCaseId: '00000000-0000-4000-8000-000000000009', endedAt: '2026-12-01T15:00:00.000Z' }],
} as const;
