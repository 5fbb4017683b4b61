import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { referralDecider } from './procedure.ts';
import type { ReferralConsent, ReferralFacts } from './referral.ts';
import type { ReferralEvent } from './referral.ts';
import { ASK, type ExampleStep, history, REQUEST, step } from './referral-examples.ts';

const { given } = decides(referralDecider);
const one = (event: ExampleStep): ReferralEvent => history(event)[0] as ReferralEvent;
const REQUESTED = one('ReferralRequested');
const RECEIVED = one('ReferralReceived');
const DRAFTED = one('ReferralDrafted');
const requested = (change: object): ReferralEvent => one(step('ReferralRequested', change));

const NOT_YET = {
  ...{ requestStatus: 'REQUESTED', fulfilment: 'NONE', status: 'REQUESTED', senderTask: 'WAITING' },
  ...{ holds: 0, hold: null, information: null, escalation: null, rejection: null, result: null, failure: null },
  ...{ cancellation: null, entryError: null, closure: null, custodyTerm: null },
  times: {
    ...{ requestedAt: REQUEST.requestedAt, acknowledgedAt: null, heldAt: null, informedAt: null, resumedAt: null },
    ...{ acceptedAt: null, startedAt: null, answeredAt: null, endedAt: null },
  },
};

const consent = (change: Partial<ReferralConsent>): typeof ASK => ({ ...ASK, consent: { ...ASK.consent, ...change } });
const facts = (change: Partial<ReferralFacts>): typeof ASK => ({ ...ASK, facts: { ...ASK.facts, ...change } });

