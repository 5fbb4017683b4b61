import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { returnCaseDecider } from '../domain/return-case.ts';
import {
  applied,
  approvedHistory,
  cooled,
  COOLED_AT,
  counselled,
  declined,
  departed,
  signed,
  VALID_UNTIL,
  withdrawn,
} from '../domain/return-case-examples.ts';
import { returnDeadlinesOf } from './when-a-return-consent-comes-due.ts';

const COOLING_OFF_ENDS = { kind: 'COOLING_OFF_ENDS', dueAt: COOLED_AT };
const CONSENT_ENDS = { kind: 'CONSENT_ENDS', dueAt: VALID_UNTIL };

describe('what of a return consent comes due', () => {
  it.each([
    ['nothing before it is signed', [applied, counselled], []],
    ['its cooling-off and its end', [applied, counselled, signed], [COOLING_OFF_ENDS, CONSENT_ENDS]],
    ['its end, once it has cooled off', [applied, counselled, signed, cooled], [CONSENT_ENDS]],
    ['its end, until boarding', approvedHistory, [CONSENT_ENDS]],
    ['nothing after boarding', [...approvedHistory, departed], []],
    ['nothing once it is withdrawn', [...approvedHistory, withdrawn], []],
    ['nothing once the return is declined', [...approvedHistory, declined], []],
  ] as const)('%s', (_, history, open) => {
    expect(returnDeadlinesOf(fold(returnCaseDecider, history))).toEqual(open);
  });
});
