// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency asks the custodian of a case for it (architecture.md §6).
 */
export type TransferRequestedV1Data = {
  /**
   * The request for transfer.
   */
  readonly transferRequestId: string;
  /**
   * Agency that asks.
   */
  readonly asker: string;
  /**
   * Agency that is asked.
   */
  readonly custodian: string;
};

/** JSON Schema of `TransferRequestedV1Data`. */
export const transferRequestedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:transfer-requested:v1',
  title: 'TransferRequested',
  description: 'An agency asks the custodian of a case for it (architecture.md §6).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['transferRequestId', 'asker', 'custodian'],
  properties: {
    transferRequestId: { description: 'The request for transfer.', type: 'string', format: 'uuid' },
    asker: {
      description: 'Agency that asks.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    custodian: {
      description: 'Agency that is asked.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
  },
  examples: [
    { transferRequestId: '00000000-0000-4000-8000-000000000001', asker: 'cr-conatt', custodian: 'cr-border-intake' },
  ],
} as const;
