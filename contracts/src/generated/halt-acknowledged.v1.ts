// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A gate answers a halt: nobody leaves by these clearances, or the person had left before it was heard (architecture.md §7). Published once for the circle and once for the authority alone.
 */
export type HaltAcknowledgedV1Data = {
  /**
   * The hold that the halt was ordered for.
   */
  readonly holdId: string;
  /**
   * The agency that ordered it.
   */
  readonly authority: string;
  /**
   * Clearances that the halt named.
   *
   * @maxItems 1000
   */
  readonly clearanceIds: readonly string[];
  /**
   * VOIDED: no warrant rests on them any more. DEPARTED: the person has left.
   */
  readonly outcome: 'VOIDED' | 'DEPARTED';
  /**
   * When the person left, by the gate's own clock, UTC. Null where nobody did.
   */
  readonly departedAt: string | null;
};

/** JSON Schema of `HaltAcknowledgedV1Data`. */
export const haltAcknowledgedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:halt-acknowledged:v1',
  title: 'HaltAcknowledged',
  description:
    'A gate answers a halt: nobody leaves by these clearances, or the person had left before it was heard (architecture.md §7). Published once for the circle and once for the authority alone.',
  'x-class': 'clearance',
  type: 'object',
  additionalProperties: false,
  required: ['holdId', 'authority', 'clearanceIds', 'outcome', 'departedAt'],
  properties: {
    holdId: { description: 'The hold that the halt was ordered for.', type: 'string', format: 'uuid' },
    authority: {
      description: 'The agency that ordered it.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    clearanceIds: {
      description: 'Clearances that the halt named.',
      type: 'array',
      items: { type: 'string', format: 'uuid' },
      uniqueItems: true,
      maxItems: 1000,
    },
    outcome: {
      description: 'VOIDED: no warrant rests on them any more. DEPARTED: the person has left.',
      type: 'string',
      enum: ['VOIDED', 'DEPARTED'],
    },
    departedAt: {
      description: "When the person left, by the gate's own clock, UTC. Null where nobody did.",
      type: ['string', 'null'],
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [
    {
      holdId: '00000000-0000-4000-8000-000000000001',
      authority: 'cr-refugee-unit',
      clearanceIds: ['00000000-0000-4000-8000-000000000003'],
      outcome: 'VOIDED',
      departedAt: null,
    },
  ],
} as const;
