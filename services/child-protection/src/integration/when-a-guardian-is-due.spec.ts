import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import {
  closed,
  DUE_AT,
  DUE_FROM_LATER,
  DUE_FROM_MEETING,
  guardianAppointed,
  guardianEnded,
  guardianOverdue,
  identified,
  identifiedAccompanied,
  lawyerAppointed,
  relativeFound,
  reported,
} from '../domain/child-case-examples.ts';
import { childCaseDecider } from '../domain/child-case.ts';
import { childDeadlinesOf } from './when-a-guardian-is-due.ts';

const guardian = (dueAt: string) => [{ kind: 'GUARDIAN', dueAt }];

describe('what of a child’s case comes due', () => {
  it.each([
    ['a guardian, from the first word of a child alone', [reported], guardian(DUE_AT)],
    ['a guardian, from when it was met', [identified], guardian(DUE_FROM_MEETING)],
    ['a guardian, whoever else speaks for it', [identified, lawyerAppointed], guardian(DUE_FROM_MEETING)],
    ['nothing of a child with somebody', [identifiedAccompanied], []],
    ['nothing once it has a guardian', [identified, guardianAppointed], []],
    ['the next guardian', [identified, guardianAppointed, guardianEnded], guardian(DUE_FROM_LATER)],
    ['nothing more once it is noted', [identified, guardianOverdue], []],
    ['nothing once a relative was verified', [identified, relativeFound], []],
    ['nothing once the case is closed', [identified, closed], []],
  ] as const)('%s', (_, history, open) => {
    expect(childDeadlinesOf(fold(childCaseDecider, history))).toEqual(open);
  });
});
