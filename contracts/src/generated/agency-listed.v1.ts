// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency takes part, with this name and status from now on (architecture.md §1).
 */
export type AgencyListedV1Data = {
  /**
   * The agency.
   */
  readonly agencyId: string;
  /**
   * Public name of the organisation.
   */
  readonly name: string;
  /**
   * What it does.
   */
  readonly kind:
    | 'INTAKE'
    | 'ASYLUM'
    | 'COUNTER_TRAFFICKING'
    | 'CHILD_PROTECTION'
    | 'PROFILING'
    | 'RETURN'
    | 'OVERSIGHT'
    | 'DIRECTORY'
    | 'SERVICE_PROVIDER';
  /**
   * ISO 3166-1 alpha-2 code; null for a regional agency.
   */
  readonly jurisdiction: string | null;
  /**
   * Whether it takes part.
   */
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
};

/** JSON Schema of `AgencyListedV1Data`. */
export const agencyListedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agency-listed:v1',
  title: 'AgencyListed',
  description: 'An agency takes part, with this name and status from now on (architecture.md §1).',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['agencyId', 'name', 'kind', 'jurisdiction', 'status'],
  properties: {
    agencyId: { description: 'The agency.', type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
    name: { description: 'Public name of the organisation.', type: 'string', minLength: 1, maxLength: 200 },
    kind: {
      description: 'What it does.',
      type: 'string',
      enum: [
        'INTAKE',
        'ASYLUM',
        'COUNTER_TRAFFICKING',
        'CHILD_PROTECTION',
        'PROFILING',
        'RETURN',
        'OVERSIGHT',
        'DIRECTORY',
        'SERVICE_PROVIDER',
      ],
    },
    jurisdiction: {
      description: 'ISO 3166-1 alpha-2 code; null for a regional agency.',
      type: ['string', 'null'],
      pattern: '^[A-Z]{2}$',
    },
    status: { description: 'Whether it takes part.', type: 'string', enum: ['ACTIVE', 'SUSPENDED', 'CLOSED'] },
  },
} as const;
