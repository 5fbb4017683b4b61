// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A service that an agency offers, with this capacity from now on.
 */
export type ServiceListedV1Data = {
  /**
   * The service.
   */
  readonly serviceId: string;
  /**
   * Agency that offers it.
   */
  readonly agencyId: string;
  /**
   * Referral service type.
   */
  readonly type:
    | 'TRAFFICKING_SCREENING'
    | 'ASYLUM'
    | 'SHELTER'
    | 'HEALTH'
    | 'PSYCHOSOCIAL'
    | 'LEGAL_AID'
    | 'LIVELIHOOD'
    | 'CHILD_PROTECTION'
    | 'FAMILY_MEDIATION'
    | 'FAMILY_REUNIFICATION'
    | 'EDUCATION'
    | 'NON_FOOD_ITEMS'
    | 'WATER_SANITATION'
    | 'DOCUMENTATION'
    | 'FOOD'
    | 'POLICE_PROTECTION'
    | 'INTERPRETATION';
  /**
   * Public name of the service.
   */
  readonly name: string;
  /**
   * ISO 639-3 codes of the languages served.
   *
   * @maxItems 50
   */
  readonly languages: readonly string[];
  /**
   * ISO 3166-1 alpha-2 codes of the countries served.
   *
   * @maxItems 50
   */
  readonly areas: readonly string[];
  /**
   * Whether it can take people on.
   */
  readonly capacity: 'AVAILABLE' | 'WAITLIST' | 'FULL';
};

/** JSON Schema of `ServiceListedV1Data`. */
export const serviceListedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:service-listed:v1',
  title: 'ServiceListed',
  description: 'A service that an agency offers, with this capacity from now on.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['serviceId', 'agencyId', 'type', 'name', 'languages', 'areas', 'capacity'],
  properties: {
    serviceId: { description: 'The service.', type: 'string', format: 'uuid' },
    agencyId: {
      description: 'Agency that offers it.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    type: {
      description: 'Referral service type.',
      type: 'string',
      enum: [
        'TRAFFICKING_SCREENING',
        'ASYLUM',
        'SHELTER',
        'HEALTH',
        'PSYCHOSOCIAL',
        'LEGAL_AID',
        'LIVELIHOOD',
        'CHILD_PROTECTION',
        'FAMILY_MEDIATION',
        'FAMILY_REUNIFICATION',
        'EDUCATION',
        'NON_FOOD_ITEMS',
        'WATER_SANITATION',
        'DOCUMENTATION',
        'FOOD',
        'POLICE_PROTECTION',
        'INTERPRETATION',
      ],
    },
    name: { description: 'Public name of the service.', type: 'string', minLength: 1, maxLength: 200 },
    languages: {
      description: 'ISO 639-3 codes of the languages served.',
      type: 'array',
      items: { type: 'string', pattern: '^[a-z]{3}$' },
      uniqueItems: true,
      maxItems: 50,
    },
    areas: {
      description: 'ISO 3166-1 alpha-2 codes of the countries served.',
      type: 'array',
      items: { type: 'string', pattern: '^[A-Z]{2}$' },
      uniqueItems: true,
      maxItems: 50,
    },
    capacity: {
      description: 'Whether it can take people on.',
      type: 'string',
      enum: ['AVAILABLE', 'WAITLIST', 'FULL'],
    },
  },
} as const;
