// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency does not erase the case yet, and why (architecture.md §5). It looks again on its own.
 */
export type ErasurePostponedV1Data = {
  /**
   * The order.
   */
  readonly erasureId: string;
  /**
   * What it waits for.
   */
  readonly reason: 'OPEN_HOLD' | 'DEPARTURE' | 'OPEN_REFERRAL' | 'LEGAL_HOLD';
  /**
   * When it looks again at the latest, UTC.
   */
  readonly reviewOn: string;
  /**
   * When this was decided, UTC.
   */
  readonly postponedAt: string;
};

/** JSON Schema of `ErasurePostponedV1Data`. */
export const erasurePostponedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:erasure-postponed:v1',
  title: 'ErasurePostponed',
  description: 'An agency does not erase the case yet, and why (architecture.md §5). It looks again on its own.',
  'x-class': 'erasure',
  type: 'object',
  additionalProperties: false,
  required: ['erasureId', 'reason', 'reviewOn', 'postponedAt'],
  properties: {
    erasureId: { description: 'The order.', type: 'string', format: 'uuid' },
    reason: {
      description: 'What it waits for.',
      type: 'string',
      enum: ['OPEN_HOLD', 'DEPARTURE', 'OPEN_REFERRAL', 'LEGAL_HOLD'],
    },
    reviewOn: {
      description: 'When it looks again at the latest, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
    postponedAt: { description: 'When this was decided, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      erasureId: '00000000-0000-4000-8000-000000000001',
      reason: 'LEGAL_HOLD',
      reviewOn: '2027-03-01T00:00:00.000Z',
      postponedAt: '2026-12-01T15:00:01.000Z',
    },
  ],
} as const;
