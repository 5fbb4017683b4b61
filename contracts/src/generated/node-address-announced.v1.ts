// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Where the publisher's node is asked by other agencies beside the log (architecture.md §7, Clearance). Who answers there is proved by its signature.
 */
export type NodeAddressAnnouncedV1Data = {
  /**
   * Base address of the node, http or https, without credentials, query or fragment.
   */
  readonly url: string;
};

/** JSON Schema of `NodeAddressAnnouncedV1Data`. */
export const nodeAddressAnnouncedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:node-address-announced:v1',
  title: 'NodeAddressAnnounced',
  description:
    "Where the publisher's node is asked by other agencies beside the log (architecture.md §7, Clearance). Who answers there is proved by its signature.",
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      description: 'Base address of the node, http or https, without credentials, query or fragment.',
      type: 'string',
      pattern: '^https?://[!-~]+$',
      minLength: 8,
      maxLength: 300,
    },
  },
  examples: [{ url: 'https://asylum.refugee-unit.example' }],
} as const;
