import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { disregardOf, isNewsOfLink } from './case-links.ts';
import {
  type LinkDisregardCommand,
  linkDisregardDecider,
  type LinkDisregardEvent,
  linkDisregardProcedure,
} from './link-disregard.ts';

const at = '2026-11-22T11:00:00.000Z';
const [caseId, linkedCaseId] = ['9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11', '33333333-5a3c-4f0e-8c51-6a4d1f0c2b11'];
const link = { by: 'cr-conatt', linkId: '1c0d4a57-52a5-4f0e-9d3f-6a4d1f0c2b11', caseId, linkedCaseId };
const reason = 'DOCUMENTS_COMPARED';

const PROPOSE: LinkDisregardCommand = { type: 'ProposeDisregard', link, reason, officer: 'one', now: at };
const CONFIRM: LinkDisregardCommand = { type: 'DisregardLink', officer: 'two', now: at };
const DECLINE: LinkDisregardCommand = { type: 'DeclineDisregard', officer: 'two', now: at };
const PROPOSED: LinkDisregardEvent = {
  type: 'LinkDisregardProposed',
  data: { ...link, reason, proposedBy: 'one', proposedAt: at },
};
const DECLINED: LinkDisregardEvent = { type: 'LinkDisregardDeclined', data: { declinedBy: 'two', declinedAt: at } };
const DISREGARDED: LinkDisregardEvent = {
  type: 'LinkDisregarded',
  data: { ...link, reason, proposedBy: 'one', confirmedBy: 'two', disregardedAt: at },
};

const { given } = decides(linkDisregardDecider);

describe('a link that another agency has said', () => {
  it('is disregarded by two officers', () => {
    given().when(PROPOSE).then(PROPOSED);
    given(PROPOSED).when(PROPOSE).thenNothing();
    given(PROPOSED).when(CONFIRM).then(DISREGARDED);
    given(PROPOSED, DISREGARDED).when(CONFIRM).thenNothing();
    given(PROPOSED, DISREGARDED).when(PROPOSE).thenNothing();
  });

  it('is not by one of them alone', () => {
    given().when(CONFIRM).thenRefused('LINK.NOT_PROPOSED');
    given(PROPOSED)
      .when({ ...CONFIRM, officer: 'one' })
      .thenRefused('LINK.SAME_OFFICER');
    given(PROPOSED, DECLINED).when(CONFIRM).thenRefused('LINK.NOT_PROPOSED');
  });

  it('goes on to count where the other one declines, and can be proposed anew', () => {
    given(PROPOSED).when(DECLINE).then(DECLINED);
    given().when(DECLINE).thenNothing();
    given(PROPOSED, DECLINED).when(PROPOSE).then(PROPOSED);
    given(PROPOSED)
      .when({ ...PROPOSE, officer: 'two' })
      .then({ ...PROPOSED, data: { ...PROPOSED.data, proposedBy: 'two' } });
  });

  it('is of the case that the officers came from, and nobody else hears of it', () => {
    const events = [PROPOSED, DECLINED, DISREGARDED];
    expect(linkDisregardProcedure.caseOf(fold(linkDisregardDecider, []))).toBeNull();
    expect(linkDisregardProcedure.caseOf(fold(linkDisregardDecider, events))).toBe(caseId);
    expect(events.map(() => linkDisregardProcedure.publish())).toEqual([null, null, null]);
  });
});

describe('what its source says afterwards', () => {
  const { by, linkId } = link;
  const ended = { ...disregardOf(link), linkedCaseId, isLinked: false };

  it('is no news, however great its revision', () => {
    expect(isNewsOfLink([ended], { by, linkId, revision: Number.MAX_SAFE_INTEGER }, linkedCaseId)).toBe(false);
    expect(isNewsOfLink([ended], { by: 'cr-ombudsman', linkId, revision: 1 }, linkedCaseId)).toBe(true);
  });
});
