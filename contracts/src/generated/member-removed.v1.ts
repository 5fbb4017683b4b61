// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency leaves the circle of a case (architecture.md §5): what the publisher seals from its next epoch on it cannot open. The last word in the epoch that ends, and it takes effect at once.
 */
export type MemberRemovedV1Data = {
  /**
   * Who leaves.
   */
  readonly agency: string;
  /**
   * Why.
   */
  readonly reason:
    'SERVICE_ENDED' | 'CONSENT_WITHDRAWN' | 'AGENCY_SUSPENDED' | 'AGENCY_CLOSED' | 'KEY_REVOKED' | 'ADMITTED_IN_ERROR';
  /**
   * When, UTC.
   */
  readonly leftAt: string;
};

/** JSON Schema of `MemberRemovedV1Data`. */
export const memberRemovedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:member-removed:v1',
  title: 'MemberRemoved',
  description:
    'An agency leaves the circle of a case (architecture.md §5): what the publisher seals from its next epoch on it cannot open. The last word in the epoch that ends, and it takes effect at once.',
  'x-class': 'key',
  type: 'object',
  additionalProperties: false,
  required: ['agency', 'reason', 'leftAt'],
  properties: {
    agency: { description: 'Who leaves.', type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
    reason: {
      description: 'Why.',
      type: 'string',
      enum: [
        'SERVICE_ENDED',
        'CONSENT_WITHDRAWN',
        'AGENCY_SUSPENDED',
        'AGENCY_CLOSED',
        'KEY_REVOKED',
        'ADMITTED_IN_ERROR',
      ],
    },
    leftAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [{ agency: 'cr-conatt', reason: 'CONSENT_WITHDRAWN', leftAt: '2026-12-01T15:00:00.000Z' }],
} as const;
