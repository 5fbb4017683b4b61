// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The person received the information package in a language they understand (domain.md §2.1).
 */
export type RightsInformationProvidedV1Data = {
  /**
   * ISO 639-3 code of the language used.
   */
  readonly language: string;
  /**
   * How it was interpreted (INV-18).
   */
  readonly interpretation: 'NONE_NEEDED' | 'IN_PERSON' | 'REMOTE' | 'WRITTEN_ONLY';
  /**
   * Topics covered.
   *
   * @minItems 1
   */
  readonly topics: readonly (
    | 'SEEKING_ASYLUM'
    | 'VICTIM_RIGHTS'
    | 'CHILD_RIGHTS'
    | 'SERVICES'
    | 'REPORTING_ABUSE'
    | 'REGULAR_MIGRATION'
    | 'JOURNEY_RISKS'
    | 'VOLUNTARY_RETURN'
    | 'DETENTION_RIGHTS'
    | 'DATA_RIGHTS'
    | 'COSTS'
  )[];
  /**
   * Version of the information package.
   */
  readonly packageVersion: string;
};

/** JSON Schema of `RightsInformationProvidedV1Data`. */
export const rightsInformationProvidedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:rights-information-provided:v1',
  title: 'RightsInformationProvided',
  description: 'The person received the information package in a language they understand (domain.md §2.1).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['language', 'interpretation', 'topics', 'packageVersion'],
  properties: {
    language: { description: 'ISO 639-3 code of the language used.', type: 'string', pattern: '^[a-z]{3}$' },
    interpretation: {
      description: 'How it was interpreted (INV-18).',
      type: 'string',
      enum: ['NONE_NEEDED', 'IN_PERSON', 'REMOTE', 'WRITTEN_ONLY'],
    },
    topics: {
      description: 'Topics covered.',
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'SEEKING_ASYLUM',
          'VICTIM_RIGHTS',
          'CHILD_RIGHTS',
          'SERVICES',
          'REPORTING_ABUSE',
          'REGULAR_MIGRATION',
          'JOURNEY_RISKS',
          'VOLUNTARY_RETURN',
          'DETENTION_RIGHTS',
          'DATA_RIGHTS',
          'COSTS',
        ],
      },
      minItems: 1,
      uniqueItems: true,
    },
    packageVersion: {
      description: 'Version of the information package.',
      type: 'string',
      pattern: '^(?=.*\\d)[A-Za-z0-9][A-Za-z0-9._-]*$',
      maxLength: 40,
    },
  },
} as const;
