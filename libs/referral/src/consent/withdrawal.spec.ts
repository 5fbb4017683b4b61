import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import fc from 'fast-check';
import { acknowledgementsOf, awaitedOf } from './acknowledgements.ts';
import type { ConsentCommand, ConsentCommandOf } from './consent-commands.ts';
import {
  ALL_WITHDRAWAL_NOTED,
  CASE_ID,
  CONSENT_ID,
  FACTS,
  GIVEN_AT,
  GRANTED,
  INTAKE,
  NOTED,
  OTHER_CONSENT_ID,
  RECEIVER,
  REFUSED,
  REQUESTED,
  THIRD,
  WITHDRAW,
  WITHDRAWAL,
  WITHDRAWAL_NOTED,
  WITHDRAWN,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { consentOf, type Holdings } from './consent.ts';
import { consentDecider } from './procedure.ts';

const { given } = decides(consentDecider);

const NOTE: ConsentCommandOf<'NoteWithdrawal'> = {
  type: 'NoteWithdrawal',
  consentId: CONSENT_ID,
  caseId: CASE_ID,
  ...WITHDRAWAL,
};
const HOLDINGS: Holdings = {
  destroyed: ['IDENTITY'],
  retained: [{ category: 'CASE_FILE', legalBasis: 'OPEN_PROCEDURE', until: null }],
};
const ACKNOWLEDGE: ConsentCommandOf<'AcknowledgeWithdrawal'> = {
  ...{ type: 'AcknowledgeWithdrawal', by: RECEIVER, now: WITHDRAWN_AT, consentId: CONSENT_ID, caseId: CASE_ID },
  ...HOLDINGS,
};
const ACKNOWLEDGED = {
  type: 'WithdrawalAcknowledged',
  data: { consentId: CONSENT_ID, caseId: CASE_ID, agency: RECEIVER, acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS },
} satisfies ConsentEvent;

describe('withdrawing', () => {
  it('ends a consent', () => given(GRANTED).when(WITHDRAW).then(WITHDRAWN));
  it('twice: nothing', () => given(GRANTED, WITHDRAWN).when(WITHDRAW).thenNothing());
  it('may be lodged where the consent was only heard of', () =>
    given(NOTED)
      .when({ ...WITHDRAW, by: THIRD })
      .then({ type: 'ConsentWithdrawn', data: { consentId: CONSENT_ID, caseId: CASE_ID, ...WITHDRAWAL } }));
  it('may be lodged where nothing of it is known', () =>
    given()
      .when({ ...WITHDRAW, by: THIRD })
      .then({ type: 'ConsentWithdrawn', data: { consentId: CONSENT_ID, caseId: CASE_ID, ...WITHDRAWAL } }));
  it('needs neither form nor language', () => {
    const bare = { ...WITHDRAW, form: 'NOT_RECORDED', reason: 'NOT_STATED', language: null } as const;
    const [event] = consentDecider.decide(bare, fold(consentDecider, [GRANTED]));
    expect(event).toMatchObject({ type: 'ConsentWithdrawn', data: { form: 'NOT_RECORDED', language: null } });
  });
  it.each([
    ['asked for', REQUESTED],
    ['refused', REFUSED],
  ])('refuses what was only %s', (_, event) => given(event).when(WITHDRAW).thenRefused('CONSENT.NOT_GRANTED'));

  it('says with it what this agency destroys and keeps itself', () =>
    given(GRANTED)
      .when({ ...WITHDRAW, holdings: HOLDINGS })
      .then(WITHDRAWN, {
        type: 'WithdrawalAcknowledged',
        data: { consentId: CONSENT_ID, caseId: CASE_ID, agency: INTAKE, acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS },
      }));

  it('refuses to destroy and keep the same', () => {
    const holdings: Holdings = { ...HOLDINGS, destroyed: ['CASE_FILE'] };
    given(GRANTED)
      .when({ ...WITHDRAW, holdings })
      .thenRefused('CONSENT.HOLDINGS_CONTRADICT');
  });
});

describe('withdrawing everything', () => {
  const all = { ...WITHDRAW, consentId: null };
  const withdrawn = {
    type: 'ConsentWithdrawn',
    data: { consentId: null, caseId: CASE_ID, ...WITHDRAWAL, lodgedAt: INTAKE },
  } satisfies ConsentEvent;

  it('ends every consent given until then, and none that is given later', () => {
    const later: ConsentEvent = {
      type: 'ConsentGranted',
      data: { ...FACTS, consentId: OTHER_CONSENT_ID, recordedAt: INTAKE, grantedAt: '2026-12-02T09:00:00.000Z' },
    };
    given(GRANTED).when(all).then(withdrawn);
    const register = fold(consentDecider, [GRANTED, withdrawn, later]);
    expect(consentOf(register, CONSENT_ID)).toMatchObject({ status: 'WITHDRAWN', withdrawal: { lodgedAt: INTAKE } });
    expect(consentOf(register, OTHER_CONSENT_ID)).toMatchObject({ status: 'GRANTED', withdrawal: null });
  });
  it('twice: nothing', () => given(GRANTED, withdrawn).when(all).thenNothing());
  it('again after another consent was given ends that one', () => {
    const now = '2026-12-03T09:00:00.000Z';
    const later: ConsentEvent = {
      type: 'ConsentGranted',
      data: { ...FACTS, consentId: OTHER_CONSENT_ID, recordedAt: INTAKE, grantedAt: '2026-12-02T09:00:00.000Z' },
    };
    const again: ConsentEvent = { type: 'ConsentWithdrawn', data: { ...withdrawn.data, withdrawnAt: now } };
    given(GRANTED, withdrawn, later)
      .when({ ...all, now })
      .then(again);
    const register = fold(consentDecider, [GRANTED, withdrawn, later, again]);
    expect(consentOf(register, OTHER_CONSENT_ID)).toMatchObject({ status: 'WITHDRAWN' });
    expect(consentOf(register, CONSENT_ID)?.withdrawal?.withdrawnAt).toBe(WITHDRAWN_AT);
  });
  it('again, with nothing new known here: counts, for what was given elsewhere meanwhile', () => {
    const now = '2026-12-03T09:00:00.000Z';
    const again = { type: 'ConsentWithdrawn', data: { ...withdrawn.data, withdrawnAt: now } } satisfies ConsentEvent;
    const meanwhile: ConsentEvent = {
      type: 'ConsentNoted',
      data: { ...FACTS, consentId: OTHER_CONSENT_ID, recordedAt: THIRD, grantedAt: '2026-12-02T09:00:00.000Z' },
    };
    given(GRANTED, withdrawn)
      .when({ ...all, now })
      .then(again);
    expect(consentOf(fold(consentDecider, [GRANTED, withdrawn, again, meanwhile]), OTHER_CONSENT_ID)).toMatchObject({
      status: 'WITHDRAWN',
      withdrawal: { withdrawnAt: now },
    });
  });

  it('ends what was given by a clock ahead of this one too, each by its id, and answers for each', () => {
    const ahead: ConsentEvent = {
      type: 'ConsentNoted',
      data: { ...FACTS, consentId: OTHER_CONSENT_ID, recordedAt: THIRD, grantedAt: '2026-12-01T15:00:02.000Z' },
    };
    const one: ConsentEvent = { type: 'ConsentWithdrawn', data: { ...withdrawn.data, consentId: OTHER_CONSENT_ID } };
    const answer = { caseId: CASE_ID, agency: INTAKE, acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS };
    given(GRANTED, ahead).when(all).then(withdrawn, one);
    given(GRANTED, ahead)
      .when({ ...all, holdings: HOLDINGS })
      .then(withdrawn, { type: 'WithdrawalAcknowledged', data: { consentId: null, ...answer } }, one, {
        type: 'WithdrawalAcknowledged',
        data: { consentId: OTHER_CONSENT_ID, ...answer },
      });
    const register = fold(consentDecider, [GRANTED, ahead, withdrawn, one]);
    expect(consentOf(register, OTHER_CONSENT_ID)).toMatchObject({
      status: 'WITHDRAWN',
      withdrawal: { lodgedAt: INTAKE },
    });
    given(GRANTED, ahead, withdrawn, one).when(all).thenNothing();
  });

  it('again does not forget what was answered to the first', () => {
    const again: ConsentEvent = {
      type: 'ConsentWithdrawn',
      data: { ...withdrawn.data, withdrawnAt: '2026-12-03T09:00:00.000Z' },
    };
    const answerOf = (agency: string): ConsentEvent => ({
      type: 'WithdrawalAcknowledgementNoted',
      data: { ...ACKNOWLEDGED.data, consentId: null, agency },
    });
    const register = fold(consentDecider, [GRANTED, withdrawn, answerOf(RECEIVER), again, answerOf(INTAKE)]);
    const record = consentOf(register, CONSENT_ID);
    expect(record && Object.keys(acknowledgementsOf(register, record)).sort()).toEqual([INTAKE, RECEIVER]);
    expect(record && awaitedOf(register, record, INTAKE)).toEqual([]);
    expect(Object.keys(register.withdrawnAll?.acknowledgements ?? {})).toEqual([INTAKE]);
  });

  it('leaves what was refused as it is', () => {
    expect(consentOf(fold(consentDecider, [REFUSED, withdrawn]), CONSENT_ID)).toMatchObject({ status: 'REFUSED' });
  });
});

describe('hearing of a withdrawal', () => {
  it('ends the consent', () => given(NOTED).when(NOTE).then(WITHDRAWAL_NOTED));
  it('twice: nothing', () => given(NOTED, WITHDRAWAL_NOTED).when(NOTE).thenNothing());

  it('takes effect before its cause: the consent heard of later is withdrawn', () => {
    given().when(NOTE).then(WITHDRAWAL_NOTED);
    const register = fold(consentDecider, [WITHDRAWAL_NOTED, NOTED]);
    expect(consentOf(register, CONSENT_ID)).toMatchObject({
      ...{ status: 'WITHDRAWN', recordedAt: INTAKE, withdrawal: WITHDRAWAL, facts: FACTS, grantedAt: GIVEN_AT },
    });
  });

  it('of everything takes effect on what is heard of later, when it was given before', () => {
    given()
      .when({ ...NOTE, consentId: null })
      .then(ALL_WITHDRAWAL_NOTED);
    expect(consentOf(fold(consentDecider, [ALL_WITHDRAWAL_NOTED, NOTED]), CONSENT_ID)).toMatchObject({
      status: 'WITHDRAWN',
      withdrawal: WITHDRAWAL,
    });
  });

  it('of everything, an earlier one than known: nothing', () =>
    given(ALL_WITHDRAWAL_NOTED)
      .when({ ...NOTE, consentId: null, withdrawnAt: GIVEN_AT })
      .thenNothing());

  it('comes to the same in whatever order and however often things are heard', () => {
    const heard: readonly ConsentCommand[] = [
      { type: 'NoteConsent', by: INTAKE, at: GIVEN_AT, caseId: CASE_ID, facts: FACTS },
      NOTE,
      { ...NOTE, consentId: null },
      {
        ...{ type: 'NoteConsent', by: INTAKE, at: '2026-12-05T09:00:00.000Z', caseId: CASE_ID },
        facts: { ...FACTS, consentId: OTHER_CONSENT_ID },
      },
    ];
    const orders = fc.shuffledSubarray([...heard, ...heard], { minLength: 8 });
    fc.assert(
      fc.property(orders, (order) => {
        const register = order.reduce(
          (state, command) => fold(consentDecider, consentDecider.decide(command, state), state),
          consentDecider.initialState,
        );
        expect(consentOf(register, CONSENT_ID)).toMatchObject({ status: 'WITHDRAWN', withdrawal: WITHDRAWAL });
        expect(consentOf(register, OTHER_CONSENT_ID)).toMatchObject({ status: 'GRANTED', withdrawal: null });
      }),
    );
  });
});

describe('an acknowledgement', () => {
  it('says what is retained and on which basis, and what was destroyed', () =>
    given(NOTED, WITHDRAWAL_NOTED).when(ACKNOWLEDGE).then(ACKNOWLEDGED));
  it('twice: nothing', () => given(NOTED, WITHDRAWAL_NOTED, ACKNOWLEDGED).when(ACKNOWLEDGE).thenNothing());
  it('is said again when something is destroyed later', () => {
    const later = { ...ACKNOWLEDGE, destroyed: ['IDENTITY', 'CASE_FILE'], retained: [] } as const;
    given(NOTED, WITHDRAWAL_NOTED, ACKNOWLEDGED)
      .when(later)
      .then({
        type: 'WithdrawalAcknowledged',
        data: {
          ...{ consentId: CONSENT_ID, caseId: CASE_ID, agency: RECEIVER, acknowledgedAt: WITHDRAWN_AT },
          ...{ destroyed: ['IDENTITY', 'CASE_FILE'], retained: [] },
        },
      });
  });
  it('needs a withdrawal', () => given(NOTED).when(ACKNOWLEDGE).thenRefused('CONSENT.NOT_WITHDRAWN'));
  it('of everything needs one of everything', () =>
    given(NOTED, WITHDRAWAL_NOTED)
      .when({ ...ACKNOWLEDGE, consentId: null })
      .thenRefused('CONSENT.NOT_WITHDRAWN'));
  it('refuses a day that is none', () => {
    const retained = [{ category: 'CASE_FILE', legalBasis: 'OPEN_PROCEDURE', until: 'soon' }] as const;
    given(NOTED, WITHDRAWAL_NOTED)
      .when({ ...ACKNOWLEDGE, retained })
      .thenRefused('CONSENT.RETENTION_UNTIL_MALFORMED');
  });

  it('of another agency is noted under that agency', () => {
    const heard: ConsentCommand = {
      ...{ type: 'NoteWithdrawalAcknowledgement', by: RECEIVER, at: WITHDRAWN_AT, consentId: CONSENT_ID },
      ...{ caseId: CASE_ID, ...HOLDINGS },
    };
    const noted: ConsentEvent = {
      type: 'WithdrawalAcknowledgementNoted',
      data: { consentId: CONSENT_ID, caseId: CASE_ID, agency: RECEIVER, acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS },
    };
    given(GRANTED, WITHDRAWN).when(heard).then(noted);
    given(GRANTED, WITHDRAWN, noted).when(heard).thenNothing();
    expect(consentOf(fold(consentDecider, [GRANTED, WITHDRAWN, noted]), CONSENT_ID)?.acknowledgements).toEqual({
      [RECEIVER]: { acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS },
    });
  });

  it('of another agency that heard of the withdrawal first is kept, and shown once that is known here', () => {
    const heard: ConsentCommand = {
      ...{ type: 'NoteWithdrawalAcknowledgement', by: RECEIVER, at: WITHDRAWN_AT, consentId: CONSENT_ID },
      ...{ caseId: CASE_ID, ...HOLDINGS },
    };
    const noted = { ...ACKNOWLEDGED, type: 'WithdrawalAcknowledgementNoted' } satisfies ConsentEvent;
    given(GRANTED).when(heard).then(noted);
    given().when(heard).thenRefused('CONSENT.NOT_WITHDRAWN');
    const shown = (...history: ConsentEvent[]): object | undefined => {
      const register = fold(consentDecider, history);
      const record = consentOf(register, CONSENT_ID);
      return record && acknowledgementsOf(register, record);
    };
    expect(shown(GRANTED, noted)).toEqual({});
    expect(shown(GRANTED, noted, WITHDRAWAL_NOTED)).toEqual({
      [RECEIVER]: { acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS },
    });
  });

  it('is awaited of whoever recorded the consent and whom it names, where the answers are collected', () => {
    const awaitedAt = (agencyId: string, ...history: ConsentEvent[]): readonly string[] => {
      const register = fold(consentDecider, history);
      const record = consentOf(register, CONSENT_ID);
      return record === undefined ? [] : awaitedOf(register, record, agencyId);
    };
    const awaited = (...history: ConsentEvent[]): readonly string[] => awaitedAt(THIRD, ...history);
    expect(awaited(GRANTED)).toEqual([]);
    expect(awaited(GRANTED, WITHDRAWN)).toEqual([INTAKE, RECEIVER]);
    expect(awaited(GRANTED, WITHDRAWN, ACKNOWLEDGED)).toEqual([INTAKE]);
    expect(awaited(WITHDRAWAL_NOTED)).toEqual([]);
    const ofAll = { type: ACKNOWLEDGED.type, data: { ...ACKNOWLEDGED.data, consentId: null } };
    expect(awaited(NOTED, ALL_WITHDRAWAL_NOTED, ofAll)).toEqual([INTAKE]);
    expect(awaited(NOTED, WITHDRAWAL_NOTED, ACKNOWLEDGED)).toEqual([INTAKE]);
    expect(awaitedAt(RECEIVER, NOTED, WITHDRAWAL_NOTED, ACKNOWLEDGED)).toEqual([]);
    expect(awaitedAt(INTAKE, GRANTED, WITHDRAWAL_NOTED, ACKNOWLEDGED)).toEqual([INTAKE]);
  });

  it('of everything stands with that withdrawal', () => {
    const noted: ConsentEvent = {
      type: 'WithdrawalAcknowledged',
      data: { ...ACKNOWLEDGED.data, consentId: null },
    };
    const register = fold(consentDecider, [NOTED, ALL_WITHDRAWAL_NOTED, noted]);
    expect(register.withdrawnAll?.acknowledgements).toEqual({
      [RECEIVER]: { acknowledgedAt: WITHDRAWN_AT, ...HOLDINGS },
    });
    given(NOTED, ALL_WITHDRAWAL_NOTED, noted)
      .when({ ...ACKNOWLEDGE, consentId: null })
      .thenNothing();
  });
});
