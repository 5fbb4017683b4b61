// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency joins the circle of a case (architecture.md §5). The others may hand it their keys, as far as consent goes.
 */
export type MemberAnnouncedV1Data = {
  /**
   * Who joins.
   */
  readonly agency: string;
  /**
   * Public half of the X25519 pair that it made for this case, base64url; null while it has told none.
   */
  readonly memberKeyX: string | null;
  /**
   * Audiences that it opens.
   *
   * @minItems 1
   * @maxItems 3
   *
   * Items: One of them.
   */
  readonly audiences: readonly ('coded' | 'care' | 'restricted')[];
  /**
   * Which past the publisher opens to it: none, or all since the opening.
   */
  readonly history: 'CURRENT' | 'FROM_OPENING';
  /**
   * When, UTC.
   */
  readonly joinedAt: string;
};

/** JSON Schema of `MemberAnnouncedV1Data`. */
export const memberAnnouncedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:member-announced:v1',
  title: 'MemberAnnounced',
  description:
    'An agency joins the circle of a case (architecture.md §5). The others may hand it their keys, as far as consent goes.',
  'x-class': 'key',
  type: 'object',
  additionalProperties: false,
  required: ['agency', 'memberKeyX', 'audiences', 'history', 'joinedAt'],
  properties: {
    agency: { description: 'Who joins.', type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 },
    memberKeyX: {
      description: 'Public half of the X25519 pair that it made for this case, base64url; null while it has told none.',
      type: ['string', 'null'],
      pattern: '^[A-Za-z0-9_-]{43}$',
    },
    audiences: {
      description: 'Audiences that it opens.',
      type: 'array',
      minItems: 1,
      maxItems: 3,
      items: { description: 'One of them.', type: 'string', enum: ['coded', 'care', 'restricted'] },
      uniqueItems: true,
    },
    history: {
      description: 'Which past the publisher opens to it: none, or all since the opening.',
      type: 'string',
      enum: ['CURRENT', 'FROM_OPENING'],
    },
    joinedAt: { description: 'When, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
  },
  examples: [
    {
      agency: 'cr-conatt',
      memberKeyX: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
      audiences: ['coded', 'care'],
      history: 'CURRENT',
      joinedAt: '2026-12-01T15:00:00.000Z',
    },
  ],
} as const;
