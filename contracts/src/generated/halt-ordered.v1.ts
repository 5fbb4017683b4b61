// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An authority has placed a hold while a gate may let the person leave: the gate voids what it has, asks this authority from now on, and answers (architecture.md §7). Published once for the circle and once for the gate alone.
 */
export type HaltOrderedV1Data = {
  /**
   * The hold that the gate has to wait for. Which hold it is, is not said (INV-17).
   */
  readonly holdId: string;
  /**
   * The agency that has to answer.
   */
  readonly gate: string;
  /**
   * Clearances of the publisher that carry nothing from now on. Empty where it knows of none: the gate had not asked it, or what it gave was forgotten.
   *
   * @maxItems 1000
   */
  readonly clearanceIds: readonly string[];
  /**
   * When the hold was placed, UTC.
   */
  readonly since: string;
};

/** JSON Schema of `HaltOrderedV1Data`. */
export const haltOrderedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:halt-ordered:v1',
  title: 'HaltOrdered',
  description:
    'An authority has placed a hold while a gate may let the person leave: the gate voids what it has, asks this authority from now on, and answers (architecture.md §7). Published once for the circle and once for the gate alone.',
  'x-class': 'clearance',
  type: 'object',
  additionalProperties: false,
  required: ['holdId', 'gate', 'clearanceIds', 'since'],
  properties: {
    holdId: {
      description: 'The hold that the gate has to wait for. Which hold it is, is not said (INV-17).',
      type: 'string',
      format: 'uuid',
    },
    gate: {
      description: 'The agency that has to answer.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    clearanceIds: {
      description:
        'Clearances of the publisher that carry nothing from now on. Empty where it knows of none: the gate had not asked it, or what it gave was forgotten.',
      type: 'array',
      items: { type: 'string', format: 'uuid' },
      uniqueItems: true,
      maxItems: 1000,
    },
    since: { description: 'When the hold was placed, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      holdId: '00000000-0000-4000-8000-000000000001',
      gate: 'cr-border-intake',
      clearanceIds: ['00000000-0000-4000-8000-000000000003'],
      since: '2026-12-01T15:00:00.000Z',
    },
  ],
} as const;
