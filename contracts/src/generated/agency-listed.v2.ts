// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency takes part, with this entry and status from now on (architecture.md §1).
 */
export type AgencyListedV2Data = {
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
  /**
   * What it is, which decides what it may ever be told (INV-05, INV-17).
   */
  readonly nature: 'PUBLIC_AUTHORITY' | 'ENFORCEMENT' | 'CONSULATE' | 'RETURN' | 'NGO' | 'INTERNATIONAL' | 'OVERSIGHT';
  /**
   * The State whose authority or mission it is, ISO 3166-1 alpha-2; null when it is of none.
   */
  readonly authorityOf: string | null;
  /**
   * With a node of its own, or answering by one-time links.
   */
  readonly participation: 'NODE' | 'LINK';
  /**
   * Agency that takes over its cases and holds should it be gone; null when none is named.
   */
  readonly successor: string | null;
  /**
   * ISO 639-3 codes of the languages in which it works.
   *
   * @maxItems 50
   */
  readonly languages: readonly string[];
};

/** JSON Schema of `AgencyListedV2Data`. */
export const agencyListedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agency-listed:v2',
  title: 'AgencyListed',
  description: 'An agency takes part, with this entry and status from now on (architecture.md §1).',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: [
    'agencyId',
    'name',
    'kind',
    'jurisdiction',
    'status',
    'nature',
    'authorityOf',
    'participation',
    'successor',
    'languages',
  ],
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
    nature: {
      description: 'What it is, which decides what it may ever be told (INV-05, INV-17).',
      type: 'string',
      enum: ['PUBLIC_AUTHORITY', 'ENFORCEMENT', 'CONSULATE', 'RETURN', 'NGO', 'INTERNATIONAL', 'OVERSIGHT'],
    },
    authorityOf: {
      description: 'The State whose authority or mission it is, ISO 3166-1 alpha-2; null when it is of none.',
      type: ['string', 'null'],
      pattern: '^[A-Z]{2}$',
    },
    participation: {
      description: 'With a node of its own, or answering by one-time links.',
      type: 'string',
      enum: ['NODE', 'LINK'],
    },
    successor: {
      description: 'Agency that takes over its cases and holds should it be gone; null when none is named.',
      type: ['string', 'null'],
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    languages: {
      description: 'ISO 639-3 codes of the languages in which it works.',
      type: 'array',
      items: { type: 'string', pattern: '^[a-z]{3}$' },
      uniqueItems: true,
      maxItems: 50,
    },
  },
  examples: [
    {
      agencyId: 'cr-conatt',
      name: 'Coalición Nacional contra el Tráfico Ilícito de Migrantes y la Trata de Personas',
      kind: 'COUNTER_TRAFFICKING',
      jurisdiction: 'CR',
      status: 'ACTIVE',
      nature: 'PUBLIC_AUTHORITY',
      authorityOf: 'CR',
      participation: 'NODE',
      successor: 'cr-child-agency',
      languages: ['spa', 'eng'],
    },
  ],
} as const;
