// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Where an agency is reached for one kind of question: an organisational address, never a person’s.
 */
export type FocalPointDesignatedV1Data = {
  /**
   * The agency.
   */
  readonly agencyId: string;
  /**
   * For what.
   */
  readonly role: 'REFERRALS' | 'EXTRA_CONTINENTAL' | 'TRAFFICKING' | 'ASYLUM';
  /**
   * Organisational mailbox or telephone number.
   */
  readonly contact: string;
};

/** JSON Schema of `FocalPointDesignatedV1Data`. */
export const focalPointDesignatedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:focal-point-designated:v1',
  title: 'FocalPointDesignated',
  description: 'Where an agency is reached for one kind of question: an organisational address, never a person’s.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['agencyId', 'role', 'contact'],
  properties: {
    agencyId: { description: 'The agency.', type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
    role: {
      description: 'For what.',
      type: 'string',
      enum: ['REFERRALS', 'EXTRA_CONTINENTAL', 'TRAFFICKING', 'ASYLUM'],
    },
    contact: {
      description: 'Organisational mailbox or telephone number.',
      type: 'string',
      minLength: 3,
      maxLength: 200,
    },
  },
} as const;