describe('RequestReferral', () => {
  it('opens the sender’s stream with all that was asked', () => {
    given().when(ASK).then(REQUESTED);
    expect(fold(referralDecider, [REQUESTED])).toEqual({ ...NOT_YET, side: 'SENDER', request: REQUEST });
  });

  it.each([
    ['LIFE_SAVING', '2026-11-22T10:00:00.000Z'],
    ['URGENT', '2026-11-23T09:00:00.000Z'],
    ['PRIORITY', '2026-11-25T09:00:00.000Z'],
    ['ROUTINE', '2026-11-29T09:00:00.000Z'],
  ] as const)('is to be acknowledged in time: %s', (urgency, acknowledgeBy) => {
    given()
      .when({ ...ASK, urgency, deadlines: DEFAULT_REFERRAL_DEADLINES[urgency] })
      .then(requested({ urgency, acknowledgeBy, deadlines: DEFAULT_REFERRAL_DEADLINES[urgency] }));
  });

  it.each([
    ['itself', { receiver: ASK.by }, 'REFERRAL.TO_SELF'],
    ['no agency', { receiver: 'Somebody Else' }, 'REFERRAL.RECEIVER_MALFORMED'],
  ])('refuses %s as the receiver', (_, change, code) => {
    given()
      .when({ ...ASK, ...change })
      .thenRefused(code);
  });

  it.each<[string, Partial<ReferralConsent>, string]>([
    ['consent of nobody', { givenBy: 'NOT_APPLICABLE' }, 'REFERRAL.CONSENT_GIVER_MISSING'],
    ['consent in no form', { form: 'NOT_RECORDED', language: null }, 'REFERRAL.CONSENT_FORM_MISSING'],
    ['recorded consent without language', { language: null }, 'REFERRAL.CONSENT_LANGUAGE_MISSING'],
    ['a language that is no code', { language: 'Kreyòl' }, 'REFERRAL.CONSENT_LANGUAGE_MALFORMED'],
    ['a date that is none', { grantedOn: '2026-02-30' }, 'REFERRAL.CONSENT_DATE_MALFORMED'],
    ['best interests of a child for an adult', { basis: 'BEST_INTERESTS_OF_CHILD' }, 'REFERRAL.NOT_A_CHILD'],
  ])('INV-18 refuses %s', (_, change, code) => {
    given().when(consent(change)).thenRefused(code);
  });

  it.each<[string, typeof ASK]>([
    [
      'consent from an old record',
      { ...consent({ form: 'NOT_RECORDED', language: null, grantedOn: null }), takenOver: true },
    ],
    [
      'vital interest without consent',
      consent({ basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE', language: null }),
    ],
    ['a guardian’s thumbprint', consent({ form: 'THUMBPRINT', givenBy: 'GUARDIAN', grantedOn: '2026' })],
    ['an open age band', facts({ ageBand: { fromYears: 48, toYears: null } })],
    ['no age band and no nationality', facts({ ageBand: null, nationalities: [], nationalityStatus: 'UNDETERMINED' })],
  ])('accepts %s', (_, command) => {
    given()
      .when(command)
      .then(requested({ consent: command.consent, facts: command.facts }));
  });

  it.each(['CHILD', 'DISPUTED'] as const)(
    'INV-08 accepts the best interests of a child when age is %s',
    (ageStatus) => {
      const command = {
        ...facts({ ageStatus }),
        consent: { ...ASK.consent, basis: 'BEST_INTERESTS_OF_CHILD' as const },
      };
      given()
        .when(command)
        .then(requested({ consent: command.consent, facts: command.facts }));
    },
  );

  it.each<[string, Partial<ReferralFacts>, string]>([
    ['a country that is none', { nationalities: ['HT', 'XX'] }, 'REFERRAL.NATIONALITY_UNKNOWN'],
    ['INV-08 an adult who may be 17', { ageBand: { fromYears: 17, toYears: 20 } }, 'REFERRAL.AGE_IN_DOUBT'],
    ['INV-08 an adult of any age', { ageBand: { fromYears: null, toYears: 38 } }, 'REFERRAL.AGE_IN_DOUBT'],
    ['an inverted age band', { ageBand: { fromYears: 38, toYears: 30 } }, 'REFERRAL.AGE_BAND_INVERTED'],
  ])('refuses %s', (_, change, code) => {
    given().when(facts(change)).thenRefused(code);
  });

  it('asked again the same, later: nothing happens', () => {
    given(REQUESTED)
      .when({ ...ASK, now: '2026-11-22T09:30:00.000Z' })
      .thenNothing();
    given(...history('ReferralRequested', 'AcknowledgementNoted'))
      .when(ASK)
      .thenNothing();
  });

  it('asked again otherwise while it waits: refused', () => {
    given(REQUESTED)
      .when({ ...ASK, urgency: 'ROUTINE' })
      .thenRefused('REFERRAL.ALREADY_PENDING');
    given(REQUESTED)
      .when(facts({ nationalities: [] }))
      .thenRefused('REFERRAL.ALREADY_PENDING');
    given(REQUESTED)
      .when(consent({ grantedOn: null }))
      .thenRefused('REFERRAL.ALREADY_PENDING');
  });

  it('an answered referral is not asked again under its id, nor one that was received', () => {
    given(...history('ReferralRequested', 'RejectionNoted'))
      .when(ASK)
      .thenRefused('REFERRAL.ID_TAKEN');
    given(...history('ReferralRequested', 'CompletionNoted'))
      .when(ASK)
      .thenRefused('REFERRAL.ID_TAKEN');
    given(RECEIVED).when(ASK).thenRefused('REFERRAL.ID_TAKEN');
  });
});

describe.each(['CHILD', 'DISPUTED'] as const)(
  'INV-08 a consent stated in words, of a person whose age is %s',
  (ageStatus) => {
    const asChild = (change: Partial<ReferralConsent>): typeof ASK => ({
      ...facts({ ageStatus }),
      consent: consent(change).consent,
    });
    const told = facts({ ageStatus }).facts;

    it.each<[string, Partial<ReferralConsent>, string]>([
      ['its own word', {}, 'CONSENT.GUARDIAN_MISSING'],
      ['its own word, though it agrees', { childAssent: 'YES' }, 'CONSENT.GUARDIAN_MISSING'],
      ['a guardian’s word alone', { givenBy: 'GUARDIAN' }, 'CONSENT.ASSENT_MISSING'],
      [
        'a guardian’s word against its own',
        { givenBy: 'GUARDIAN', childAssent: 'NO' },
        'CONSENT.CHILD_DOES_NOT_ASSENT',
      ],
    ])('is refused on %s, also where it was drafted', (_, change, code) => {
      given().when(asChild(change)).thenRefused(code);
      given(DRAFTED).when(asChild(change)).thenRefused(code);
    });

    it.each<[string, typeof ASK]>([
      ['by its guardian, with its assent', asChild({ givenBy: 'GUARDIAN', childAssent: 'YES' })],
      [
        'by its guardian, too young to assent, through an interpreter',
        asChild({ givenBy: 'GUARDIAN', childAssent: 'TOO_YOUNG', interpretation: 'IN_PERSON' }),
      ],
      ['on record, judged when it was recorded', asChild({ consentId: ASK.caseId })],
      [
        'in an earlier register that says no more',
        { ...asChild({ form: 'NOT_RECORDED', language: null }), takenOver: true },
      ],
    ])('is accepted as given %s', (_, command) => {
      given()
        .when(command)
        .then(requested({ consent: command.consent, facts: told }));
    });

    it('is taken in as an earlier release sent it, and asked again the same is nothing new', () => {
      const { receiver: by, sender: publishedBy } = REQUEST;
      given()
        .when({ type: 'ReceiveReferral', by, publishedBy, request: { ...REQUEST, facts: told } })
        .then(one(step('ReferralReceived', { facts: told })));
      given(requested({ facts: told }))
        .when(facts({ ageStatus }))
        .thenNothing();
    });
  },
);

it('a consent stated in words by an adult is no assent', () => {
  given()
    .when(consent({ childAssent: 'YES' }))
    .thenRefused('CONSENT.ASSENT_OF_ADULT');
  const command = consent({ childAssent: 'NOT_APPLICABLE', interpretation: 'NONE_NEEDED' });
  given()
    .when(command)
    .then(requested({ consent: command.consent }));
});

describe('what a request carries', () => {
  it('a transfer, a group and documents that it points to', () => {
    const asked = { transfer: true, groupId: '2d9b1c7e-6f31-4bb0-9a2e-7d1f0a9c4e55', attachments: [] };
    given()
      .when({ ...ASK, ...asked })
      .then(requested(asked));
    given(REQUESTED)
      .when({ ...ASK, transfer: true })
      .thenRefused('REFERRAL.ALREADY_PENDING');
  });

  it('refuses a document that is attached twice', () => {
    const [attachment] = REQUEST.attachments;
    const attachments = [attachment, { ...attachment, attachmentId: attachment?.attachmentId.toUpperCase() }];
    given()
      .when({ ...ASK, attachments } as typeof ASK)
      .thenRefused('REFERRAL.ATTACHED_TWICE');
  });
});

describe('DraftReferral', () => {
  const DRAFT = { ...ASK, type: 'DraftReferral' } as const;

  it('keeps what is not yet sent, also without a consent that would do', () => {
    given().when(DRAFT).then(DRAFTED);
    const unfit = { consent: { ...ASK.consent, givenBy: 'NOT_APPLICABLE' } } as const;
    given(DRAFTED)
      .when({ ...DRAFT, ...unfit })
      .then(one(step('ReferralDrafted', unfit)));
    expect(fold(referralDecider, [DRAFTED])).toMatchObject({ status: 'DRAFT', senderTask: 'OPEN' });
  });

  it('drafted again: nothing happens', () => {
    given(DRAFTED).when(DRAFT).thenNothing();
  });

  it('is sent as it then is', () => {
    const changed = { ...ASK, urgency: 'ROUTINE', deadlines: DEFAULT_REFERRAL_DEADLINES.ROUTINE } as const;
    const { urgency, deadlines } = changed;
    given(DRAFTED)
      .when(changed)
      .then(requested({ urgency, deadlines, acknowledgeBy: '2026-11-29T09:00:00.000Z' }));
    given(DRAFTED)
      .when(consent({ language: null }))
      .thenRefused('REFERRAL.CONSENT_LANGUAGE_MISSING');
  });

  it('is refused once it was sent, and to oneself', () => {
    given(REQUESTED).when(DRAFT).thenRefused('REFERRAL.ID_TAKEN');
    given()
      .when({ ...DRAFT, receiver: DRAFT.by })
      .thenRefused('REFERRAL.TO_SELF');
  });

  it('nobody answers what was not sent', () => {
    given(DRAFTED)
      .when({ type: 'NoteAcceptance', by: REQUEST.receiver, at: REQUEST.requestedAt })
      .thenRefused('REFERRAL.CONTRADICTION');
  });
});

describe('ReceiveReferral', () => {
  const RECEIVE = {
    type: 'ReceiveReferral',
    by: REQUEST.receiver,
    publishedBy: REQUEST.sender,
    request: REQUEST,
  } as const;

  it('opens the receiver’s stream with the same request', () => {
    given().when(RECEIVE).then(RECEIVED);
    expect(fold(referralDecider, [RECEIVED])).toEqual({ ...NOT_YET, side: 'RECEIVER', request: REQUEST });
  });

  it('received again: nothing happens, however far it got', () => {
    given(RECEIVED).when(RECEIVE).thenNothing();
    given(...history('ReferralReceived', 'ReferralAcknowledged', 'ReferralAccepted'))
      .when(RECEIVE)
      .thenNothing();
  });

  it.each([
    ['addressed to another agency', { by: 'mx-comar' }, 'REFERRAL.NOT_THE_RECEIVER'],
    ['published by another agency', { publishedBy: 'mx-comar' }, 'REFERRAL.NOT_THE_SENDER'],
    [
      'from the receiver itself',
      { publishedBy: REQUEST.receiver, request: { ...REQUEST, sender: REQUEST.receiver } },
      'REFERRAL.TO_SELF',
    ],
  ])('refuses a request %s', (_, change, code) => {
    given()
      .when({ ...RECEIVE, ...change })
      .thenRefused(code);
  });

  it('refuses another request under a known id', () => {
    const other = { ...RECEIVE, request: { ...REQUEST, caseId: 'c0ffee00-5a3c-4f0e-8c51-6a4d1f0c2b11' } };
    given(RECEIVED).when(other).thenRefused('REFERRAL.ID_TAKEN');
    given(REQUESTED).when(RECEIVE).thenRefused('REFERRAL.ID_TAKEN');
  });
});
