import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { FAILURE_REASONS, type FailureReason } from '@acogida/reference';
import { cameToNothing, keepsFacts } from './came-to-nothing.ts';
import { FULFILMENT_STATUSES, MERGE_TABLE, REQUEST_STATUSES, type RequestStatus } from './merge-table.ts';
import { referralDecider } from './procedure.ts';
import type { Referral } from './referral.ts';
import { ANSWERED_AT, type ExampleStep, history, step } from './referral-examples.ts';
import { ENDING_TABLE, ENDINGS, type Ending } from './step-tables.ts';

function after(...steps: readonly ExampleStep[]): Referral {
  return fold(referralDecider, history(...steps)) as Referral;
}

const ACCEPTED = ['ReferralReceived', 'ReferralAcknowledged', 'ReferralAccepted'] as const;
const failed = (reason: FailureReason): ExampleStep => step('ReferralFailed', { reason });
/** A transfer that was accepted, with whatever came after. */
const transferred = (...steps: readonly ExampleStep[]): readonly ExampleStep[] => [
  step('ReferralReceived', { transfer: true }),
  ...ACCEPTED.slice(1),
  ...steps,
];

describe('a referral came to nothing at its receiver', () => {
  it.each<[string, readonly ExampleStep[]]>([
    ['rejected', ['ReferralReceived', 'ReferralRejected']],
    ['rejected, and its loop closed', ['ReferralReceived', 'ReferralRejected', 'LoopClosureNoted']],
    ['cancelled', ['ReferralReceived', 'CancellationNoted']],
    ['cancelled while it was on hold', ['ReferralReceived', 'ReferralAcknowledged', 'HoldNoted', 'CancellationNoted']],
    ['expired', ['ReferralReceived', 'ReferralAcknowledged', 'ExpiryNoted']],
    ['expired, and its loop closed', ['ReferralReceived', 'ExpiryNoted', 'LoopClosureNoted']],
    ['entered in error', ['ReferralReceived', 'EntryErrorNoted']],
    ['cancelled before the service began', [...ACCEPTED, 'CancellationNoted', failed('CANCELLED_BY_SENDER')]],
    ['cancelled, and failed for a reason of its own', [...ACCEPTED, 'CancellationNoted', failed('SERVICE_CLOSED')]],
    ['closed while it was accepted', [...ACCEPTED, 'LoopClosureNoted', failed('CANCELLED_BY_SENDER')]],
    ['without consent before the service began', [...ACCEPTED, failed('CONSENT_WITHDRAWN')]],
    ['a transfer that its sender cancelled', transferred('CancellationNoted', failed('CONSENT_WITHDRAWN'))],
    ['a transfer that its sender closed unreleased', transferred(failed('CONSENT_WITHDRAWN'), 'LoopClosureNoted')],
    [
      'entered in error, found while it was served',
      [...ACCEPTED, 'ReferralServiceStarted', 'EntryErrorNoted', failed('CANCELLED_BY_SENDER')],
    ],
  ])('when it was %s', (_, steps) => {
    expect([cameToNothing(after(...steps)), keepsFacts(after(...steps))]).toEqual([true, false]);
  });

  it.each<[string, readonly ExampleStep[]]>([
    ['waits for its answer', ['ReferralReceived']],
    ['waits on hold', ['ReferralReceived', 'ReferralAcknowledged', 'ReferralPutOnHold']],
    ['was accepted', ACCEPTED],
    ['was accepted before it expired', [...ACCEPTED, 'ExpiryNoted']],
    ['was accepted, and is yet to be ended for its sender', [...ACCEPTED, 'CancellationNoted']],
    ['is served', [...ACCEPTED, 'ReferralServiceStarted']],
    ['was served', [...ACCEPTED, 'ReferralCompleted', 'LoopClosureNoted']],
    ['was served although it was entered in error', [...ACCEPTED, 'ReferralCompleted', 'EntryErrorNoted']],
    ['was accepted, and the person did not come', [...ACCEPTED, failed('NO_SHOW'), 'LoopClosureNoted']],
    ['was begun when its consent was withdrawn', [...ACCEPTED, 'ReferralServiceStarted', failed('CONSENT_WITHDRAWN')]],
    [
      'was begun when it was cancelled',
      [...ACCEPTED, 'ReferralServiceStarted', 'CancellationNoted', failed('CANCELLED_BY_SENDER')],
    ],
    ['brought custody', transferred('CustodyReleaseNoted', failed('CONSENT_WITHDRAWN'))],
    [
      'brought custody, and its loop was closed',
      transferred('CustodyReleaseNoted', failed('CANCELLED_BY_SENDER'), 'LoopClosureNoted'),
    ],
    ['may bring custody, as its sender has not closed it', transferred(failed('CONSENT_WITHDRAWN'))],
    [
      'brought custody, which crossed its end',
      transferred(failed('CONSENT_WITHDRAWN'), 'CustodyReleaseNoted', 'LoopClosureNoted'),
    ],
  ])('but not when it %s', (_, steps) => {
    expect([cameToNothing(after(...steps)), keepsFacts(after(...steps))]).toEqual([false, true]);
  });

  it.each<[string, readonly ExampleStep[]]>([
    ['rejected', ['ReferralRequested', 'RejectionNoted']],
    ['cancelled', ['ReferralRequested', 'ReferralCancelled']],
    ['expired', ['ReferralRequested', 'ReferralExpired']],
  ])('its sender keeps what it said, also when it was %s', (_, steps) => {
    expect(keepsFacts(after(...steps))).toBe(true);
  });
});

const BECOMES: Readonly<Record<Ending, RequestStatus>> = {
  ...{ EXPIRE: 'EXPIRED', CANCEL: 'CANCELLED', MARK_IN_ERROR: 'ENTERED_IN_ERROR', CLOSE_LOOP: 'LOOP_CLOSED' },
};
const ENDS = REQUEST_STATUSES.flatMap((requestStatus) =>
  FULFILMENT_STATUSES.flatMap((fulfilment) =>
    ([null, ...FAILURE_REASONS] as const).flatMap((failure) =>
      [null, ANSWERED_AT].flatMap((startedAt) =>
        [false, true].flatMap((transfer) =>
          [null, 2].map((custodyTerm) => ({
            ...{ requestStatus, fulfilment, failure, custodyTerm, request: { transfer }, times: { startedAt } },
          })),
        ),
      ),
    ),
  ),
).filter(cameToNothing);

describe('what came to nothing', () => {
  it('is left to its receiver by no cell of the merge table: no acceptance can follow', () => {
    expect(ENDS.length).toBeGreaterThan(0);
    for (const { requestStatus, fulfilment } of ENDS) {
      expect([requestStatus, fulfilment, MERGE_TABLE[requestStatus][fulfilment].next.RECEIVER]).toEqual([
        ...[requestStatus, fulfilment, []],
      ]);
    }
  });

  it('stays so whatever is heard of its sender', () => {
    const advances = ENDS.filter(({ requestStatus }) =>
      ENDINGS.some((ending) => ENDING_TABLE[requestStatus][ending] === 'advance'),
    );
    expect(advances.length).toBeGreaterThan(0);
    for (const end of advances) {
      const heard = ENDINGS.filter((ending) => ENDING_TABLE[end.requestStatus][ending] === 'advance');
      const then = heard.map((ending) => ({ ...end, requestStatus: BECOMES[ending] }));
      expect(then.filter((one) => !cameToNothing(one))).toEqual([]);
    }
  });
});
