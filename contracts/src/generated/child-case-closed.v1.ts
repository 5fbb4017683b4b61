// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency of child protection closed the case of a child; never for its age alone (domain.md §2.5).
 */
export type ChildCaseClosedV1Data = {
  /**
   * The case of the child at that agency.
   */
  readonly childCaseId: string;
  /**
   * Why.
   */
  readonly reason: 'TRANSFERRED' | 'WITH_FAMILY' | 'SOLUTION_FOUND' | 'NOT_A_CHILD' | 'OF_AGE' | 'DECEASED';
  /**
   * What follows (INV-19).
   */
  readonly nextStep:
    | 'RECEIVING_AUTHORITY'
    | 'FOLLOW_UP_VISITS'
    | 'ADULT_SERVICES'
    | 'TRANSITION_PLAN'
    | 'OTHER_PROCEDURES'
    | 'FAMILY_TOLD';
  /**
   * When, UTC.
   */
  readonly closedAt: string;
};

/** JSON Schema of `ChildCaseClosedV1Data`. */
export const childCaseClosedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:child-case-closed:v1',
  title: 'ChildCaseClosed',
  description: 'An agency of child protection closed the case of a child; never for its age alone (domain.md §2.5).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['childCaseId', 'reason', 'nextStep', 'closedAt'],
  properties: {
    childCaseId: { description: 'The case of the child at that agency.', type: 'string', format: 'uuid' },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: ['TRANSFERRED', 'WITH_FAMILY', 'SOLUTION_FOUND', 'NOT_A_CHILD', 'OF_AGE', 'DECEASED'],
    },
    nextStep: {
      description: 'What follows (INV-19).',
      type: 'string',
      enum: [
        'RECEIVING_AUTHORITY',
        'FOLLOW_UP_VISITS',
        'ADULT_SERVICES',
        'TRANSITION_PLAN',
        'OTHER_PROCEDURES',
        'FAMILY_TOLD',
      ],
    },
    closedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      childCaseId: '00000000-0000-4000-8000-000000000009',
      reason: 'WITH_FAMILY',
      nextStep: 'FOLLOW_UP_VISITS',
      closedAt: '2026-12-01T15:00:00.000Z',
    },
  ],
} as const;
