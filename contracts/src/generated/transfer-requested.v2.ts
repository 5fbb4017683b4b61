// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * An agency asks the custodian of a case for it, and until when it is to answer (architecture.md §6).
 */
export type TransferRequestedV2Data = {
  /**
   * The request for transfer.
   */
  readonly transferRequestId: string;
  /**
   * Agency that asks.
   */
  readonly asker: string;
  /**
   * Agency that is asked.
   */
  readonly custodian: string;
  /**
   * How soon it is to be answered (domain.md §1.4).
   */
  readonly urgency: 'LIFE_SAVING' | 'URGENT' | 'PRIORITY' | 'ROUTINE';
  /**
   * Until when it is to be answered, UTC; null where a version said nothing of it: by the time limits of who is asked.
   */
  readonly answerBy: string | null;
};

/** JSON Schema of `TransferRequestedV2Data`. */
export const transferRequestedV2Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:transfer-requested:v2',
  title: 'TransferRequested',
  description: 'An agency asks the custodian of a case for it, and until when it is to answer (architecture.md §6).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['transferRequestId', 'asker', 'custodian', 'urgency', 'answerBy'],
  properties: {
    transferRequestId: { description: 'The request for transfer.', type: 'string', format: 'uuid' },
    asker: {
      description: 'Agency that asks.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    custodian: {
      description: 'Agency that is asked.',
      type: 'string',
      pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
      maxLength: 60,
    },
    urgency: {
      description: 'How soon it is to be answered (domain.md §1.4).',
      type: 'string',
      enum: ['LIFE_SAVING', 'URGENT', 'PRIORITY', 'ROUTINE'],
    },
    answerBy: {
      description:
        'Until when it is to be answered, UTC; null where a version said nothing of it: by the time limits of who is asked.',
      type: ['string', 'null'],
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [
    {
      transferRequestId: '00000000-0000-4000-8000-000000000001',
      asker: 'cr-conatt',
      custodian: 'cr-border-intake',
      urgency: 'ROUTINE',
      answerBy: '2026-11-29T09:00:00.000Z',
    },
  ],
} as const;
