// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An offer key is destroyed before its time, since something of an erased case was sealed to it (architecture.md §5). What its senders published later than is said here was not received: they send it again, to the next key.
 */
export type OfferKeyRetiredV1Data = {
  /**
   * Name of the key.
   */
  readonly keyId: string;
  /**
   * How far each agency was received.
   *
   * @maxItems 1000
   *
   * Items: An agency.
   */
  readonly receivedThrough: readonly {
    /**
     * The sender.
     */
    readonly agency: string;
    /**
     * Its last number that was received.
     */
    readonly number: number;
  }[];
};

/** JSON Schema of `OfferKeyRetiredV1Data`. */
export const offerKeyRetiredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:offer-key-retired:v1',
  title: 'OfferKeyRetired',
  description:
    'An offer key is destroyed before its time, since something of an erased case was sealed to it (architecture.md §5). What its senders published later than is said here was not received: they send it again, to the next key.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['keyId', 'receivedThrough'],
  properties: {
    keyId: { description: 'Name of the key.', type: 'string', pattern: '^[!-~]+$', minLength: 1, maxLength: 100 },
    receivedThrough: {
      description: 'How far each agency was received.',
      type: 'array',
      maxItems: 1000,
      items: {
        description: 'An agency.',
        type: 'object',
        additionalProperties: false,
        required: ['agency', 'number'],
        properties: {
          agency: {
            description: 'The sender.',
            type: 'string',
            pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
            maxLength: 60,
          },
          number: { description: 'Its last number that was received.', type: 'integer', minimum: 0 },
        },
      },
    },
  },
  examples: [{ keyId: 'offers-2026-11-30', receivedThrough: [{ agency: 'cr-border-intake', number: 412 }] }],
} as const;
