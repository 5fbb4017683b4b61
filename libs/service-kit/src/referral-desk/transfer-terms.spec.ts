import { expect, it } from '@jest/globals';
import { countryParameters, URGENCIES } from '@acogida/reference';
import { transferTermsIn } from './transfer-terms.ts';

const AT = '2026-11-22T10:00:00.000Z';

it.each(URGENCIES)('the terms of %s are those of the country', (urgency) => {
  const { acknowledgeWithinMs, escalateForMs } = countryParameters('CR', '2026-11-22').referralDeadlines[urgency];
  const terms = { answerWithinMs: acknowledgeWithinMs, escalateForMs };
  expect(transferTermsIn({ jurisdiction: 'CR' }, urgency, AT)).toEqual(terms);
});

it('an agency of no country has the usual ones', () => {
  const { answerWithinMs, escalateForMs } = transferTermsIn({ jurisdiction: null }, 'ROUTINE', AT);
  expect([answerWithinMs, escalateForMs]).toEqual([7 * 24 * 3_600_000, 3.5 * 24 * 3_600_000]);
});
