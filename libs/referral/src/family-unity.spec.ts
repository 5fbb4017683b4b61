import { describe, expect, it } from '@jest/globals';
import { type FamilyRequest, separatesFamily } from './family-unity.ts';

const [MOTHER, CHILD] = ['9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11', '16fd2706-8baf-433b-82eb-8c7fada847da'];
const ask = (caseId: string, receiver: string, change: Partial<FamilyRequest> = {}): FamilyRequest => ({
  ...{ caseId, receiver, service: 'SHELTER', transfer: false, ...change },
});

describe('INV-24 a family is separated', () => {
  it.each([
    ['by two shelters', [ask(MOTHER, 'cr-shelter'), ask(CHILD, 'cr-pani-shelter')], true],
    [
      'by a shelter for one of them',
      [ask(MOTHER, 'cr-shelter'), ask(CHILD, 'cr-school', { service: 'EDUCATION' })],
      true,
    ],
    [
      'by giving the case of one of them away',
      [
        ask(MOTHER, 'cr-health', { service: 'HEALTH' }),
        ask(CHILD, 'cr-pani', { service: 'CHILD_PROTECTION', transfer: true }),
      ],
      true,
    ],
    ['not by one shelter for all', [ask(MOTHER, 'cr-shelter'), ask(CHILD, 'cr-shelter')], false],
    [
      'not by services that nobody moves for',
      [ask(MOTHER, 'cr-health', { service: 'HEALTH' }), ask(CHILD, 'cr-school', { service: 'EDUCATION' })],
      false,
    ],
    ['not where it is one person', [ask(MOTHER, 'cr-shelter'), ask(MOTHER, 'mx-shelter')], false],
    ['not by nothing', [], false],
  ] as const)('%s', (_, requests, expected) => {
    expect(separatesFamily(requests)).toBe(expected);
  });
});
