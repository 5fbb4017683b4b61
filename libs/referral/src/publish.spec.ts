import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { referralDecider, referralVersions } from './procedure.ts';
import { publishReferral } from './publish.ts';
import type { ReferralEvent } from './referral.ts';
import * as example from './referral-examples.ts';

const { referralId, caseId, requestedAt } = example.REQUEST;
const frame = { class: 'referral', schemaVersion: 1, caseId };

function published(opening: ReferralEvent, event: ReferralEvent): ReturnType<typeof publishReferral> {
  return publishReferral(event, fold(referralDecider, event === opening ? [opening] : [opening, event]));
}

describe('publishReferral', () => {
  it('publishes the request without the case id in its data', () => {
    const { caseId: _, requestedAt: __, ...data } = example.REQUEST;
    expect(published(example.REQUESTED, example.REQUESTED)).toEqual({
      ...frame,
      type: 'ReferralRequested',
      occurredAt: requestedAt,
      data,
    });
  });

  it.each([
    [example.ACKNOWLEDGED, { referralId }],
    [example.ACCEPTED, { referralId }],
    [example.REJECTED, { referralId, reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit' }],
    [example.COMPLETED, { referralId, result: 'SERVICE_PROVIDED' }],
  ])('publishes the receiver’s answer %#', (event, data) => {
    const expected = { ...frame, type: event.type, occurredAt: example.ANSWERED_AT, data };
    expect(published(example.RECEIVED, event)).toEqual(expected);
  });

  it.each([
    example.RECEIVED,
    example.ACKNOWLEDGEMENT_NOTED,
    example.ACCEPTANCE_NOTED,
    example.REJECTION_NOTED,
    example.COMPLETION_NOTED,
  ])('keeps $type private', (event) => {
    expect(published(event === example.RECEIVED ? event : example.REQUESTED, event)).toBeNull();
  });

  it('fits the schemas', () => {
    for (const event of [
      example.REQUESTED,
      example.ACKNOWLEDGED,
      example.ACCEPTED,
      example.REJECTED,
      example.COMPLETED,
    ]) {
      const contract = published(event === example.REQUESTED ? event : example.RECEIVED, event);
      expect(contract && contractDataFault(contract.type, contract.schemaVersion, contract.data)).toBeUndefined();
      expect(referralVersions[event.type]).toBe(1);
    }
  });
});
