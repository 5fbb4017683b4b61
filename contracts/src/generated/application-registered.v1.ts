// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An asylum application got its file (domain.md §2.3).
 */
export type ApplicationRegisteredV1Data = {
  /**
   * The application.
   */
  readonly applicationId: string;
  /**
   * Day of registration, calendar date of the country.
   */
  readonly registeredOn: string;
  /**
   * Last day to decide; a missed limit never means refusal; null where the country sets none.
   */
  readonly decideBy: string | null;
};

/** JSON Schema of `ApplicationRegisteredV1Data`. */
export const applicationRegisteredV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:application-registered:v1',
  title: 'ApplicationRegistered',
  description: 'An asylum application got its file (domain.md §2.3).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['applicationId', 'registeredOn', 'decideBy'],
  properties: {
    applicationId: { description: 'The application.', type: 'string', format: 'uuid' },
    registeredOn: { description: 'Day of registration, calendar date of the country.', type: 'string', format: 'date' },
    decideBy: {
      description: 'Last day to decide; a missed limit never means refusal; null where the country sets none.',
      type: ['string', 'null'],
      format: 'date',
    },
  },
} as const;
