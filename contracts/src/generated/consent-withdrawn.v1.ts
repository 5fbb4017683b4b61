// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A consent ends, wherever that was lodged (domain.md §1.3): nothing more is shared under it. It takes effect at once, before what it waits for (architecture.md §3).
 */
export type ConsentWithdrawnV1Data = {
  /**
   * The consent; null for every consent of the case given until then.
   */
  readonly consentId: string | null;
  /**
   * When it was withdrawn, UTC.
   */
  readonly withdrawnAt: string;
  /**
   * Agency where it was lodged.
   */
  readonly lodgedAt: string;
  /**
   * Form in which it was said.
   */
  readonly form: 'WRITTEN' | 'ORAL_WITNESSED' | 'THUMBPRINT' | 'NOT_RECORDED';
  /**
   * ISO 639-3 code of the language used (INV-18); null where it is not on record.
   */
  readonly language: string | null;
  /**
   * How it was interpreted (INV-18); null where it is not on record.
   */
  readonly interpretation: 'NONE_NEEDED' | 'IN_PERSON' | 'REMOTE' | 'WRITTEN_ONLY' | null;
};

/** JSON Schema of `ConsentWithdrawnV1Data`. */
export const consentWithdrawnV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:consent-withdrawn:v1',
  title: 'ConsentWithdrawn',
  description:
    'A consent ends, wherever that was lodged (domain.md §1.3): nothing more is shared under it. It takes effect at once, before what it waits for (architecture.md §3).',
  'x-class': 'consent',
  type: 'object',
  additionalProperties: false,
  required: ['consentId', 'withdrawnAt', 'lodgedAt', 'form', 'language', 'interpretation'],
  properties: {
    consentId: {
      description: 'The consent; null for every consent of the case given until then.',
      type: ['string', 'null'],
      format: 'uuid',
    },
    withdrawnAt: { description: 'When it was withdrawn, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
    lodgedAt: {
      description: 'Agency where it was lodged.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    form: {
      description: 'Form in which it was said.',
      type: 'string',
      enum: ['WRITTEN', 'ORAL_WITNESSED', 'THUMBPRINT', 'NOT_RECORDED'],
    },
    language: {
      description: 'ISO 639-3 code of the language used (INV-18); null where it is not on record.',
      type: ['string', 'null'],
      pattern: '^[a-z]{3}$',
    },
    interpretation: {
      description: 'How it was interpreted (INV-18); null where it is not on record.',
      type: ['string', 'null'],
      enum: ['NONE_NEEDED', 'IN_PERSON', 'REMOTE', 'WRITTEN_ONLY', null],
    },
  },
  examples: [
    {
      consentId: '00000000-0000-4000-8000-000000000001',
      withdrawnAt: '2026-12-01T15:00:00.000Z',
      lodgedAt: 'cr-refugee-unit',
      form: 'ORAL_WITNESSED',
      language: 'hat',
      interpretation: 'IN_PERSON',
    },
  ],
} as const;
