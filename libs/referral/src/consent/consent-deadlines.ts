import type { Instant } from '@acogida/core';
import type { ConsentFacts, ConsentRegister } from './consent.ts';

/** The consents that this agency recorded and whose end is not on record, the first to end first. */
export function expiring({ consents }: ConsentRegister): readonly ConsentFacts[] {
  return Object.values(consents)
    .flatMap(({ isOwn, status, facts }) => (isOwn && status === 'GRANTED' && facts !== null ? [facts] : []))
    .sort((one, other) => (one.expiresAt < other.expiresAt ? -1 : 1));
}

/** What stands open in time: the end of the consent that ends first. Judging never waits for it: `consentStatusAt`. */
export function consentDeadlines(
  register: ConsentRegister,
): readonly { readonly kind: 'EXPIRE'; readonly dueAt: Instant }[] {
  const [first] = expiring(register);
  return first === undefined ? [] : [{ kind: 'EXPIRE', dueAt: first.expiresAt }];
}
