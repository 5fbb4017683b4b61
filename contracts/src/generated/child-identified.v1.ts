// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * The person is a child, or there is doubt: doubt on age means child (INV-08).
 */
export type ChildIdentifiedV1Data = {
  /**
   * Why.
   */
  readonly basis: 'AGE' | 'DOUBT';
  /**
   * With whom the child is.
   */
  readonly careStatus: 'UNACCOMPANIED' | 'SEPARATED' | 'ACCOMPANIED' | 'UNKNOWN';
};

/** JSON Schema of `ChildIdentifiedV1Data`. */
export const childIdentifiedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:child-identified:v1',
  title: 'ChildIdentified',
  description: 'The person is a child, or there is doubt: doubt on age means child (INV-08).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['basis', 'careStatus'],
  properties: {
    basis: { description: 'Why.', type: 'string', enum: ['AGE', 'DOUBT'] },
    careStatus: {
      description: 'With whom the child is.',
      type: 'string',
      enum: ['UNACCOMPANIED', 'SEPARATED', 'ACCOMPANIED', 'UNKNOWN'],
    },
  },
} as const;
