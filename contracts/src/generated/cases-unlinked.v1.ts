// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Two officers of the publisher have found that it had linked the cases of two persons: what it said in CasesLinked is over. Links that others have said stand. Published to all who were told of the link.
 */
export type CasesUnlinkedV1Data = {
  /**
   * Of these two cases at the publisher, the same whenever it speaks of them.
   */
  readonly linkId: string;
  /**
   * The other case of the person; the one that the event is of stands where it does for every event.
   */
  readonly linkedCaseId: string;
  /**
   * How often the publisher has linked and unlinked these two: the greatest that was heard counts, whatever comes first.
   */
  readonly revision: number;
  /**
   * When it was decided, UTC.
   */
  readonly unlinkedAt: string;
};

/** JSON Schema of `CasesUnlinkedV1Data`. */
export const casesUnlinkedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:cases-unlinked:v1',
  title: 'CasesUnlinked',
  description:
    'Two officers of the publisher have found that it had linked the cases of two persons: what it said in CasesLinked is over. Links that others have said stand. Published to all who were told of the link.',
  'x-class': 'hold',
  type: 'object',
  additionalProperties: false,
  required: ['linkId', 'linkedCaseId', 'revision', 'unlinkedAt'],
  properties: {
    linkId: {
      description: 'Of these two cases at the publisher, the same whenever it speaks of them.',
      type: 'string',
      format: 'uuid',
    },
    linkedCaseId: {
      description: 'The other case of the person; the one that the event is of stands where it does for every event.',
      type: 'string',
      format: 'uuid',
    },
    revision: {
      description:
        'How often the publisher has linked and unlinked these two: the greatest that was heard counts, whatever comes first.',
      type: 'integer',
      minimum: 1,
      maximum: 1000000,
    },
    unlinkedAt: { description: 'When it was decided, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      linkId: '00000000-0000-4000-8000-000000000001',
      linkedCaseId: '00000000-0000-4000-8000-000000000002',
      revision: 2,
      unlinkedAt: '2026-12-03T15:00:00.000Z',
    },
  ],
} as const;
