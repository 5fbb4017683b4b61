import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import {
  DUE_FROM_LATER,
  findRelative,
  guardianAppointed,
  guardianEnded,
  identified,
  identifiedAccompanied,
  identify,
  LATER,
  lawyerAppointed,
  lawyerEnded,
  relativeFound,
  report,
  reported,
} from './child-case-examples.ts';
import type { ChildCaseEvent } from './child-case-events.ts';
import { childCaseDecider } from './child-case.ts';
import { holdsOfChild } from './holds-of-child.ts';

const { given } = decides(childCaseDecider);
const as = <E extends ChildCaseEvent>(event: E, data: Partial<E['data']>): E => ({
  ...event,
  data: { ...event.data, ...data },
});
const relative = as(guardianAppointed, { post: 'RELATIVE' });
const companion = as(guardianAppointed, { post: 'ACCOMPANYING_ADULT' });
const relativeInLaw = as(lawyerAppointed, { post: 'RELATIVE' });
const lose = { ...findRelative, situation: 'UNACCOMPANIED', basis: 'CARER_LOST', bySupervisor: false } as const;
const lost = as(relativeFound, {
  ...{ before: 'ACCOMPANIED_AT_RISK', situation: 'UNACCOMPANIED', basis: 'CARER_LOST', guardianDueAt: DUE_FROM_LATER },
});

describe('a guardian who may be the very carer who is gone', () => {
  it.each([relative, companion])('INV-11 ends with the carer, and the next one is due: $data.post', (appointed) => {
    given(identifiedAccompanied, appointed).when(lose).then(lost, guardianEnded);
    const heard = { careStatus: 'UNACCOMPANIED', saidAt: report.saidAt } as const;
    given(identifiedAccompanied, appointed)
      .when({ ...report, at: LATER })
      .then(as(lost, { basis: 'REPORTED_ELSEWHERE', heard }), guardianEnded);
    const met = as(identified, { identifiedAt: LATER, guardianDueAt: DUE_FROM_LATER });
    given(reported, relativeFound, appointed)
      .when({ ...identify, at: LATER })
      .then(met, guardianEnded);
  });

  it('INV-11 stays where it is somebody else, or the child is with somebody', () => {
    given(identifiedAccompanied, guardianAppointed)
      .when(lose)
      .then(as(lost, { guardianDueAt: null }));
    const left = { ...findRelative, situation: 'LEFT_BEHIND', basis: 'NEW_FACTS' } as const;
    given(identifiedAccompanied, relative)
      .when(left)
      .then(as(relativeFound, { before: 'ACCOMPANIED_AT_RISK', situation: 'LEFT_BEHIND', basis: 'NEW_FACTS' }));
  });

  it('INV-11 stays where a relative of a child alone is found, and ends where that one is lost', () => {
    const separated = as(lost, { before: 'UNACCOMPANIED', situation: 'SEPARATED', basis: 'NEW_FACTS' });
    given(identified, relative)
      .when({ ...lose, situation: 'SEPARATED', basis: 'NEW_FACTS' })
      .then(as(separated, { guardianDueAt: null }));
    given(identified, as(separated, { guardianDueAt: null }), relative)
      .when(lose)
      .then(as(lost, { before: 'SEPARATED' }), guardianEnded);
  });

  it('INV-11 INV-12 ends with a carer who is lost although the child is seen as before', () => {
    given(identified, relative).when(lose).then(guardianEnded);
    given(identified, relativeInLaw)
      .when(lose)
      .then(as(lawyerEnded, { reason: 'UNAVAILABLE' }));
    const separated = as(relativeFound, { before: 'UNACCOMPANIED', situation: 'SEPARATED', basis: 'NEW_FACTS' });
    given(identified, separated, relative)
      .when({ ...lose, situation: 'SEPARATED' }) // from one relative to the next
      .then(guardianEnded);
    for (const none of [[identified], [identified, guardianAppointed], [identified, relative, guardianEnded]])
      given(...none)
        .when(lose)
        .thenNothing();
    given(identified, relative)
      .when({ ...lose, basis: 'NEW_FACTS' })
      .thenNothing();
  });

  it('INV-12 nor does a relative speak in law for a child that may have lost it', () => {
    given(identifiedAccompanied, relativeInLaw)
      .when(lose)
      .then(lost, as(lawyerEnded, { reason: 'UNAVAILABLE' }));
    given(identifiedAccompanied, lawyerAppointed).when(lose).then(lost);
  });

  it('INV-11 H-11 stands again', () => {
    const state = fold(childCaseDecider, [identifiedAccompanied, relative, lost, guardianEnded]);
    const placed = holdsOfChild([lost, guardianEnded], state).map(({ change, kind }) => [change, kind]);
    expect(new Set(placed.map(String))).toEqual(new Set(['PLACE,CHILD_NO_BID', 'PLACE,CHILD_NO_GUARDIAN']));
  });
});
