// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Every agency that has anything of the case destroys its keys and what it keeps (architecture.md §5, INV-22), and answers with CaseErased. It takes effect before what it waits for (architecture.md §3).
 */
export type ErasureOrderedV1Data = {
  /**
   * Of the order, random: receipts name it and no case.
   */
  readonly erasureId: string;
  /**
   * Who ordered it and gets the receipts; another than the publisher where that passes it on to its own circle.
   */
  readonly orderedBy: string;
  /**
   * Why.
   */
  readonly basis: 'PERSON_REQUEST' | 'RETENTION_OVER' | 'ENTERED_IN_ERROR' | 'COURT_ORDER';
  /**
   * When, UTC.
   */
  readonly orderedAt: string;
};

/** JSON Schema of `ErasureOrderedV1Data`. */
export const erasureOrderedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:erasure-ordered:v1',
  title: 'ErasureOrdered',
  description:
    'Every agency that has anything of the case destroys its keys and what it keeps (architecture.md §5, INV-22), and answers with CaseErased. It takes effect before what it waits for (architecture.md §3).',
  'x-class': 'erasure',
  type: 'object',
  additionalProperties: false,
  required: ['erasureId', 'orderedBy', 'basis', 'orderedAt'],
  properties: {
    erasureId: { description: 'Of the order, random: receipts name it and no case.', type: 'string', format: 'uuid' },
    orderedBy: {
      description:
        'Who ordered it and gets the receipts; another than the publisher where that passes it on to its own circle.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    basis: {
      description: 'Why.',
      type: 'string',
      enum: ['PERSON_REQUEST', 'RETENTION_OVER', 'ENTERED_IN_ERROR', 'COURT_ORDER'],
    },
    orderedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      erasureId: '00000000-0000-4000-8000-000000000001',
      orderedBy: 'cr-border-intake',
      basis: 'PERSON_REQUEST',
      orderedAt: '2026-12-01T15:00:00.000Z',
    },
  ],
} as const;
