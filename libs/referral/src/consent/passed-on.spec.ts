import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import type { Referral, Side } from '../referral.ts';
import type { ConsentCommandOf } from './consent-commands.ts';
import {
  ALL_WITHDRAWAL_NOTED,
  CASE_ID,
  CONSENT_ID,
  GRANTED,
  INTAKE,
  NOTED,
  OTHER_CONSENT_ID,
  RECEIVER,
  THIRD,
  WITHDRAW,
  WITHDRAWAL,
  WITHDRAWAL_NOTED,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { NO_CONSENTS } from './consent.ts';
import { passedOnTo } from './passed-on.ts';
import { consentDecider } from './procedure.ts';
import { publishConsent } from './publish.ts';

const { given } = decides(consentDecider);
const SECOND = 'cr-child-welfare';
const PASSED_ON = { by: RECEIVER, to: [INTAKE, SECOND] };

function referral(side: Side, other: string, consentId?: string, change: Partial<Referral> = {}): Referral {
  const request = { sender: RECEIVER, receiver: RECEIVER, consent: consentId === undefined ? {} : { consentId } };
  const parties = side === 'SENDER' ? { receiver: other } : { sender: other };
  const times = { requestedAt: WITHDRAWN_AT };
  return { side, requestStatus: 'REQUESTED', times, ...change, request: { ...request, ...parties } } as Referral;
}

describe('whom an agency passes a withdrawal on to', () => {
  const all = { consentId: null, from: THIRD };
  const one = { consentId: CONSENT_ID, from: THIRD };

  it('of everything: whoever it shares the case with by a referral, whatever allowed that, but who said it', () => {
    const referrals = [
      ...[referral('RECEIVER', INTAKE), referral('SENDER', SECOND, CONSENT_ID), referral('SENDER', SECOND)],
      referral('SENDER', THIRD),
    ];
    expect(passedOnTo(referrals, all)).toEqual([INTAKE, SECOND].sort());
    expect(passedOnTo(referrals, { ...all, from: null })).toEqual([INTAKE, SECOND, THIRD].sort());
  });

  it('not who never got a referral, or one only in error', () => {
    const draft = referral('SENDER', SECOND, undefined, { times: { requestedAt: null } as Referral['times'] });
    const inError = referral('SENDER', INTAKE, undefined, { requestStatus: 'ENTERED_IN_ERROR' });
    expect(passedOnTo([draft, inError], all)).toEqual([]);
  });

  it('of one consent: whoever is to serve under it', () => {
    const referrals = [
      ...[referral('RECEIVER', INTAKE, CONSENT_ID), referral('SENDER', SECOND, CONSENT_ID)],
      ...[referral('SENDER', THIRD, OTHER_CONSENT_ID), referral('SENDER', 'cr-shelter')],
    ];
    expect(passedOnTo(referrals, { ...one, from: INTAKE })).toEqual([SECOND]);
  });

  it('of one consent that was lodged here, below, or where neither sent it: who sent under it as well', () => {
    const referrals = [referral('RECEIVER', INTAKE, CONSENT_ID), referral('SENDER', SECOND, CONSENT_ID)];
    expect(passedOnTo(referrals, { ...one, from: SECOND })).toEqual([INTAKE]);
    for (const from of [null, THIRD]) expect(passedOnTo(referrals, { ...one, from })).toEqual([INTAKE, SECOND].sort());
  });
});

describe('passing a withdrawal on', () => {
  const withdrawAll = { ...WITHDRAW, by: RECEIVER, consentId: null };
  const note = { type: 'NoteWithdrawal', consentId: null, caseId: CASE_ID, ...WITHDRAWAL } as const;
  const noted = { ...ALL_WITHDRAWAL_NOTED, data: { ...ALL_WITHDRAWAL_NOTED.data, passedOn: PASSED_ON } };

  it('goes on record where it is lodged, and where it is heard of', () => {
    const lodged: ConsentEvent = {
      type: 'ConsentWithdrawn',
      data: { consentId: null, caseId: CASE_ID, ...WITHDRAWAL, lodgedAt: RECEIVER, passedOn: PASSED_ON },
    };
    given(GRANTED)
      .when({ ...withdrawAll, passOnTo: PASSED_ON.to })
      .then(lodged);
    given(GRANTED)
      .when({ ...note, passedOn: PASSED_ON })
      .then(noted);
    given()
      .when({ ...note, passedOn: PASSED_ON })
      .then(noted);
  });

  it('happens once, however often and from wherever it is heard, and not for what is known to be over', () => {
    given(GRANTED, noted)
      .when({ ...note, lodgedAt: SECOND, passedOn: PASSED_ON })
      .thenNothing();
    given(GRANTED, noted)
      .when({ ...note, withdrawnAt: GRANTED.data.grantedAt, passedOn: PASSED_ON })
      .thenNothing();
  });

  it('is said to each alone and in the name of who passes it on; to nobody where it is left out', () => {
    const register = fold(consentDecider, [NOTED, noted]);
    const said = publishConsent(noted, register);
    expect(said.map(({ audience }) => audience)).toEqual(PASSED_ON.to.map((to) => ({ to, under: 'offer-key' })));
    for (const word of said) {
      expect(word).toMatchObject({ type: 'ConsentWithdrawn', caseId: CASE_ID, occurredAt: WITHDRAWN_AT });
      expect(word.data).toMatchObject({ consentId: null, withdrawnAt: WITHDRAWN_AT, lodgedAt: RECEIVER });
      expect(word.data).not.toHaveProperty('passedOn');
    }
    expect(publishConsent(ALL_WITHDRAWAL_NOTED, NO_CONSENTS)).toEqual([]);
  });

  it('whoever was told of the consent hears it once, with where it was lodged', () => {
    const told: ConsentEvent = {
      type: 'ConsentTold',
      data: { consentId: CONSENT_ID, caseId: CASE_ID, to: SECOND, toldAt: WITHDRAWN_AT },
    };
    const said = publishConsent(noted, fold(consentDecider, [GRANTED, told, noted]));
    expect(said.map(({ audience, data }) => [audience, (data as { lodgedAt: string }).lodgedAt])).toEqual([
      [{ to: SECOND, under: 'offer-key' }, WITHDRAWAL.lodgedAt],
      [{ to: INTAKE, under: 'offer-key' }, RECEIVER],
    ]);
  });
});

describe('an answer to whoever says the withdrawal as well', () => {
  const holdings = {
    destroyed: ['IDENTITY'],
    retained: [{ category: 'CASE_FILE', legalBasis: 'OPEN_PROCEDURE', until: null }],
  } as const;
  const answer: ConsentCommandOf<'AcknowledgeWithdrawal'> = {
    ...{ type: 'AcknowledgeWithdrawal', by: RECEIVER, now: WITHDRAWN_AT, consentId: CONSENT_ID, caseId: CASE_ID },
    ...holdings,
  };
  const answered = {
    type: 'WithdrawalAcknowledged',
    data: { consentId: CONSENT_ID, caseId: CASE_ID, agency: RECEIVER, acknowledgedAt: WITHDRAWN_AT, ...holdings },
  } satisfies ConsentEvent;
  const answeredSecond = { ...answered, data: { ...answered.data, saidTo: [SECOND] } };

  it('is said to them too, once', () => {
    given(NOTED, WITHDRAWAL_NOTED, answered)
      .when({ ...answer, to: SECOND })
      .then(answeredSecond);
    given(NOTED, WITHDRAWAL_NOTED, answered, answeredSecond)
      .when({ ...answer, to: SECOND })
      .thenNothing();
    const register = fold(consentDecider, [NOTED, WITHDRAWAL_NOTED, answered, answeredSecond]);
    const audiences = publishConsent(answeredSecond, register).map(({ audience }) => audience);
    expect(audiences).toEqual(['care', ...[INTAKE, THIRD, SECOND].sort().map((to) => ({ to, under: 'offer-key' }))]);
  });

  it.each([INTAKE, THIRD, RECEIVER])('not again to %s, who collects it or says it', (to) =>
    given(NOTED, WITHDRAWAL_NOTED, answered)
      .when({ ...answer, to })
      .thenNothing(),
  );

  it('keeps saying what was destroyed, although nothing of it is left', () => {
    given(NOTED, WITHDRAWAL_NOTED, answered)
      .when({ ...answer, destroyed: [] })
      .thenNothing();
    given(NOTED, WITHDRAWAL_NOTED, answered)
      .when({ ...answer, destroyed: [], to: SECOND })
      .then(answeredSecond);
  });

  it('needs a withdrawal', () =>
    given(NOTED)
      .when({ ...answer, to: SECOND })
      .thenRefused('CONSENT.NOT_WITHDRAWN'));
});
