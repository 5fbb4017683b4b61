import { describe, expect, it } from '@jest/globals';
import type { ReferralRequestedV2Data } from '@acogida/contracts';
import { DomainError, fold, type JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import {
  type Custody,
  custodyDecider,
  type CustodyEvent,
  heardReleaseDecider,
  type HeardReleasesState,
  referralDecider,
  type ReferralEvent,
  type ReferralEventType,
  type ReferralStep,
  withDue,
} from '@acogida/referral';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import type { NodeContext } from '../node-definition.ts';
import type { ExecuteOptions, ProcedureHandler } from '../procedure-handler.ts';
import { referralDesk } from './referral-desk.ts';

const ASKED = {
  referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
  sender: 'cr-border-intake',
  receiver: 'cr-conatt',
  service: 'TRAFFICKING_SCREENING',
  urgency: 'URGENT',
  reason: 'TRAFFICKING_SUSPECTED',
  acknowledgeBy: '2026-11-23T09:00:00.000Z',
  consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: null },
  facts: { sex: 'MALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['NI'], nationalityStatus: 'DECLARED' },
  transfer: false,
  groupId: null,
  attachments: [],
  deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
} as const;
const REQUEST: ReferralRequestedV2Data = { ...ASKED, custodyTerm: null, causedBy: null, separationReason: null };
const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const AT = '2026-11-22T09:00:00.000Z';
const opening = (type: 'ReferralRequested' | 'ReferralReceived', change: object = {}): ReferralStep => ({
  type,
  data: { ...ASKED, caseId: CASE_ID, requestedAt: AT, ...change },
});
const history = (...steps: readonly ReferralStep[]): ReferralEvent[] => [...withDue(steps, null)];
const SENT = opening('ReferralRequested');
const RECEIVED = opening('ReferralReceived');

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

/** The same, said of another case. */
function ofCase(event: ReceivedEvent, caseId = 'f0e1d2c3-b4a5-4697-8877-665544332211'): ReceivedEvent {
  return { ...event, payload: { ...event.payload, caseId } };
}

type Taken = Extract<CustodyEvent, { readonly type: 'CustodyTaken' }>['data'];

/** Custody of which one term is known. */
function custodyOf(term: Pick<Taken, 'term' | 'holder' | 'basis' | 'from'> & Partial<Taken>): Custody {
  const data = { caseId: CASE_ID, releasedBy: null, lastGoodNumber: null, referralId: null, takenAt: AT, ...term };
  return fold(custodyDecider, [{ type: 'CustodyTaken', data }]) as Custody;
}

/** A node that keeps one referral, and the custody of its case, in memory. */
class OneReferral implements Pick<ProcedureHandler, 'load' | 'executeWithin'> {
  readonly executed: ExecuteOptions<never, never, never>[] = [];
  readonly events: ReferralEvent[];
  custody: Custody | null = null;
  heard: HeardReleasesState = [];

  constructor(...events: ReferralEvent[]) {
    this.events = events;
  }

  load = (async ({ name }: { readonly name: string }) => {
    if (name === 'succession') return { version: 0, state: null };
    if (name === 'heard-release') return { version: this.heard.length, state: this.heard };
    const state = name === 'custody' ? this.custody : fold(referralDecider, this.events);
    return { version: this.events.length, state };
  }) as unknown as ProcedureHandler['load'];

  executeWithin = (async (_: Transaction, options: ExecuteOptions<never, never, never>) => {
    this.executed.push(options);
    if (options.procedure.name === 'custody') {
      this.custody = fold(custodyDecider, custodyDecider.decide(options.command, this.custody), this.custody);
      return { state: this.custody };
    }
    if (options.procedure.name === 'heard-release') {
      this.heard = fold(heardReleaseDecider, heardReleaseDecider.decide(options.command, this.heard), this.heard);
      return { state: this.heard };
    }
    const state = fold(referralDecider, this.events);
    this.events.push(...referralDecider.decide(options.command, state));
    return { state: fold(referralDecider, this.events) };
  }) as unknown as ProcedureHandler['executeWithin'];
}

async function react(agencyId: string, referral: OneReferral, event: ReceivedEvent): Promise<void> {
  const handler = referral as unknown as ProcedureHandler;
  const context: NodeContext = { agencyId, jurisdiction: 'CR', handler, clock: { now: () => AT }, members: () => [] };
  const policies = referralDesk({ pointless: async () => [] }).policies(context);
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

type Heard = readonly [type: string, content: JsonObject, noted: ReferralEventType, data: JsonObject];

const ATTACHMENTS = [{ attachmentId: CASE_ID, kind: 'OTHER', sha256: '0f'.repeat(32) }];
const HOLD = { hold: 1, reason: 'INFORMATION_REQUESTED', information: ['HEALTH'], expectedBy: null };
const MISSED = { missed: 'ACKNOWLEDGE', missedAt: REQUEST.acknowledgeBy, answerBy: '2026-11-23T21:00:00.000Z' };
const ANSWERS: readonly Heard[] = [
  ['ReferralAcknowledged', {}, 'AcknowledgementNoted', { acknowledgedAt: AT }],
  ['ReferralPutOnHold', HOLD, 'HoldNoted', { ...HOLD, heldAt: AT }],
  ['ReferralResumed', { hold: 1 }, 'ResumptionNoted', { hold: 1, resumedAt: AT }],
  ['ReferralAccepted', {}, 'AcceptanceNoted', { acceptedAt: AT }],
  [
    'ReferralRejected',
    { reason: 'NO_CAPACITY', alternativeAgency: null },
    ...(['RejectionNoted', { reason: 'NO_CAPACITY', alternativeAgency: null, rejectedAt: AT }] as const),
  ],
  ['ReferralServiceStarted', {}, 'ServiceStartNoted', { startedAt: AT }],
  [
    'ReferralCompleted',
    { result: 'PARTLY_PROVIDED' },
    ...(['CompletionNoted', { result: 'PARTLY_PROVIDED', completedAt: AT }] as const),
  ],
  ['ReferralFailed', { reason: 'NO_SHOW' }, 'FailureNoted', { reason: 'NO_SHOW', failedAt: AT }],
];
const SAYINGS: readonly Heard[] = [
  ['ReferralCancelled', { reason: 'SUPERSEDED' }, 'CancellationNoted', { reason: 'SUPERSEDED', cancelledAt: AT }],
  ['ReferralExpired', {}, 'ExpiryNoted', { expiredAt: AT }],
  ['ReferralMarkedInError', { reason: 'WRONG_PERSON' }, 'EntryErrorNoted', { reason: 'WRONG_PERSON', markedAt: AT }],
  ['ReferralEscalated', MISSED, 'EscalationNoted', { ...MISSED, escalatedAt: AT }],
  [
    'ReferralLoopClosed',
    { outcome: 'CONTINUES_HERE', nextReferralId: null },
    ...(['LoopClosureNoted', { outcome: 'CONTINUES_HERE', nextReferralId: null, closedAt: AT }] as const),
  ],
];

describe('when a referral is requested', () => {
  it('the receiver receives it, with its cause on record', async () => {
    const referral = new OneReferral();
    await react('cr-conatt', referral, received('ReferralRequested', 'cr-border-intake', REQUEST));
    expect(referral.events).toEqual(history(RECEIVED));
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

describe.each([
  ...ANSWERS.map((heard) => ['cr-border-intake', SENT, 'cr-conatt', RECEIVED, 'RECEIVER', heard] as const),
  ...SAYINGS.map((heard) => ['cr-conatt', RECEIVED, 'cr-border-intake', SENT, 'SENDER', heard] as const),
])('at %s', (here, stream, there, otherStream, speaker, [type, content, noted, data]) => {
  const told = { referralId: REQUEST.referralId, ...content };

  it(`notes ${type}, once`, async () => {
    const referral = new OneReferral(...history(stream));
    await react(here, referral, received(type, there, told));
    await react(here, referral, received(type, there, told));
    expect(referral.events).toEqual(history(stream, { type: noted, data } as unknown as ReferralStep));
  });

  it(`does nothing with ${type} of a referral that it does not know`, async () => {
    const referral = new OneReferral();
    await react('mx-comar', referral, received(type, there, told));
    expect(referral.executed).toEqual([]);
  });

  it(`does nothing with ${type} at the side that says it, whoever says it`, async () => {
    const referral = new OneReferral(...history(otherStream));
    await react(there, referral, received(type, 'mx-comar', told));
    expect(referral.executed).toEqual([]);
  });

  it(`refuses ${type} that is said of another case`, async () => {
    const referral = new OneReferral(...history(stream));
    expect(await refusalOf(react(here, referral, ofCase(received(type, there, told))))).toBe('REFERRAL.CONTRADICTION');
    expect(referral.executed).toEqual([]);
  });

  it(`refuses ${type} of an agency that speaks for another`, async () => {
    const reaction = react(here, new OneReferral(...history(stream)), received(type, 'mx-comar', told));
    expect(await refusalOf(reaction)).toBe(`REFERRAL.NOT_THE_${speaker}`);
  });
});

describe('when information is provided', () => {
  it('the receiver notes it to the hold that it is for, once', async () => {
    const held = { type: 'ReferralPutOnHold', data: { ...HOLD, heldAt: AT } } as unknown as ReferralStep;
    const referral = new OneReferral(...history(RECEIVED, held));
    const told = { referralId: REQUEST.referralId, hold: 1, information: ['HEALTH'], attachments: ATTACHMENTS };
    await react('cr-conatt', referral, received('ReferralInformationProvided', 'cr-border-intake', told));
    await react('cr-conatt', referral, received('ReferralInformationProvided', 'cr-border-intake', told));
    const { referralId: _, ...data } = told;
    const noted = { type: 'InformationNoted', data: { ...data, providedAt: AT } } as unknown as ReferralStep;
    expect(referral.events).toEqual(history(RECEIVED, held, noted));
  });
});

describe('when a transfer is accepted', () => {
  const TRANSFER = opening('ReferralRequested', { transfer: true });
  const OWN = custodyOf({ term: 1, holder: 'cr-border-intake', basis: 'OPENED', from: null });
  const accepted = received('ReferralAccepted', 'cr-conatt', { referralId: REQUEST.referralId });

  it('the custodian gives the case away at the next term, in both streams, once', async () => {
    const referral = new OneReferral(...history(TRANSFER));
    referral.custody = OWN;
    await react('cr-border-intake', referral, accepted);
    await react('cr-border-intake', referral, accepted);
    expect(referral.events.map(({ type }) => type)).toEqual([
      'ReferralRequested',
      'AcceptanceNoted',
      'CustodyReleased',
    ]);
    expect(referral.events.at(-1)?.data).toMatchObject({ term: 2, releasedAt: AT });
    expect(referral.custody).toMatchObject({
      term: 2,
      holder: 'cr-conatt',
      from: 'cr-border-intake',
      releasedBy: null,
    });
  });

  it('that was cancelled before, nothing is given away: the receiver compensates', async () => {
    const cancel = { type: 'ReferralCancelled', data: { reason: 'PERSON_DECLINED', cancelledAt: AT } } as const;
    const referral = new OneReferral(...history(TRANSFER, cancel));
    referral.custody = OWN;
    await react('cr-border-intake', referral, accepted);
    expect(referral.events.map(({ type }) => type).slice(1)).toEqual(['ReferralCancelled', 'AcceptanceNoted']);
    expect(referral.custody).toEqual(OWN);
  });

  it('when the case went elsewhere meanwhile, it is superseded', async () => {
    const referral = new OneReferral(...history(TRANSFER));
    referral.custody = custodyOf({ term: 2, holder: 'mx-comar', basis: 'RELEASED', from: 'cr-border-intake' });
    await react('cr-border-intake', referral, accepted);
    expect(referral.events.at(-1)).toMatchObject({ type: 'ReferralCancelled', data: { reason: 'SUPERSEDED' } });
    expect(referral.custody).toMatchObject({ term: 2, holder: 'mx-comar' });
  });
});

describe('when custody is released', () => {
  const TRANSFER: readonly ReferralStep[] = [
    opening('ReferralReceived', { transfer: true }),
    { type: 'ReferralAcknowledged', data: { acknowledgedAt: AT } },
    { type: 'ReferralAccepted', data: { acceptedAt: AT } },
  ];
  const KNOWN = custodyOf({ term: 3, holder: 'cr-border-intake', basis: 'RELEASED', from: 'mx-comar', releasedBy: 1 });
  const released = (data: object, source = 'cr-border-intake'): ReceivedEvent =>
    received('CustodyReleased', source, { referralId: REQUEST.referralId, term: 2, to: 'cr-conatt', ...data });

  it('its receiver takes the case over, once', async () => {
    const referral = new OneReferral(...history(...TRANSFER));
    await react('cr-conatt', referral, released({}));
    await react('cr-conatt', referral, released({}));
    expect(referral.events.map(({ type }) => type).slice(2)).toEqual(['ReferralAccepted', 'CustodyReleaseNoted']);
    expect(referral.custody).toMatchObject({ term: 2, holder: 'cr-conatt', releasedBy: 7 });
  });

  it('a term that came by another referral does not come again by this one', async () => {
    const referral = new OneReferral(...history(...TRANSFER));
    const by = { referralId: '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77', releasedBy: 6 };
    const before = custodyOf({ term: 2, holder: 'cr-conatt', basis: 'RELEASED', from: 'cr-border-intake', ...by });
    referral.custody = before;
    expect(await refusalOf(react('cr-conatt', referral, released({})))).toBe('CUSTODY.STALE_TERM');
    expect(referral.custody).toEqual(before);
  });

  it.each([
    ['a stale term', released({ term: 2 }), 'CUSTODY.STALE_TERM'],
    ['an agency that is not the sender', released({ term: 4 }, 'mx-comar'), 'REFERRAL.NOT_THE_SENDER'],
    ['another case', ofCase(released({ term: 4 })), 'REFERRAL.CONTRADICTION'],
    ['another agency as custodian', released({ term: 4, to: 'mx-comar' }), 'REFERRAL.CONTRADICTION'],
  ])('refuses %s', async (_, event, code) => {
    const referral = new OneReferral(...history(...TRANSFER));
    referral.custody = KNOWN;
    expect(await refusalOf(react('cr-conatt', referral, event))).toBe(code);
    expect(referral.custody).toEqual(KNOWN);
  });

  it('nobody becomes custodian by a referral that it never received, known case or not', async () => {
    for (const [custody, events] of [
      [KNOWN, []],
      [null, []],
      [KNOWN, history(opening('ReferralRequested', { transfer: true }))],
    ] as const) {
      const referral = new OneReferral(...events);
      referral.custody = custody;
      const to = events.length === 0 ? 'cr-conatt' : 'cr-border-intake';
      const unasked = released({ term: 4, to }, events.length === 0 ? 'cr-border-intake' : 'cr-conatt');
      expect(await refusalOf(react(to, referral, unasked))).toBe('REFERRAL.CONTRADICTION');
      expect([referral.executed, referral.custody]).toEqual([[], custody]);
    }
  });

  it('everybody else keeps what was heard, and is not told by it who has the case', async () => {
    const referral = new OneReferral();
    await react('mx-comar', referral, released({}));
    await react('mx-comar', referral, released({}));
    const { referralId } = REQUEST;
    const heard = { referralId, term: 2, from: 'cr-border-intake', to: 'cr-conatt', number: 7, at: AT };
    expect([referral.heard, referral.custody, referral.events]).toEqual([[heard], null, []]);
  });

  it('who knows the custody of the case follows it, so that it may come back', async () => {
    const referral = new OneReferral();
    referral.custody = KNOWN;
    await react('mx-comar', referral, released({ term: 4 }));
    expect(referral.custody).toMatchObject({ term: 4, holder: 'cr-conatt', from: 'cr-border-intake' });
    await react('mx-comar', referral, released({ term: 4 }));
    await react('mx-comar', referral, released({ term: 2, to: 'mx-inm' }));
    expect(referral.executed).toHaveLength(1);
    const forged = released({ term: 5, to: 'mx-inm' }, 'cr-border-intake');
    expect(await refusalOf(react('mx-comar', referral, forged))).toBe('CUSTODY.NOT_THE_CUSTODIAN');
    expect(referral.custody).toMatchObject({ term: 4, holder: 'cr-conatt' });
  });
});
