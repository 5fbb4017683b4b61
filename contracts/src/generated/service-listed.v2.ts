// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A service that an agency offers, with this entry and capacity from now on. Members that HSDS 3 has carry its names.
 */
export type ServiceListedV2Data = {
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
   * What it does, for those who refer.
   */
  readonly description: string | null;
  /**
   * Whether it is offered.
   */
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DEFUNCT' | 'TEMPORARILY_CLOSED';
  /**
   * ISO 639-3 codes of the languages served.
   *
   * @maxItems 50
   */
  readonly languages: readonly string[];
  /**
   * Where it serves; empty when it serves everywhere.
   *
   * @maxItems 200
   *
   * Items: A country, or a named part of it.
   */
  readonly service_areas: readonly {
    /**
     * ISO 3166-1 alpha-2.
     */
    readonly country: string;
    /**
     * Name of the part; null for all of the country.
     */
    readonly name: string | null;
  }[];
  /**
   * Who may use it. Empty lists and null leave nobody out.
   */
  readonly eligibility: {
    /**
     * Youngest age in completed years.
     */
    readonly minimum_age: number | null;
    /**
     * Oldest age in completed years.
     */
    readonly maximum_age: number | null;
    /**
     * Sexes served.
     *
     * @maxItems 4
     */
    readonly sexes: readonly ('FEMALE' | 'MALE' | 'OTHER' | 'UNKNOWN')[];
    /**
     * Nationalities served, ISO 3166-1 alpha-2.
     *
     * @maxItems 250
     */
    readonly nationalities: readonly string[];
    /**
     * Nationalities not served, ISO 3166-1 alpha-2.
     *
     * @maxItems 250
     */
    readonly excluded_nationalities: readonly string[];
    /**
     * Where on the way to a solution a person may stand.
     *
     * @maxItems 8
     */
    readonly stages: readonly (
      | 'FIRST_CONTACT'
      | 'PROFILING'
      | 'IN_PROCEDURE'
      | 'PROTECTION_GRANTED'
      | 'PROTECTION_REFUSED'
      | 'DURABLE_SOLUTION'
      | 'RETURN'
      | 'REINTEGRATION'
    )[];
    /**
     * The same in words, as the provider puts it.
     */
    readonly eligibility_description: string | null;
  };
  /**
   * Opening hours; empty when none are stated.
   *
   * @maxItems 50
   *
   * Items: Weekly opening hours.
   */
  readonly schedules: readonly {
    /**
     * Days on which it opens (RFC 5545).
     *
     * @minItems 1
     * @maxItems 7
     */
    readonly byday: readonly ('MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU')[];
    /**
     * Local time, HH:MM.
     */
    readonly opens_at: string;
    /**
     * Local time, HH:MM; at or before opens_at that of the next day.
     */
    readonly closes_at: string;
    /**
     * IANA time zone, or an offset ±HH:MM.
     */
    readonly timezone: string;
    /**
     * First day; null is open.
     */
    readonly valid_from: string | null;
    /**
     * Last day; null is open.
     */
    readonly valid_to: string | null;
  }[];
  /**
   * How many it can take on, and since when that is so.
   */
  readonly capacity: {
    /**
     * Whether it can take people on.
     */
    readonly status: 'AVAILABLE' | 'WAITLIST' | 'FULL';
    /**
     * Places free; null when not counted.
     */
    readonly available: number | null;
    /**
     * Places in all; null when not counted.
     */
    readonly maximum: number | null;
    /**
     * What is counted, such as beds; null when not counted.
     */
    readonly unit: string | null;
    /**
     * When this was so; null when it was never told.
     */
    readonly updated: string | null;
  };
};

