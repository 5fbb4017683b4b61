// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Officers of the publisher have found that two cases are one person's (architecture.md §1): a hold of either stands against departures under both, and all is judged anew (§7). Published once under one of the two cases for its circle, and for others alone under the other, so that nobody sees two pseudonyms speak at once. It takes effect before what it waits for (§3).
 */
export type CasesLinkedV1Data = {
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
  readonly linkedAt: string;
};

/** JSON Schema of `CasesLinkedV1Data`. */
export const casesLinkedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:cases-linked:v1',
  title: 'CasesLinked',
  description:
    "Officers of the publisher have found that two cases are one person's (architecture.md §1): a hold of either stands against departures under both, and all is judged anew (§7). Published once under one of the two cases for its circle, and for others alone under the other, so that nobody sees two pseudonyms speak at once. It takes effect before what it waits for (§3).",
  'x-class': 'hold',
  type: 'object',
  additionalProperties: false,
  required: ['linkId', 'linkedCaseId', 'revision', 'linkedAt'],
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
    linkedAt: { description: 'When it was decided, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      linkId: '00000000-0000-4000-8000-000000000001',
      linkedCaseId: '00000000-0000-4000-8000-000000000002',
      revision: 1,
      linkedAt: '2026-12-01T15:00:00.000Z',
    },
  ],
} as const;
