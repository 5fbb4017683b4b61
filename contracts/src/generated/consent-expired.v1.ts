// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A consent has ended by time (domain.md §3). It allowed nothing any more from then on, whether or not this was said.
 */
export type ConsentExpiredV1Data = {
  /**
   * The consent.
   */
  readonly consentId: string;
  /**
   * When it ended, UTC.
   */
  readonly expiredAt: string;
};

/** JSON Schema of `ConsentExpiredV1Data`. */
export const consentExpiredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:consent-expired:v1',
  title: 'ConsentExpired',
  description:
    'A consent has ended by time (domain.md §3). It allowed nothing any more from then on, whether or not this was said.',
  'x-class': 'consent',
  type: 'object',
  additionalProperties: false,
  required: ['consentId', 'expiredAt'],
  properties: {
    consentId: { description: 'The consent.', type: 'string', format: 'uuid' },
    expiredAt: { description: 'When it ended, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [{ consentId: '00000000-0000-4000-8000-000000000001', expiredAt: '2027-11-22T23:59:59.999Z' }],
} as const;
