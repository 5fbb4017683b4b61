/**
 * JSON Schema of `ContractPayload` around its data: what all payloads share. Unknown keys are allowed here, so that a newer
 * frame stays readable.
 */
export const payloadFrameSchema = {
  type: 'object',
  required: [
    'type',
    'schemaVersion',
    'caseId',
    'data',
    'occurredAt',
    'recordedAt',
    'stream',
    'version',
    'publishedHead',
    'privateHead',
    'correlationId',
    'causation',
    'clock',
  ],
  properties: {
    type: { type: 'string', pattern: '^[A-Z][A-Za-z0-9]*$', maxLength: 100 },
    schemaVersion: { type: 'integer', minimum: 1 },
    caseId: { type: ['string', 'null'], format: 'uuid' },
    data: { type: 'object' },
    occurredAt: { type: 'string', format: 'date-time' },
    recordedAt: { type: 'string', format: 'date-time' },
    stream: { type: 'string', minLength: 1, maxLength: 200 },
    version: { type: 'integer', minimum: 1 },
    publishedHead: { type: 'string', pattern: '^[0-9a-f]*$', maxLength: 64 },
    privateHead: { type: 'string', pattern: '^[0-9a-f]*$', maxLength: 64 },
    correlationId: { type: 'string', maxLength: 200 },
    causation: {
      type: ['object', 'null'],
      required: ['source', 'id'],
      properties: { source: { type: 'string', maxLength: 60 }, id: { type: 'string', format: 'uuid' } },
    },
    clock: { type: 'string', pattern: '^\\d{13}-\\d{6}$' },
  },
} as const;
