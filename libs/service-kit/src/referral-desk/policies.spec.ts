import { describe, expect, it } from '@jest/globals';
import type { ReferralRequestedV1Data } from '@acogida/contracts';
import { DomainError, fold, type JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { referralDecider, type ReferralEvent } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import type { ExecuteOptions, ProcedureHandler } from '../procedure-handler.ts';
import { referralDesk } from './referral-desk.ts';

const REQUEST: ReferralRequestedV1Data = {
  referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
  sender: 'cr-border-intake',
  receiver: 'cr-conatt',
  service: 'TRAFFICKING_SCREENING',
  urgency: 'URGENT',
  reason: 'TRAFFICKING_SUSPECTED',
  acknowledgeBy: '2026-11-23T09:00:00.000Z',
  consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: null },
  facts: { sex: 'MALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['NI'], nationalityStatus: 'DECLARED' },
};
const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const AT = '2026-11-22T09:00:00.000Z';
const REQUESTED: ReferralEvent = {
  type: 'ReferralRequested',
  data: { ...REQUEST, caseId: CASE_ID, requestedAt: AT },
};

function received(type: string, source: string, data: JsonObject): ReceivedEvent {
  return {
    id: '16fd2706-8baf-433b-82eb-8c7fada847da',
    source,
    class: 'referral',
    subject: 'subject',
    number: 7,
    time: AT,
    clockAhead: false,
    payload: {
      type,
      schemaVersion: 1,
      caseId: CASE_ID,
      data,
      occurredAt: AT,
      recordedAt: AT,
      stream: `referral-${REQUEST.referralId}`,
      version: 1,
      publishedHead: '',
      privateHead: '',
      correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      causation: null,
      clock: '1795338000000-000000',
    },
  };
}

/** A node that keeps one referral in memory. */
class OneReferral implements Pick<ProcedureHandler, 'load' | 'executeWithin'> {
  readonly executed: ExecuteOptions<never, never, never>[] = [];
  readonly events: ReferralEvent[];

  constructor(...events: ReferralEvent[]) {
    this.events = events;
  }

  load = (async () => ({
    version: this.events.length,
    state: fold(referralDecider, this.events),
  })) as unknown as ProcedureHandler['load'];

  executeWithin = (async (_: Transaction, options: ExecuteOptions<never, never, never>) => {
    this.executed.push(options);
    const state = fold(referralDecider, this.events);
    this.events.push(...referralDecider.decide(options.command, state));
  }) as unknown as ProcedureHandler['executeWithin'];
}

async function react(agencyId: string, referral: OneReferral, event: ReceivedEvent): Promise<void> {
  const context: NodeContext = { agencyId, jurisdiction: 'CR', handler: referral as unknown as ProcedureHandler };
  const policies = referralDesk().policies(context);
  for (const policy of policies) {
    if (policy.on === event.payload.type) await policy.react(event, {} as Transaction);
  }
}

async function refusalOf(reaction: Promise<void>): Promise<string> {
  const error: unknown = await reaction.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DomainError);
  return (error as DomainError).code;
}

const ANSWERS: readonly (readonly [string, JsonObject, ReferralEvent])[] = [
  ['ReferralAcknowledged', {}, { type: 'AcknowledgementNoted', data: { acknowledgedAt: AT } }],
  ['ReferralAccepted', {}, { type: 'AcceptanceNoted', data: { acceptedAt: AT } }],
  [
    'ReferralRejected',
    { reason: 'NO_CAPACITY', alternativeAgency: null },
    { type: 'RejectionNoted', data: { reason: 'NO_CAPACITY', alternativeAgency: null, rejectedAt: AT } },
  ],
  [
    'ReferralCompleted',
    { result: 'PARTLY_PROVIDED' },
    { type: 'CompletionNoted', data: { result: 'PARTLY_PROVIDED', completedAt: AT } },
  ],
];

describe('when a referral is requested', () => {
  it('the receiver receives it, with its cause on record', async () => {
    const referral = new OneReferral();
    await react('cr-conatt', referral, received('ReferralRequested', 'cr-border-intake', REQUEST));
    expect(referral.events).toEqual([{ type: 'ReferralReceived', data: REQUESTED.data }]);
    expect(referral.executed[0]).toMatchObject({
      id: REQUEST.referralId,
      actor: 'cr-conatt.when-referral-requested-then-receive-referral',
      correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      causation: { source: 'cr-border-intake', id: '16fd2706-8baf-433b-82eb-8c7fada847da' },
    });
  });

  it('everybody else does nothing', async () => {
    const referral = new OneReferral();
    await react('mx-comar', referral, received('ReferralRequested', 'cr-border-intake', REQUEST));
    expect(referral.executed).toEqual([]);
  });

  it('an agency that speaks for another is refused', async () => {
    const forged = received('ReferralRequested', 'mx-comar', REQUEST);
    expect(await refusalOf(react('cr-conatt', new OneReferral(), forged))).toBe('REFERRAL.NOT_THE_SENDER');
  });

  it('received twice: nothing happens', async () => {
    const referral = new OneReferral();
    const event = received('ReferralRequested', 'cr-border-intake', REQUEST);
    await react('cr-conatt', referral, event);
    await react('cr-conatt', referral, event);
    expect(referral.events).toHaveLength(1);
  });
});

describe.each(ANSWERS)('when %s', (type, content, noted) => {
  const data = { referralId: REQUEST.referralId, ...content };

  it('the sender notes it once', async () => {
    const referral = new OneReferral(REQUESTED);
    await react('cr-border-intake', referral, received(type, 'cr-conatt', data));
    await react('cr-border-intake', referral, received(type, 'cr-conatt', data));
    expect(referral.events).toEqual([REQUESTED, noted]);
  });

  it('an agency that does not know the referral does nothing', async () => {
    const referral = new OneReferral();
    await react('mx-comar', referral, received(type, 'cr-conatt', data));
    expect(referral.executed).toEqual([]);
  });

  it('the receiver does nothing, whoever says it', async () => {
    const referral = new OneReferral({ type: 'ReferralReceived', data: REQUESTED.data });
    await react('cr-conatt', referral, received(type, 'mx-comar', data));
    expect(referral.executed).toEqual([]);
  });

  it('an agency that speaks for the receiver is refused', async () => {
    const forged = received(type, 'mx-comar', data);
    const reaction = react('cr-border-intake', new OneReferral(REQUESTED), forged);
    expect(await refusalOf(reaction)).toBe('REFERRAL.NOT_THE_RECEIVER');
  });
});
