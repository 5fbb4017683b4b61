import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { CARE_STATUSES } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { careStatusOf, gravestOf, isUnaccompanied } from './children.ts';
import { returnCaseDecider } from './return-case.ts';
import {
  applied,
  appliedForChild,
  approvedHistory,
  childNoted,
  confirmed,
  COOLED_AT,
  cooled,
  counselled,
  declined,
  departed,
  signed,
} from './return-case-examples.ts';

const { given } = decides(returnCaseDecider);
const noteChild = { type: 'NoteChild', at: COOLED_AT, careStatus: 'UNACCOMPANIED' } as const;

describe('NoteChild', () => {
  it('INV-08 INV-11 ends the consent of somebody who turns out to be a child', () => {
    given(...approvedHistory)
      .when(noteChild)
      .then(childNoted);
    expect(fold(returnCaseDecider, [...approvedHistory, childNoted])).toEqual({
      ...fold(returnCaseDecider, approvedHistory),
      ...{
        stage: 'SUBMITTED',
        careStatus: 'UNACCOMPANIED',
        sessions: [],
        consent: null,
        isConfirmed: false,
        confirmedAt: null,
      },
    });
  });

  it('INV-08 is not taken back by a later word', () => {
    given(applied, childNoted).when(noteChild).thenNothing();
    for (const careStatus of ['SEPARATED', 'UNKNOWN', 'ACCOMPANIED'] as const)
      given(applied, childNoted)
        .when({ ...noteChild, careStatus })
        .thenNothing();
    given(appliedForChild)
      .when({ ...noteChild, careStatus: 'ACCOMPANIED' })
      .thenNothing();
    given(appliedForChild)
      .when({ ...noteChild, careStatus: 'UNKNOWN' })
      .then({ ...childNoted, data: { careStatus: 'UNKNOWN' } });
  });

  it('changes nothing that has ended', () => {
    given(...approvedHistory, departed)
      .when(noteChild)
      .thenNothing();
    given(applied, declined).when(noteChild).thenNothing();
  });
});

describe('INV-08 who applies', () => {
  it.each([
    [['ADULT'], null, null],
    [['ADULT'], 'ACCOMPANIED', null],
    [['ADULT', 'DISPUTED'], null, 'UNKNOWN'],
    [['DISPUTED'], 'ACCOMPANIED', 'ACCOMPANIED'],
    [['CHILD'], 'SEPARATED', 'SEPARATED'],
    [[], null, 'UNKNOWN'],
  ] as const)('said to be %j and %s: %s', (ages, careStatus, known) => {
    expect(careStatusOf(ages, careStatus)).toBe(known);
  });
});

describe('INV-08 what several agencies say', () => {
  it.each([
    [[], null],
    [[null], null],
    [[null, 'ACCOMPANIED'], 'ACCOMPANIED'],
    [['UNKNOWN', null, 'ACCOMPANIED'], 'UNKNOWN'],
    [['ACCOMPANIED', 'UNACCOMPANIED', 'UNKNOWN'], 'UNACCOMPANIED'],
  ] as const)('%j: %s', (said, gravest) => {
    expect(gravestOf(said)).toBe(gravest);
  });
});

describe('INV-11 a child who is alone', () => {
  it.each(CARE_STATUSES.map((careStatus) => [careStatus, careStatus !== 'ACCOMPANIED'] as const))(
    '%s: %s',
    (careStatus, isAlone) => {
      expect(isUnaccompanied(careStatus)).toBe(isAlone);
    },
  );

  it('is no adult', () => {
    expect(isUnaccompanied(null)).toBe(false);
  });

  it.each(['UNACCOMPANIED', 'SEPARATED', 'UNKNOWN'] as const)(
    'does not return, even where a consent stands: %s',
    (careStatus) => {
      const alone = { ...applied, data: { ...applied.data, careStatus } };
      given(alone, counselled, signed, cooled)
        .when({ type: 'ConfirmVoluntariness', at: COOLED_AT })
        .thenRefused('RETURN.CHILD_NOT_CLEARED');
      given(alone, counselled, signed, cooled, confirmed)
        .when({ type: 'ApproveReturn', at: COOLED_AT })
        .thenRefused('RETURN.CHILD_NOT_CLEARED');
      given(alone, ...approvedHistory.slice(1))
        .when({ type: 'ConfirmDeparture', at: COOLED_AT, departureId: 'd' })
        .thenRefused('RETURN.CHILD_NOT_CLEARED');
    },
  );
});
