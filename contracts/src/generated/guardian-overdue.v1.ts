// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A child alone was not given a guardian in time (domain.md §3). One is to be appointed all the same.
 */
export type GuardianOverdueV1Data = {
  /**
   * The case of the child at that agency.
   */
  readonly childCaseId: string;
  /**
   * Until when one was to be appointed, UTC.
   */
  readonly dueAt: string;
};

/** JSON Schema of `GuardianOverdueV1Data`. */
export const guardianOverdueV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:guardian-overdue:v1',
  title: 'GuardianOverdue',
  description: 'A child alone was not given a guardian in time (domain.md §3). One is to be appointed all the same.',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['childCaseId', 'dueAt'],
  properties: {
    childCaseId: { description: 'The case of the child at that agency.', type: 'string', format: 'uuid' },
    dueAt: {
      description: 'Until when one was to be appointed, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [{ childCaseId: '00000000-0000-4000-8000-000000000009', dueAt: '2026-12-01T15:00:00.000Z' }],
} as const;
