import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { returnCaseDecider } from './return-case.ts';
import {
  applied,
  apply,
  approved,
  approvedHistory,
  childNoted,
  confirmed,
  COOLED_AT,
  cooled,
  counsel,
  counselled,
  declined,
  departed,
  DEPARTURE_ID,
  expired,
  sign,
  signed,
  SIGNED_AT,
  takenBack,
  VALID_UNTIL,
  withdrawn,
} from './return-case-examples.ts';

const { given } = decides(returnCaseDecider);
const BEFORE_COOLED = '2026-11-23T14:59:59.999Z';
const endCoolingOff = { type: 'EndCoolingOff', at: COOLED_AT } as const;
const confirm = { type: 'ConfirmVoluntariness', at: COOLED_AT } as const;
const withdraw = { type: 'WithdrawConsent', at: COOLED_AT, toldTo: 'CARRIER', reason: 'NOT_STATED' } as const;
const expire = { type: 'ExpireConsent', at: VALID_UNTIL } as const;
const approve = { type: 'ApproveReturn', at: COOLED_AT } as const;
const decline = { type: 'DeclineReturn', at: COOLED_AT, reason: 'UNSAFE' } as const;
const depart = { type: 'ConfirmDeparture', at: COOLED_AT, departureId: DEPARTURE_ID } as const;
const takeBack = { type: 'TakeBackDeparture', at: COOLED_AT, departureId: DEPARTURE_ID } as const;
const noteChild = { type: 'NoteChild', at: COOLED_AT, careStatus: 'UNACCOMPANIED' } as const;

describe('SubmitApplication', () => {
  it('is recorded once, and refused with other facts', () => {
    given().when(apply).then(applied);
    given(applied).when(apply).thenNothing();
    given(applied)
      .when({ ...apply, destination: 'HT' })
      .thenRefused('RETURN.ALREADY_SUBMITTED');
  });

  it('refuses a destination that is no country', () => {
    given()
      .when({ ...apply, destination: 'ZZ' })
      .thenRefused('RETURN.DESTINATION_UNKNOWN');
  });
});

describe('what was never applied for', () => {
  const rest = [counsel, sign, endCoolingOff, confirm, withdraw, expire, approve, decline, depart, takeBack, noteChild];
  it.each(rest)('$type is refused', (command) => {
    given().when(command).thenRefused('RETURN.UNKNOWN');
  });
});

describe('ProvideCounselling', () => {
  it('is recorded once for a time, and refused with other facts', () => {
    given(applied).when(counsel).then(counselled);
    given(applied, counselled).when(counsel).thenNothing();
    given(applied, counselled)
      .when({ ...counsel, options: ['ASYLUM'] })
      .thenRefused('RETURN.SESSION_RECORDED');
  });

  it('refuses a session that has not been held yet', () => {
    given(applied)
      .when({ ...counsel, heldAt: SIGNED_AT })
      .thenRefused('RETURN.TIME_IN_FUTURE');
  });

  it('leads on once, and informs a new consent after one has ended', () => {
    const again = { ...counselled, data: { ...counselled.data, heldAt: SIGNED_AT } };
    expect(fold(returnCaseDecider, [applied, counselled]).stage).toBe('COUNSELLED');
    expect(fold(returnCaseDecider, [applied, counselled, signed, again]).stage).toBe('COOLING_OFF');
    expect(fold(returnCaseDecider, [...approvedHistory, withdrawn, again]).stage).toBe('COUNSELLED');
    expect(fold(returnCaseDecider, [applied, counselled, signed, expired, again]).sessions).toEqual([again.data]);
  });

  it('is over with the case', () => {
    given(...approvedHistory, departed)
      .when(counsel)
      .thenRefused('RETURN.DEPARTED');
    given(applied, declined).when(counsel).thenRefused('RETURN.DECLINED');
  });
});

describe('EndCoolingOff', () => {
  it('is said once, and not before', () => {
    given(applied, counselled, signed).when(endCoolingOff).then(cooled);
    given(applied, counselled, signed)
      .when({ ...endCoolingOff, at: BEFORE_COOLED })
      .thenNothing();
    given(applied, counselled, signed, cooled).when(endCoolingOff).thenNothing();
    given(applied, counselled, signed, withdrawn).when(endCoolingOff).thenNothing();
  });
});

describe('ConfirmVoluntariness', () => {
  it('INV-14 takes the consent once its cooling-off is over, whether that was said or not', () => {
    given(applied, counselled, signed, cooled).when(confirm).then(confirmed);
    given(applied, counselled, signed).when(confirm).then(confirmed);
    given(applied, counselled, signed, cooled, confirmed).when(confirm).thenNothing();
  });

  it('INV-14 refuses without a current consent', () => {
    given(applied, counselled).when(confirm).thenRefused('RETURN.NO_CONSENT');
    given(applied, counselled, signed)
      .when({ ...confirm, at: BEFORE_COOLED })
      .thenRefused('RETURN.COOLING_OFF');
    given(applied, counselled, signed)
      .when({ ...confirm, at: VALID_UNTIL })
      .thenRefused('RETURN.CONSENT_OVER');
    given(applied, counselled, signed, cooled, withdrawn).when(confirm).thenRefused('RETURN.NO_CONSENT');
  });

  it('is over with the case', () => {
    given(...approvedHistory, departed)
      .when(confirm)
      .thenRefused('RETURN.DEPARTED');
    given(...approvedHistory, declined)
      .when(confirm)
      .thenRefused('RETURN.DECLINED');
  });
});

