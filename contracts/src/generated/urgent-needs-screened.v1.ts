// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * Urgent needs were asked for or observed (domain.md §2.1).
 */
export type UrgentNeedsScreenedV1Data = {
  /**
   * One answer for each need.
   *
   * @minItems 1
   * @maxItems 8
   *
   * Items: One need.
   */
  readonly needs: readonly {
    /**
     * The need.
     */
    readonly need:
      'MEDICAL' | 'WATER_FOOD' | 'SAFETY' | 'SHELTER' | 'PREGNANCY' | 'CHILD_ALONE' | 'INJURY' | 'DISTRESS';
    /**
     * Whether it is present.
     */
    readonly answer: 'YES' | 'NO' | 'UNKNOWN';
  }[];
  /**
   * Whether a need is life-saving: referral is at once, before identity data.
   */
  readonly lifeSaving: boolean;
};

/** JSON Schema of `UrgentNeedsScreenedV1Data`. */
export const urgentNeedsScreenedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:urgent-needs-screened:v1',
  title: 'UrgentNeedsScreened',
  description: 'Urgent needs were asked for or observed (domain.md §2.1).',
  'x-class': 'case',
  type: 'object',
  additionalProperties: false,
  required: ['needs', 'lifeSaving'],
  properties: {
    needs: {
      description: 'One answer for each need.',
      type: 'array',
      items: {
        description: 'One need.',
        type: 'object',
        additionalProperties: false,
        required: ['need', 'answer'],
        properties: {
          need: {
            description: 'The need.',
            type: 'string',
            enum: ['MEDICAL', 'WATER_FOOD', 'SAFETY', 'SHELTER', 'PREGNANCY', 'CHILD_ALONE', 'INJURY', 'DISTRESS'],
          },
          answer: { description: 'Whether it is present.', type: 'string', enum: ['YES', 'NO', 'UNKNOWN'] },
        },
      },
      minItems: 1,
      maxItems: 8,
    },
    lifeSaving: {
      description: 'Whether a need is life-saving: referral is at once, before identity data.',
      type: 'boolean',
    },
  },
} as const;
