// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The person is safe enough to be screened (domain.md §2.4).
 */
export type ImmediateSafetySecuredV1Data = {
  /**
   * The screening.
   */
  readonly screeningId: string;
};

/** JSON Schema of `ImmediateSafetySecuredV1Data`. */
export const immediateSafetySecuredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:immediate-safety-secured:v1',
  title: 'ImmediateSafetySecured',
  description: 'The person is safe enough to be screened (domain.md §2.4).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['screeningId'],
  properties: { screeningId: { description: 'The screening.', type: 'string', format: 'uuid' } },
} as const;
