import { describe, expect, it } from '@jest/globals';
import { LONGEST_LEASE_MS } from '@acogida/safeguards';
import { clearanceReplyBody, clearanceReplyOf } from './clearance-wire.ts';

const clearanceId = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
const OTHER = '1b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';
const GRANTED = { isGranted: true, found: 'NO_OPEN_HOLD', leaseMs: 60_000 } as const;
const REFUSED = { isGranted: false, reasons: ['EVENT_PARKED', 'HOLD_ACTIVE'] } as const;

describe('what an authority answers', () => {
  it.each([GRANTED, REFUSED])('comes through as it was said: %j', (reply) => {
    expect(clearanceReplyOf(clearanceReplyBody(clearanceId, reply), clearanceId)).toEqual(reply);
  });

  it('is none where it is of another clearance', () => {
    expect(clearanceReplyOf(clearanceReplyBody(OTHER, GRANTED), clearanceId)).toBeNull();
  });

  it.each([
    ...[{}, { isGranted: true }, { ...GRANTED, isGranted: 'true' }, { ...GRANTED, isGranted: 1 }],
    ...[
      { ...GRANTED, leaseMs: 0 },
      { ...GRANTED, leaseMs: LONGEST_LEASE_MS + 1 },
      { ...GRANTED, leaseMs: '60000' },
    ],
    ...[
      { ...GRANTED, leaseMs: 1.5 },
      { ...GRANTED, found: 'KNOWN' },
      { ...GRANTED, more: 1 },
    ],
    ...[
      { ...GRANTED, reasons: ['HOLD_ACTIVE'] },
      { ...REFUSED, leaseMs: 60_000 },
    ],
    ...[
      { ...REFUSED, reasons: [] },
      { ...REFUSED, reasons: ['BECAUSE'] },
      { ...REFUSED, reasons: 'HOLD_ACTIVE' },
    ],
  ])('is none where it is not exactly one: %j', (body) => {
    expect(clearanceReplyOf({ clearanceId, ...body }, clearanceId)).toBeNull();
  });
});
