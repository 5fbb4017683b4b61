import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { heardReleaseDecider, type HeardReleaseEvent } from './heard-release.ts';

const { given } = decides(heardReleaseDecider);
const SAID = {
  ...{ referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10', term: 3, from: 'cr-border-intake', to: 'mx-comar' },
  ...{ number: 9, at: '2026-11-22T11:00:00.000Z' },
};
const HEARD: HeardReleaseEvent = { type: 'ReleaseHeard', data: SAID };
const keep = (change: object = {}) => ({ type: 'KeepRelease', ...SAID, ...change }) as const;

describe('KeepRelease', () => {
  it('keeps what was heard, by term, whoever said it', () => {
    given().when(keep()).then(HEARD);
    const later: HeardReleaseEvent = { type: 'ReleaseHeard', data: { ...SAID, term: 4 } };
    const other: HeardReleaseEvent = { type: 'ReleaseHeard', data: { ...SAID, from: 'cr-conatt' } };
    given(HEARD)
      .when(keep({ term: 4 }))
      .then(later);
    given(HEARD)
      .when(keep({ from: 'cr-conatt' }))
      .then(other);
    expect(fold(heardReleaseDecider, [later, HEARD, other])).toEqual([HEARD.data, other.data, later.data]);
  });

  it('keeps the first word of an agency on a term', () => {
    given(HEARD)
      .when(keep({ number: 10 }))
      .thenNothing();
    given(HEARD)
      .when(keep({ to: 'cr-refugee-unit' }))
      .thenNothing();
  });

  it('keeps nothing that no custodian could say', () => {
    given()
      .when(keep({ term: 1 }))
      .thenNothing();
    given()
      .when(keep({ to: SAID.from }))
      .thenNothing();
  });
});
