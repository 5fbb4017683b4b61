import { describe, expect, it } from '@jest/globals';
import { BSER_CODES } from '@acogida/reference';
import {
  DEADLINE_OWNERS,
  FULFILMENT_STATUSES,
  MERGE_TABLE,
  PENDING_STATUSES,
  REQUEST_STATUSES,
  TAKEN_ON,
} from './merge-table.ts';

// Written out a second time on purpose: a change of the table has to be made twice.
// request, fulfilment, both in one word, due, sender's task, business status, FHIR ServiceRequest/Task, sender may, receiver may
// prettier-ignore
const CELLS = [
  ['DRAFT', 'NONE', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'ACKNOWLEDGED', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'ON_HOLD', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'ACCEPTED', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'IN_PROGRESS', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'COMPLETED', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'REJECTED', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['DRAFT', 'FAILED', 'DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', 'SEND CANCEL', ''],
  ['REQUESTED', 'NONE', 'REQUESTED', 'ACKNOWLEDGE', 'WAITING', 'AWAITING_ACKNOWLEDGEMENT', 'active/requested', 'CANCEL MARK_IN_ERROR ESCALATE EXPIRE', 'ACKNOWLEDGE REJECT'],
  ['REQUESTED', 'ACKNOWLEDGED', 'ACKNOWLEDGED', 'DECIDE', 'WAITING', 'UNDER_REVIEW', 'active/received', 'CANCEL MARK_IN_ERROR ESCALATE EXPIRE', 'HOLD ACCEPT REJECT'],
  ['REQUESTED', 'ON_HOLD', 'ON_HOLD', 'RESUME', 'WAITING', 'WAITLISTED', 'active/on-hold', 'CANCEL MARK_IN_ERROR ESCALATE EXPIRE INFORM', 'HOLD RESUME ACCEPT REJECT'],
  ['REQUESTED', 'ACCEPTED', 'ACCEPTED', 'START', 'WAITING', 'AWAITING_SERVICE', 'active/accepted', 'CANCEL MARK_IN_ERROR ESCALATE RELEASE_CUSTODY', 'START COMPLETE FAIL'],
  ['REQUESTED', 'IN_PROGRESS', 'IN_PROGRESS', 'REPORT', 'WAITING', 'SERVICE_IN_PROGRESS', 'active/in-progress', 'CANCEL MARK_IN_ERROR ESCALATE RELEASE_CUSTODY', 'COMPLETE FAIL'],
  ['REQUESTED', 'COMPLETED', 'COMPLETED', 'CLOSE_LOOP', 'DONE', 'SERVICE_COMPLETED', 'active/completed', 'CLOSE_LOOP', ''],
  ['REQUESTED', 'REJECTED', 'REJECTED', 'CLOSE_LOOP', 'REOPENED', 'DECLINED', 'active/rejected', 'CLOSE_LOOP', ''],
  ['REQUESTED', 'FAILED', 'FAILED', 'CLOSE_LOOP', 'REOPENED', 'NOT_PROVIDED', 'active/failed', 'CLOSE_LOOP', ''],
  ['CANCELLED', 'NONE', 'CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/cancelled', '', ''],
  ['CANCELLED', 'ACKNOWLEDGED', 'CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/cancelled', '', ''],
  ['CANCELLED', 'ON_HOLD', 'CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/cancelled', '', ''],
  ['CANCELLED', 'ACCEPTED', 'CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/accepted', 'ESCALATE', 'COMPLETE FAIL'],
  ['CANCELLED', 'IN_PROGRESS', 'CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/in-progress', 'ESCALATE', 'COMPLETE FAIL'],
  ['CANCELLED', 'COMPLETED', 'COMPLETED', null, 'DONE', 'COMPLETED_ALTHOUGH_CANCELLED', 'revoked/completed', '', ''],
  ['CANCELLED', 'REJECTED', 'CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/rejected', '', ''],
  ['CANCELLED', 'FAILED', 'CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/failed', '', ''],
  ['EXPIRED', 'NONE', 'EXPIRED', 'CLOSE_LOOP', 'REOPENED', 'EXPIRED', 'revoked/cancelled', 'MARK_IN_ERROR CLOSE_LOOP', ''],
  ['EXPIRED', 'ACKNOWLEDGED', 'EXPIRED', 'CLOSE_LOOP', 'REOPENED', 'EXPIRED', 'revoked/cancelled', 'MARK_IN_ERROR CLOSE_LOOP', ''],
  ['EXPIRED', 'ON_HOLD', 'EXPIRED', 'CLOSE_LOOP', 'REOPENED', 'EXPIRED', 'revoked/cancelled', 'MARK_IN_ERROR CLOSE_LOOP', ''],
  ['EXPIRED', 'ACCEPTED', 'ACCEPTED', 'START', 'WAITING', 'AWAITING_SERVICE', 'active/accepted', 'CANCEL MARK_IN_ERROR ESCALATE RELEASE_CUSTODY', 'START COMPLETE FAIL'],
  ['EXPIRED', 'IN_PROGRESS', 'IN_PROGRESS', 'REPORT', 'WAITING', 'SERVICE_IN_PROGRESS', 'active/in-progress', 'CANCEL MARK_IN_ERROR ESCALATE RELEASE_CUSTODY', 'COMPLETE FAIL'],
  ['EXPIRED', 'COMPLETED', 'COMPLETED', 'CLOSE_LOOP', 'DONE', 'SERVICE_COMPLETED', 'active/completed', 'CLOSE_LOOP', ''],
  ['EXPIRED', 'REJECTED', 'REJECTED', 'CLOSE_LOOP', 'REOPENED', 'DECLINED', 'revoked/rejected', 'CLOSE_LOOP', ''],
  ['EXPIRED', 'FAILED', 'FAILED', 'CLOSE_LOOP', 'REOPENED', 'NOT_PROVIDED', 'active/failed', 'CLOSE_LOOP', ''],
  ['ENTERED_IN_ERROR', 'NONE', 'ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/entered-in-error', '', ''],
  ['ENTERED_IN_ERROR', 'ACKNOWLEDGED', 'ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/entered-in-error', '', ''],
  ['ENTERED_IN_ERROR', 'ON_HOLD', 'ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/entered-in-error', '', ''],
  ['ENTERED_IN_ERROR', 'ACCEPTED', 'ENTERED_IN_ERROR', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'entered-in-error/accepted', 'ESCALATE', 'COMPLETE FAIL'],
  ['ENTERED_IN_ERROR', 'IN_PROGRESS', 'ENTERED_IN_ERROR', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'entered-in-error/in-progress', 'ESCALATE', 'COMPLETE FAIL'],
  ['ENTERED_IN_ERROR', 'COMPLETED', 'COMPLETED', null, 'DONE', 'COMPLETED_ALTHOUGH_CANCELLED', 'entered-in-error/completed', '', ''],
  ['ENTERED_IN_ERROR', 'REJECTED', 'ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/rejected', '', ''],
  ['ENTERED_IN_ERROR', 'FAILED', 'ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/failed', '', ''],
  ['LOOP_CLOSED', 'NONE', 'EXPIRED', null, 'DONE', 'CLOSED', 'revoked/cancelled', '', ''],
  ['LOOP_CLOSED', 'ACKNOWLEDGED', 'EXPIRED', null, 'DONE', 'CLOSED', 'revoked/cancelled', '', ''],
  ['LOOP_CLOSED', 'ON_HOLD', 'EXPIRED', null, 'DONE', 'CLOSED', 'revoked/cancelled', '', ''],
  ['LOOP_CLOSED', 'ACCEPTED', 'CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/accepted', 'ESCALATE', 'COMPLETE FAIL'],
  ['LOOP_CLOSED', 'IN_PROGRESS', 'CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/in-progress', 'ESCALATE', 'COMPLETE FAIL'],
  ['LOOP_CLOSED', 'COMPLETED', 'COMPLETED', null, 'DONE', 'CLOSED', 'completed/completed', '', ''],
  ['LOOP_CLOSED', 'REJECTED', 'REJECTED', null, 'DONE', 'CLOSED', 'revoked/rejected', '', ''],
  ['LOOP_CLOSED', 'FAILED', 'FAILED', null, 'DONE', 'CLOSED', 'revoked/failed', '', ''],
] as const;

const MERGES = REQUEST_STATUSES.flatMap((request) =>
  FULFILMENT_STATUSES.map((fulfilment) => ({ request, fulfilment, merge: MERGE_TABLE[request][fulfilment] })),
);
const isTaken = (fulfilment: string): boolean => (TAKEN_ON as readonly string[]).includes(fulfilment);

describe('the merge table', () => {
  it('is total', () => {
    expect(CELLS.map(([request, fulfilment]) => [request, fulfilment])).toEqual(
      MERGES.map(({ request, fulfilment }) => [request, fulfilment]),
    );
    expect(CELLS).toHaveLength(48);
  });

  it.each(CELLS)('%s × %s is %s', (request, fulfilment, status, due, senderTask, business, fhir, sender, receiver) => {
    const [requestStatus, taskStatus] = fhir.split('/');
    expect(MERGE_TABLE[request][fulfilment]).toEqual({
      ...{ status, due, senderTask, business },
      fhir: { request: requestStatus, task: taskStatus },
      next: { SENDER: sender.split(' ').filter(Boolean), RECEIVER: receiver.split(' ').filter(Boolean) },
    });
  });

  it('INV-19 whatever is not settled waits for somebody who can do something about it', () => {
    for (const { merge } of MERGES) {
      const mayAct = (side: 'SENDER' | 'RECEIVER'): boolean => merge.next[side].length > 0;
      if (merge.due === null) expect([mayAct('SENDER'), mayAct('RECEIVER')]).toEqual([false, false]);
      else expect(mayAct(DEADLINE_OWNERS[merge.due])).toBe(true);
    }
  });

  it('INV-19 a task that came back is closed by its sender alone', () => {
    const reopened = MERGES.filter(({ merge }) => merge.senderTask === 'REOPENED');
    expect(reopened.length).toBeGreaterThan(0);
    for (const { merge } of reopened) {
      expect(merge.due).toBe('CLOSE_LOOP');
      expect(merge.next.SENDER).toContain('CLOSE_LOOP');
      expect(merge.next.RECEIVER).toEqual([]);
    }
  });

  it('lets no sender take back what a receiver began, and go', () => {
    for (const { request, fulfilment, merge } of MERGES) {
      const isBack = request === 'CANCELLED' || request === 'ENTERED_IN_ERROR' || request === 'LOOP_CLOSED';
      if (isBack && isTaken(fulfilment))
        expect([merge.due, merge.next.RECEIVER]).toEqual(['COMPENSATE', ['COMPLETE', 'FAIL']]);
    }
  });

  it('has pending statuses where the sender still waits for a decision, and nowhere else', () => {
    for (const { request, fulfilment, merge } of MERGES) {
      const undecided = ['NONE', 'ACKNOWLEDGED', 'ON_HOLD'].includes(fulfilment);
      const pending = request === 'DRAFT' || (request === 'REQUESTED' && undecided);
      expect([request, fulfilment, (PENDING_STATUSES as readonly string[]).includes(merge.status)]).toEqual([
        request,
        fulfilment,
        pending,
      ]);
    }
  });

  it('has a code of BSeR for all that is under way or answered', () => {
    for (const { request, merge } of MERGES) {
      if (request === 'REQUESTED') expect(BSER_CODES[merge.business]).toMatch(/^\d(\.\d)+$/);
    }
  });
});
