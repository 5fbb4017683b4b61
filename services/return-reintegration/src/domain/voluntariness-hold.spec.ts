import { describe, expect, it } from '@jest/globals';
import {
  applied,
  approved,
  childNoted,
  confirmed,
  cooled,
  counselled,
  declined,
  departed,
  expired,
  signed,
  takenBack,
  withdrawn,
} from './return-case-examples.ts';
import { attemptEndOf, holdsOfReturn } from './voluntariness-hold.ts';

describe('H-17', () => {
  it.each([applied, withdrawn, expired, childNoted, declined, takenBack])('INV-14 is placed by $type', (event) => {
    expect(holdsOfReturn([event])).toEqual([{ change: 'PLACE', kind: 'VOLUNTARINESS', insteadOf: null }]);
  });

  it('INV-14 is lifted by the confirmation alone', () => {
    expect(holdsOfReturn([cooled, confirmed])).toEqual([
      { change: 'LIFT', kind: 'VOLUNTARINESS', reason: 'CONSENT_IN_FORCE', reviewedBy: null },
    ]);
  });

  it.each([
    ['UNSAFE', 'PLACE'],
    ['NOT_VOLUNTARY', 'PLACE'],
    ['INELIGIBLE', 'LIFT'],
    ['NO_FUNDS', 'LIFT'],
  ] as const)(
    'INV-14 with a refusal as %s, where a consent in another return case is in force: %s',
    (reason, change) => {
      const refusal = { ...declined, data: { ...declined.data, reason } };
      expect(holdsOfReturn([refusal], true)).toEqual([expect.objectContaining({ change, kind: 'VOLUNTARINESS' })]);
      expect(holdsOfReturn([refusal])).toEqual([expect.objectContaining({ change: 'PLACE' })]);
    },
  );

  it.each([counselled, signed, cooled, approved, departed])('is left as it is by $type', (event) => {
    expect(holdsOfReturn([event])).toEqual([]);
  });
});

describe('an attempt at the gate', () => {
  it.each([
    [withdrawn, 'CONSENT_WITHDRAWN'],
    [expired, 'CONSENT_WITHDRAWN'],
    [childNoted, 'CONSENT_WITHDRAWN'],
    [declined, 'CALLED_OFF'],
  ] as const)('ends with %j', (event, end) => {
    expect(attemptEndOf([event])).toBe(end);
  });

  it.each([applied, counselled, signed, cooled, confirmed, approved, departed, takenBack])(
    'goes on after $type',
    (event) => {
      expect(attemptEndOf([event])).toBeNull();
    },
  );
});
