// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The publishing agency's store was restored from an older copy; it took its own events back in and goes on after them under a new incarnation (architecture.md §3, point 6).
 */
export type IncarnationStartedV1Data = {
  /**
   * The agency, which is also the one that publishes this.
   */
  readonly agencyId: string;
  /**
   * The incarnation that begins with this event; greater than every one before.
   */
  readonly incarnation: number;
  /**
   * Greatest incarnation that the agency found in its own topic and store.
   */
  readonly previousIncarnation: number;
  /**
   * The agency's log as it was found: everything up to this event.
   */
  readonly head: {
    /**
     * Last number of the previous incarnation that stands.
     */
    readonly number: number;
    /**
     * RFC 6962 root over the events up to this number, hex.
     */
    readonly treeHead: string;
  };
  /**
   * Last number that the restored copy itself knew as given.
   */
  readonly restoredThrough: number;
  /**
   * How many published events were taken back in whose private work was lost.
   */
  readonly lostEvents: number;
};

/** JSON Schema of `IncarnationStartedV1Data`. */
export const incarnationStartedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:incarnation-started:v1',
  title: 'IncarnationStarted',
  description:
    "The publishing agency's store was restored from an older copy; it took its own events back in and goes on after them under a new incarnation (architecture.md §3, point 6).",
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['agencyId', 'incarnation', 'previousIncarnation', 'head', 'restoredThrough', 'lostEvents'],
  properties: {
    agencyId: {
      description: 'The agency, which is also the one that publishes this.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    incarnation: {
      description: 'The incarnation that begins with this event; greater than every one before.',
      type: 'integer',
      minimum: 2,
    },
    previousIncarnation: {
      description: 'Greatest incarnation that the agency found in its own topic and store.',
      type: 'integer',
      minimum: 1,
    },
    head: {
      description: "The agency's log as it was found: everything up to this event.",
      type: 'object',
      additionalProperties: false,
      required: ['number', 'treeHead'],
      properties: {
        number: { description: 'Last number of the previous incarnation that stands.', type: 'integer', minimum: 0 },
        treeHead: {
          description: 'RFC 6962 root over the events up to this number, hex.',
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
        },
      },
    },
    restoredThrough: {
      description: 'Last number that the restored copy itself knew as given.',
      type: 'integer',
      minimum: 0,
    },
    lostEvents: {
      description: 'How many published events were taken back in whose private work was lost.',
      type: 'integer',
      minimum: 0,
    },
  },
} as const;
