import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { RequestValidationPipe } from '../http/validation.ts';
import { RequestReferralBody } from './referral-requests.ts';
import { PutOnHoldBody } from './referral-step-requests.ts';

/** Pointers of what the pipe finds wrong with a body; none when it takes it. */
async function pointersOf(body: object, metatype: Type = RequestReferralBody): Promise<readonly string[]> {
  try {
    await new RequestValidationPipe().transform(body, { type: 'body', metatype });
    return [];
  } catch (error) {
    return (error as { readonly errors: readonly { readonly pointer: string }[] }).errors.map(({ pointer }) => pointer);
  }
}

describe('the body of a referral', () => {
  it.each([
    ['/consent', { consent: [] }],
    ['/facts', { facts: [] }],
    ['/facts', { facts: [{ sex: 'FEMALE' }] }],
    ['/facts/ageBand', { facts: { ageBand: [] } }],
  ])('is refused with a list where an object stands: %s', async (pointer, part) => {
    expect(await pointersOf(part)).toContain(pointer);
  });

  it('may leave out the facts, and say of the age that nothing is known', async () => {
    expect(await pointersOf({})).not.toContain('/facts');
    expect(await pointersOf({ facts: { ageBand: null } })).not.toContain('/facts/ageBand');
  });
});

describe('when a place is expected', () => {
  it.each(['2026-W47-7T10:00Z', '2026-326T10:00Z', '2026-11-22T10Z', '2026-02-30T10:00Z', '2026-11-22T10:00:00'])(
    'is not %s',
    async (expectedBy) => {
      expect(await pointersOf({ reason: 'WAITLIST', expectedBy }, PutOnHoldBody)).toEqual(['/expectedBy']);
    },
  );

  it('is an instant in UTC, or not known', async () => {
    for (const expectedBy of ['2026-11-22T10:00Z', '2026-11-22T10:00:00.000Z', null])
      expect(await pointersOf({ reason: 'WAITLIST', expectedBy }, PutOnHoldBody)).toEqual([]);
  });
});
