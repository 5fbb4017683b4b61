// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * First contact with a person opened a case (domain.md §2.1).
 */
export type CaseOpenedV1Data = {
  /**
   * Coded place of contact, an identifier from the agency’s own list, never an address.
   */
  readonly place: string;
  /**
   * How contact was made.
   */
  readonly channel: 'BORDER' | 'AIRPORT' | 'SEA' | 'DETENTION' | 'CONSULATE' | 'COMMUNITY' | 'HOTLINE';
  /**
   * When contact was made. As precisely as known: YYYY, YYYY-MM or YYYY-MM-DD; null when unknown.
   */
  readonly contactedOn: string | null;
  /**
   * How the person entered; never a reason to refuse anything (INV-03).
   */
  readonly entryMode: 'REGULAR' | 'IRREGULAR' | 'TRANSIT' | 'INTERCEPTED_AT_SEA' | 'UNKNOWN';
};

/** JSON Schema of `CaseOpenedV1Data`. */
export const caseOpenedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:case-opened:v1',
  title: 'CaseOpened',
  description: 'First contact with a person opened a case (domain.md §2.1).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['place', 'channel', 'contactedOn', 'entryMode'],
  properties: {
    place: {
      description: 'Coded place of contact, an identifier from the agency’s own list, never an address.',
      type: 'string',
      pattern: '^[A-Z0-9][A-Z0-9_-]*$',
      maxLength: 40,
    },
    channel: {
      description: 'How contact was made.',
      type: 'string',
      enum: ['BORDER', 'AIRPORT', 'SEA', 'DETENTION', 'CONSULATE', 'COMMUNITY', 'HOTLINE'],
    },
    contactedOn: {
      description: 'When contact was made. As precisely as known: YYYY, YYYY-MM or YYYY-MM-DD; null when unknown.',
      type: ['string', 'null'],
      pattern: '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$',
    },
    entryMode: {
      description: 'How the person entered; never a reason to refuse anything (INV-03).',
      type: 'string',
      enum: ['REGULAR', 'IRREGULAR', 'TRANSIT', 'INTERCEPTED_AT_SEA', 'UNKNOWN'],
    },
  },
} as const;
