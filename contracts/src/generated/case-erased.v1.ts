// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Receipt of an agency: what it had of the case is destroyed, the keys in its backups included (architecture.md §5). To the agency that ordered it; names no case.
 */
export type CaseErasedV1Data = {
  /**
   * The order.
   */
  readonly erasureId: string;
  /**
   * SHA-256 hex over the ids of the keys that were destroyed, in order, each ended by a line feed.
   */
  readonly keysDigest: string;
  /**
   * How much was destroyed.
   */
  readonly destroyed: {
    /**
     * Keys of the case, own ones and granted ones.
     */
    readonly keys: number;
    /**
     * Rows of read models and cells of the vault.
     */
    readonly rows: number;
    /**
     * Texts that were kept plain, from before they were encrypted.
     */
    readonly texts: number;
  };
  /**
   * Agencies that it passed the order on to: they owe a receipt too.
   */
  readonly passedOnTo: readonly string[];
  /**
   * When, UTC.
   */
  readonly erasedAt: string;
};

/** JSON Schema of `CaseErasedV1Data`. */
export const caseErasedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:case-erased:v1',
  title: 'CaseErased',
  description:
    'Receipt of an agency: what it had of the case is destroyed, the keys in its backups included (architecture.md §5). To the agency that ordered it; names no case.',
  'x-class': 'erasure',
  type: 'object',
  additionalProperties: false,
  required: ['erasureId', 'keysDigest', 'destroyed', 'passedOnTo', 'erasedAt'],
  properties: {
    erasureId: { description: 'The order.', type: 'string', format: 'uuid' },
    keysDigest: {
      description: 'SHA-256 hex over the ids of the keys that were destroyed, in order, each ended by a line feed.',
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
    },
    destroyed: {
      description: 'How much was destroyed.',
      type: 'object',
      additionalProperties: false,
      required: ['keys', 'rows', 'texts'],
      properties: {
        keys: { description: 'Keys of the case, own ones and granted ones.', type: 'integer', minimum: 0 },
        rows: { description: 'Rows of read models and cells of the vault.', type: 'integer', minimum: 0 },
        texts: {
          description: 'Texts that were kept plain, from before they were encrypted.',
          type: 'integer',
          minimum: 0,
        },
      },
    },
    passedOnTo: {
      description: 'Agencies that it passed the order on to: they owe a receipt too.',
      type: 'array',
      items: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
      uniqueItems: true,
    },
    erasedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      erasureId: '00000000-0000-4000-8000-000000000001',
      keysDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      destroyed: { keys: 8, rows: 3, texts: 0 },
      passedOnTo: ['cr-ombudsman'],
      erasedAt: '2026-12-01T15:00:02.000Z',
    },
  ],
} as const;
