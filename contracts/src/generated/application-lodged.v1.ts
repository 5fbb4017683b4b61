// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An asylum application was lodged, in any form (domain.md §2.3).
 */
export type ApplicationLodgedV1Data = {
  /**
   * The application.
   */
  readonly applicationId: string;
  /**
   * Form of lodging.
   */
  readonly form: 'ORAL' | 'WRITTEN';
  /**
   * Who lodged it.
   */
  readonly lodgedBy: 'SELF' | 'REPRESENTATIVE' | 'THIRD_PARTY';
  /**
   * Last day to ratify a third party’s lodging, calendar date of the country; null when not needed.
   */
  readonly ratifyBy: string | null;
  /**
   * After the country’s limit: opens a justification, never an automatic bar.
   */
  readonly late: boolean;
};

/** JSON Schema of `ApplicationLodgedV1Data`. */
export const applicationLodgedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:application-lodged:v1',
  title: 'ApplicationLodged',
  description: 'An asylum application was lodged, in any form (domain.md §2.3).',
  'x-class': 'procedure',
  type: 'object',
  additionalProperties: false,
  required: ['applicationId', 'form', 'lodgedBy', 'ratifyBy', 'late'],
  properties: {
    applicationId: { description: 'The application.', type: 'string', format: 'uuid' },
    form: { description: 'Form of lodging.', type: 'string', enum: ['ORAL', 'WRITTEN'] },
    lodgedBy: { description: 'Who lodged it.', type: 'string', enum: ['SELF', 'REPRESENTATIVE', 'THIRD_PARTY'] },
    ratifyBy: {
      description: 'Last day to ratify a third party’s lodging, calendar date of the country; null when not needed.',
      type: ['string', 'null'],
      format: 'date',
    },
    late: { description: 'After the country’s limit: opens a justification, never an automatic bar.', type: 'boolean' },
  },
} as const;