/** JSON Schema of `ServiceListedV2Data`. */
export const serviceListedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:service-listed:v2',
  title: 'ServiceListed',
  description:
    'A service that an agency offers, with this entry and capacity from now on. Members that HSDS 3 has carry its names.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: [
    'serviceId',
    'agencyId',
    'type',
    'name',
    'description',
    'status',
    'languages',
    'service_areas',
    'eligibility',
    'schedules',
    'capacity',
  ],
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
    description: {
      description: 'What it does, for those who refer.',
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 2000,
    },
    status: {
      description: 'Whether it is offered.',
      type: 'string',
      enum: ['ACTIVE', 'INACTIVE', 'DEFUNCT', 'TEMPORARILY_CLOSED'],
    },
    languages: {
      description: 'ISO 639-3 codes of the languages served.',
      type: 'array',
      items: { type: 'string', pattern: '^[a-z]{3}$' },
      uniqueItems: true,
      maxItems: 50,
    },
    service_areas: {
      description: 'Where it serves; empty when it serves everywhere.',
      type: 'array',
      items: {
        description: 'A country, or a named part of it.',
        type: 'object',
        additionalProperties: false,
        required: ['country', 'name'],
        properties: {
          country: { description: 'ISO 3166-1 alpha-2.', type: 'string', pattern: '^[A-Z]{2}$' },
          name: {
            description: 'Name of the part; null for all of the country.',
            type: ['string', 'null'],
            minLength: 1,
            maxLength: 200,
          },
        },
      },
      uniqueItems: true,
      maxItems: 200,
    },
    eligibility: {
      description: 'Who may use it. Empty lists and null leave nobody out.',
      type: 'object',
      additionalProperties: false,
      required: [
        'minimum_age',
        'maximum_age',
        'sexes',
        'nationalities',
        'excluded_nationalities',
        'stages',
        'eligibility_description',
      ],
      properties: {
        minimum_age: {
          description: 'Youngest age in completed years.',
          type: ['integer', 'null'],
          minimum: 0,
          maximum: 120,
        },
        maximum_age: {
          description: 'Oldest age in completed years.',
          type: ['integer', 'null'],
          minimum: 0,
          maximum: 120,
        },
        sexes: {
          description: 'Sexes served.',
          type: 'array',
          items: { type: 'string', enum: ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'] },
          uniqueItems: true,
          maxItems: 4,
        },
        nationalities: {
          description: 'Nationalities served, ISO 3166-1 alpha-2.',
          type: 'array',
          items: { type: 'string', pattern: '^[A-Z]{2}$' },
          uniqueItems: true,
          maxItems: 250,
        },
        excluded_nationalities: {
          description: 'Nationalities not served, ISO 3166-1 alpha-2.',
          type: 'array',
          items: { type: 'string', pattern: '^[A-Z]{2}$' },
          uniqueItems: true,
          maxItems: 250,
        },
        stages: {
          description: 'Where on the way to a solution a person may stand.',
          type: 'array',
          items: {
            type: 'string',
            enum: [
              'FIRST_CONTACT',
              'PROFILING',
              'IN_PROCEDURE',
              'PROTECTION_GRANTED',
              'PROTECTION_REFUSED',
              'DURABLE_SOLUTION',
              'RETURN',
              'REINTEGRATION',
            ],
          },
          uniqueItems: true,
          maxItems: 8,
        },
        eligibility_description: {
          description: 'The same in words, as the provider puts it.',
          type: ['string', 'null'],
          minLength: 1,
          maxLength: 2000,
        },
      },
    },
    schedules: {
      description: 'Opening hours; empty when none are stated.',
      type: 'array',
      items: {
        description: 'Weekly opening hours.',
        type: 'object',
        additionalProperties: false,
        required: ['byday', 'opens_at', 'closes_at', 'timezone', 'valid_from', 'valid_to'],
        properties: {
          byday: {
            description: 'Days on which it opens (RFC 5545).',
            type: 'array',
            items: { type: 'string', enum: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] },
            uniqueItems: true,
            maxItems: 7,
            minItems: 1,
          },
          opens_at: { description: 'Local time, HH:MM.', type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' },
          closes_at: {
            description: 'Local time, HH:MM; at or before opens_at that of the next day.',
            type: 'string',
            pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
          },
          timezone: {
            description: 'IANA time zone, or an offset ±HH:MM.',
            type: 'string',
            minLength: 1,
            maxLength: 60,
          },
          valid_from: {
            description: 'First day; null is open.',
            type: ['string', 'null'],
            pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
          },
          valid_to: {
            description: 'Last day; null is open.',
            type: ['string', 'null'],
            pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
          },
        },
      },
      uniqueItems: true,
      maxItems: 50,
    },
    capacity: {
      description: 'How many it can take on, and since when that is so.',
      type: 'object',
      additionalProperties: false,
      required: ['status', 'available', 'maximum', 'unit', 'updated'],
      properties: {
        status: {
          description: 'Whether it can take people on.',
          type: 'string',
          enum: ['AVAILABLE', 'WAITLIST', 'FULL'],
        },
        available: { description: 'Places free; null when not counted.', type: ['integer', 'null'], minimum: 0 },
        maximum: { description: 'Places in all; null when not counted.', type: ['integer', 'null'], minimum: 0 },
        unit: {
          description: 'What is counted, such as beds; null when not counted.',
          type: ['string', 'null'],
          minLength: 1,
          maxLength: 60,
        },
        updated: {
          description: 'When this was so; null when it was never told.',
          type: ['string', 'null'],
          format: 'date-time',
        },
      },
    },
  },
  examples: [
    {
      serviceId: '00000000-0000-4000-8000-000000000004',
      agencyId: 'cr-conatt',
      type: 'SHELTER',
      name: 'Albergue de la Coalición',
      description: 'Casa segura para mujeres y sus hijas e hijos.',
      status: 'ACTIVE',
      languages: ['spa', 'eng', 'hat'],
      service_areas: [{ country: 'CR', name: null }],
      eligibility: {
        minimum_age: 18,
        maximum_age: null,
        sexes: ['FEMALE'],
        nationalities: [],
        excluded_nationalities: [],
        stages: ['FIRST_CONTACT', 'IN_PROCEDURE'],
        eligibility_description: null,
      },
      schedules: [
        {
          byday: ['MO', 'TU', 'WE', 'TH', 'FR'],
          opens_at: '08:00',
          closes_at: '16:00',
          timezone: 'America/Costa_Rica',
          valid_from: '2026-01-01',
          valid_to: null,
        },
      ],
      capacity: { status: 'AVAILABLE', available: 4, maximum: 12, unit: 'beds', updated: '2026-11-22T09:00:00.000Z' },
    },
  ],
} as const;
