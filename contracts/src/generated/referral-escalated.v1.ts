// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

/**
 * A step was not taken in time, and the supervisor of whose turn it is is asked: the receiver’s, or for information that was asked for the sender’s own (INV-19).
 */
export type ReferralEscalatedV1Data = {
  /**
   * The referral.
   */
  readonly referralId: string;
  /**
   * What was due.
   */
  readonly missed: 'ACKNOWLEDGE' | 'DECIDE' | 'RESUME' | 'PROVIDE_INFORMATION' | 'START' | 'REPORT' | 'COMPENSATE';
  /**
   * When it was due, UTC.
   */
  readonly missedAt: string;
  /**
   * Until when the supervisor is to answer, UTC.
   */
  readonly answerBy: string;
};

/** JSON Schema of `ReferralEscalatedV1Data`. */
export const referralEscalatedV1Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:acogida:contract:referral-escalated:v1',
  title: 'ReferralEscalated',
  description:
    'A step was not taken in time, and the supervisor of whose turn it is is asked: the receiver’s, or for information that was asked for the sender’s own (INV-19).',
  'x-class': 'referral',
  type: 'object',
  additionalProperties: false,
  required: ['referralId', 'missed', 'missedAt', 'answerBy'],
  properties: {
    referralId: { description: 'The referral.', type: 'string', format: 'uuid' },
    missed: {
      description: 'What was due.',
      type: 'string',
      enum: ['ACKNOWLEDGE', 'DECIDE', 'RESUME', 'PROVIDE_INFORMATION', 'START', 'REPORT', 'COMPENSATE'],
    },
    missedAt: { description: 'When it was due, UTC.', type: 'string', format: 'date-time', pattern: 'Z$' },
    answerBy: {
      description: 'Until when the supervisor is to answer, UTC.',
      type: 'string',
      format: 'date-time',
      pattern: 'Z$',
    },
  },
  examples: [
    {
      referralId: '00000000-0000-4000-8000-000000000001',
      missed: 'ACKNOWLEDGE',
      missedAt: '2026-11-23T09:00:00.000Z',
      answerBy: '2026-11-23T21:00:00.000Z',
    },
  ],
} as const;
