// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Where an agency is reached for one kind of question: an organisational address, never a person’s.
 */
export type FocalPointDesignatedV2Data = {
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
  /**
   * Region of origin that an extra-continental focal point serves; null for any, and for other roles.
   */
  readonly originRegion: 'AFRICA' | 'ASIA' | 'EUROPE' | 'MIDDLE_EAST' | 'OCEANIA' | null;
  /**
   * ISO 639-3 codes of the languages in which it can be reached.
   *
   * @maxItems 50
   */
  readonly languages: readonly string[];
};

/** JSON Schema of `FocalPointDesignatedV2Data`. */
export const focalPointDesignatedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:focal-point-designated:v2',
  title: 'FocalPointDesignated',
  description: 'Where an agency is reached for one kind of question: an organisational address, never a person’s.',
  'x-class': 'directory',
  type: 'object',
  additionalProperties: false,
  required: ['agencyId', 'role', 'contact', 'originRegion', 'languages'],
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
    originRegion: {
      description: 'Region of origin that an extra-continental focal point serves; null for any, and for other roles.',
      type: ['string', 'null'],
      enum: ['AFRICA', 'ASIA', 'EUROPE', 'MIDDLE_EAST', 'OCEANIA', null],
    },
    languages: {
      description: 'ISO 639-3 codes of the languages in which it can be reached.',
      type: 'array',
      items: { type: 'string', pattern: '^[a-z]{3}$' },
      uniqueItems: true,
      maxItems: 50,
    },
  },
  examples: [
    {
      agencyId: 'cr-conatt',
      role: 'EXTRA_CONTINENTAL',
      contact: 'extracontinental@conatt.example',
      originRegion: 'AFRICA',
      languages: ['spa', 'fra'],
    },
  ],
} as const;