describe('WithdrawConsent', () => {
  const histories = [
    [applied],
    [applied, counselled],
    [applied, counselled, signed],
    [applied, counselled, signed, cooled],
    [applied, counselled, signed, cooled, confirmed],
    approvedHistory,
    [...approvedHistory, departed, takenBack],
    [applied, counselled, signed, expired],
    [applied, childNoted],
  ];
  it.each(histories.map((history) => [fold(returnCaseDecider, history).stage, history] as const))(
    'INV-14 is taken at %s',
    (_, history) => {
      const version = fold(returnCaseDecider, history).consent?.version ?? null;
      given(...history)
        .when(withdraw)
        .then({ ...withdrawn, data: { ...withdrawn.data, version } });
    },
  );

  it.each(['RETURN_STAFF', 'BORDER_STAFF', 'INTERPRETER', 'ANOTHER_AGENCY', 'FAMILY'] as const)(
    'INV-14 is taken from whoever was told: %s',
    (toldTo) => {
      given(...approvedHistory)
        .when({ ...withdraw, toldTo })
        .then({ ...withdrawn, data: { ...withdrawn.data, toldTo } });
    },
  );

  it('changes nothing when nothing stands any more', () => {
    given(...approvedHistory, withdrawn)
      .when(withdraw)
      .thenNothing();
    given(applied, declined).when(withdraw).thenNothing();
  });

  it('is too late after boarding', () => {
    given(...approvedHistory, departed)
      .when(withdraw)
      .thenRefused('RETURN.DEPARTED');
  });
});

describe('ExpireConsent', () => {
  it('ends a consent that is not current any more', () => {
    given(...approvedHistory)
      .when(expire)
      .then(expired);
    given(...approvedHistory)
      .when({ ...expire, at: COOLED_AT })
      .thenNothing();
    given(applied, counselled).when(expire).thenNothing();
    given(...approvedHistory, departed)
      .when(expire)
      .thenNothing();
  });
});

describe('ApproveReturn', () => {
  it('takes a consent that was confirmed, once', () => {
    given(applied, counselled, signed, cooled, confirmed).when(approve).then(approved);
    given(...approvedHistory)
      .when(approve)
      .thenNothing();
  });

  it('INV-14 refuses any other', () => {
    given(applied, counselled, signed, cooled).when(approve).thenRefused('RETURN.NOT_CONFIRMED');
    given(applied, counselled).when(approve).thenRefused('RETURN.NO_CONSENT');
    given(applied, counselled, signed, cooled, confirmed)
      .when({ ...approve, at: VALID_UNTIL })
      .thenRefused('RETURN.CONSENT_OVER');
    given(...approvedHistory, departed)
      .when(approve)
      .thenRefused('RETURN.DEPARTED');
  });
});

describe('DeclineReturn', () => {
  it('ends the case, once', () => {
    given(...approvedHistory)
      .when(decline)
      .then(declined);
    given(applied).when(decline).then(declined);
    given(applied, declined).when(decline).thenNothing();
    given(...approvedHistory, departed)
      .when(decline)
      .thenRefused('RETURN.DEPARTED');
  });
});

describe('ConfirmDeparture', () => {
  it('INV-02 follows an approval on a consent that counts, once', () => {
    given(...approvedHistory)
      .when(depart)
      .then(departed);
    given(...approvedHistory, departed)
      .when(depart)
      .thenNothing();
  });

  it.each([
    ['RETURN.NOT_APPROVED', [applied, counselled, signed, cooled, confirmed]],
    ['RETURN.NO_CONSENT', [...approvedHistory, withdrawn]],
    ['RETURN.NO_CONSENT', [...approvedHistory, expired]],
    ['RETURN.NO_CONSENT', [...approvedHistory, childNoted]],
    ['RETURN.DECLINED', [...approvedHistory, declined]],
  ] as const)('INV-14 is refused with %s', (code, history) => {
    given(...history)
      .when(depart)
      .thenRefused(code);
  });

  it('INV-14 refuses a consent that is over, though nobody has said so yet', () => {
    given(...approvedHistory)
      .when({ ...depart, at: VALID_UNTIL })
      .thenRefused('RETURN.CONSENT_OVER');
  });

  it('is one departure', () => {
    const departureId = '00000000-0000-4000-8000-00000000000d';
    given(...approvedHistory, departed)
      .when({ ...depart, departureId })
      .thenRefused('RETURN.DEPARTED');
  });
});

describe('TakeBackDeparture', () => {
  it('INV-14 puts the case back to where an officer asks the person once more, once', () => {
    given(...approvedHistory, departed)
      .when(takeBack)
      .then(takenBack);
    given(...approvedHistory, departed, takenBack)
      .when(takeBack)
      .thenNothing();
    given(...approvedHistory)
      .when(takeBack)
      .thenNothing();
    expect(fold(returnCaseDecider, [...approvedHistory, departed, takenBack])).toEqual({
      ...fold(returnCaseDecider, approvedHistory),
      ...{ stage: 'TO_CONFIRM', isConfirmed: false, confirmedAt: null },
    });
    given(...approvedHistory, departed, takenBack)
      .when({ ...depart, departureId: '00000000-0000-4000-8000-00000000000d' })
      .thenRefused('RETURN.NOT_APPROVED');
  });
});

it('folds its history', () => {
  expect(fold(returnCaseDecider, [...approvedHistory, departed])).toEqual({
    stage: 'DEPARTED',
    application: applied.data,
    careStatus: null,
    endedAt: null,
    sessions: [counselled.data],
    consent: signed.data,
    signed: 1,
    isConfirmed: true,
    confirmedAt: COOLED_AT,
    departure: { departureId: DEPARTURE_ID, departedAt: COOLED_AT },
  });
});
