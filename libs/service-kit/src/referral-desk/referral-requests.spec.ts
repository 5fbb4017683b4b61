import { describe, expect, it } from '@jest/globals';
import { RequestValidationPipe } from '../http/validation.ts';
import { RequestReferralBody } from './referral-requests.ts';

/** Pointers of what the pipe finds wrong with a body; none when it takes it. */
async function pointersOf(body: object): Promise<readonly string[]> {
  try {
    await new RequestValidationPipe().transform(body, { type: 'body', metatype: RequestReferralBody });
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
