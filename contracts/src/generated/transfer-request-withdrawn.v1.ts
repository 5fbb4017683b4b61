// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The agency that asked for a case does not wait for an answer any more: it asks anew, or does not need the case.
 */
export type TransferRequestWithdrawnV1Data = {
  /**
   * The request for transfer.
   */
  readonly transferRequestId: string;
};

/** JSON Schema of `TransferRequestWithdrawnV1Data`. */
export const transferRequestWithdrawnV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:transfer-request-withdrawn:v1',
  title: 'TransferRequestWithdrawn',
  description:
    'The agency that asked for a case does not wait for an answer any more: it asks anew, or does not need the case.',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['transferRequestId'],
  properties: { transferRequestId: { description: 'The request for transfer.', type: 'string', format: 'uuid' } },
  examples: [{ transferRequestId: '00000000-0000-4000-8000-000000000001' }],
} as const;
