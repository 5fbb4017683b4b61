// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agreement between agencies, or a written procedure of theirs, with these terms from now on (domain.md §2.10).
 */
export type AgreementListedV1Data = {
  /**
   * The agreement.
   */
  readonly agreementId: string;
  /**
   * What kind it is.
   */
  readonly kind: 'BILATERAL' | 'TRIPARTITE' | 'COALITION' | 'DATA_SHARING' | 'REFERRAL_PROCEDURE';
  /**
   * Public name of the agreement.
   */
  readonly name: string;
  /**
   * Agencies that are bound by it.
   *
   * @minItems 2
   * @maxItems 100
   *
   * Items: A party.
   */
  readonly parties: readonly string[];
  /**
   * What it lets its parties do with each other.
   *
   * @minItems 1
   * @maxItems 4
   */
  readonly purposes: readonly ('REFERRAL' | 'TRANSFER' | 'CONSULTATION' | 'STATISTICS')[];
  /**
   * First day on which it is in force.
   */
  readonly validFrom: string;
  /**
   * Last day; null when it has no end.
   */
  readonly validThrough: string | null;
  /**
   * Version of the written procedure; null when it is none.
   */
  readonly procedureVersion: string | null;
  /**
   * Whether it is suspended.
   */
  readonly suspended: boolean;
};

/** JSON Schema of `AgreementListedV1Data`. */
export const agreementListedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:agreement-listed:v1',
  title: 'AgreementListed',
  description:
    'An agreement between agencies, or a written procedure of theirs, with these terms from now on (domain.md §2.10).',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: [
    'agreementId',
    'kind',
    'name',
    'parties',
    'purposes',
    'validFrom',
    'validThrough',
    'procedureVersion',
    'suspended',
  ],
  properties: {
    agreementId: { description: 'The agreement.', type: 'string', format: 'uuid' },
    kind: {
      description: 'What kind it is.',
      type: 'string',
      enum: ['BILATERAL', 'TRIPARTITE', 'COALITION', 'DATA_SHARING', 'REFERRAL_PROCEDURE'],
    },
    name: { description: 'Public name of the agreement.', type: 'string', minLength: 1, maxLength: 200 },
    parties: {
      description: 'Agencies that are bound by it.',
      type: 'array',
      items: { description: 'A party.', type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
      uniqueItems: true,
      maxItems: 100,
      minItems: 2,
    },
    purposes: {
      description: 'What it lets its parties do with each other.',
      type: 'array',
      items: { type: 'string', enum: ['REFERRAL', 'TRANSFER', 'CONSULTATION', 'STATISTICS'] },
      uniqueItems: true,
      maxItems: 4,
      minItems: 1,
    },
    validFrom: {
      description: 'First day on which it is in force.',
      type: 'string',
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
    },
    validThrough: {
      description: 'Last day; null when it has no end.',
      type: ['string', 'null'],
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
    },
    procedureVersion: {
      description: 'Version of the written procedure; null when it is none.',
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 60,
    },
    suspended: { description: 'Whether it is suspended.', type: 'boolean' },
  },
  examples: [
    {
      agreementId: '00000000-0000-4000-8000-000000000021',
      kind: 'DATA_SHARING',
      name: 'Intercambio de datos Costa Rica–México (muestra)',
      parties: ['cr-conatt', 'mx-comar'],
      purposes: ['REFERRAL', 'TRANSFER'],
      validFrom: '2026-01-01',
      validThrough: '2028-12-31',
      procedureVersion: '2.1',
      suspended: false,
    },
  ],
} as const;
