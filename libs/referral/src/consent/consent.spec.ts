import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import type { ConsentScope } from './consent.ts';
import type { ConsentCommandOf } from './consent-commands.ts';
import {
  CASE_ID,
  CONSENT_ID,
  EXPIRES_AT,
  FACTS,
  GIVEN_AT,
  GRANT,
  GRANTED,
  INTAKE,
  NOTED,
  OTHER_CONSENT_ID,
  RECORDED,
  REFUSED,
  REQUESTED,
  THIRD,
  WITHDRAWN,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { consentDeadlines } from './consent-deadlines.ts';
import { consentOf, consentStatusAt, knownConsents, NO_CONSENTS } from './consent.ts';
import { consentDecider } from './procedure.ts';

const { given } = decides(consentDecider);

const REQUEST: ConsentCommandOf<'RequestConsent'> = {
  ...{ type: 'RequestConsent', by: INTAKE, now: GIVEN_AT, consentId: CONSENT_ID, caseId: CASE_ID },
  ...{ scope: FACTS.scope, language: 'hat', interpretation: 'IN_PERSON' },
};
const REFUSE: ConsentCommandOf<'RefuseConsent'> = {
  ...{ type: 'RefuseConsent', by: INTAKE, now: GIVEN_AT, consentId: CONSENT_ID, caseId: CASE_ID },
  ...{ language: 'hat', interpretation: 'IN_PERSON' },
};
const EXPIRE: ConsentCommandOf<'ExpireConsents'> = { type: 'ExpireConsents', now: EXPIRES_AT, caseId: CASE_ID };
const EXPIRED: ConsentEvent = {
  type: 'ConsentExpired',
  data: { consentId: CONSENT_ID, caseId: CASE_ID, expiredAt: EXPIRES_AT },
};
const NOTE: ConsentCommandOf<'NoteConsent'> = {
  type: 'NoteConsent',
  by: INTAKE,
  at: GIVEN_AT,
  caseId: CASE_ID,
  facts: FACTS,
};

const scoped = (change: Partial<ConsentScope>) => ({ ...GRANT, scope: { ...FACTS.scope, ...change } });

describe('asking', () => {
  it('is recorded with what was asked and how it was said', () => given().when(REQUEST).then(REQUESTED));
  it('the same again: nothing', () => given(REQUESTED).when(REQUEST).thenNothing());
  it('refuses another question under the same id', () =>
    given(REQUESTED)
      .when({ ...REQUEST, scope: { ...FACTS.scope, fields: ['SEX'] } })
      .thenRefused('CONSENT.ID_TAKEN'));
  it('refuses an id that has its answer', () => given(REFUSED).when(REQUEST).thenRefused('CONSENT.ID_TAKEN'));
  it('INV-18 needs its language', () =>
    given()
      .when({ ...REQUEST, language: null })
      .thenRefused('CONSENT.LANGUAGE_MISSING'));
});

describe('granting', () => {
  it('is recorded at once, valid for as long as the country allows', () => given().when(GRANT).then(GRANTED));
  it('follows a request', () => given(REQUESTED).when(GRANT).then(GRANTED));
  it('the same again: nothing, also later', () =>
    given(GRANTED)
      .when({ ...GRANT, now: '2026-12-24T09:00:00.000Z' })
      .thenNothing());
  it('refuses another consent under the same id', () =>
    given(GRANTED)
      .when(scoped({ fields: ['SEX'] }))
      .thenRefused('CONSENT.ID_TAKEN'));
  it.each([
    ['refused', REFUSED],
    ['withdrawn', WITHDRAWN],
  ])('refuses one that was %s: the person is asked anew', (_, settled) =>
    given(settled).when(GRANT).thenRefused('CONSENT.SETTLED'),
  );
  it('refuses one that has expired', () => given(GRANTED, EXPIRED).when(GRANT).thenRefused('CONSENT.SETTLED'));

  it('orders codes and recipients, so that equal consents look equal', () => {
    const scope: ConsentScope = {
      purposes: ['MEDICAL', 'REFERRAL'],
      fields: ['FACTS', 'SEX'],
      recipients: ['mx-comar', 'cr-conatt'],
      services: ['HEALTH', 'ASYLUM'],
      history: 'FROM_OPENING',
    };
    const [event] = consentDecider.decide({ ...GRANT, scope }, NO_CONSENTS);
    expect(event).toMatchObject({
      data: {
        scope: {
          purposes: ['REFERRAL', 'MEDICAL'],
          fields: ['SEX', 'FACTS'],
          recipients: ['cr-conatt', 'mx-comar'],
          services: ['ASYLUM', 'HEALTH'],
          history: 'FROM_OPENING',
        },
      },
    });
  });

  it('takes less than was asked', () =>
    given(REQUESTED)
      .when(scoped({ fields: ['SEX'] }))
      .then({
        type: 'ConsentGranted',
        data: { ...FACTS, scope: { ...FACTS.scope, fields: ['SEX'] }, recordedAt: INTAKE, grantedAt: GIVEN_AT },
      }));

  it.each<[string, Partial<ConsentScope>]>([
    ['a purpose', { purposes: ['REFERRAL', 'MEDICAL'] }],
    ['a field', { fields: ['SEX', 'NAME'] }],
    ['a recipient', { recipients: ['cr-conatt', 'mx-comar'] }],
    ['any recipient', { recipients: 'ANY_LISTED_FOR_SERVICE' }],
    ['a service', { services: ['TRAFFICKING_SCREENING', 'ASYLUM'] }],
    ['the past', { history: 'FROM_OPENING' }],
  ])('refuses %s more than was asked', (_, change) =>
    given(REQUESTED).when(scoped(change)).thenRefused('CONSENT.MORE_THAN_ASKED'),
  );

  it.each<[string, Partial<ConsentScope>]>([
    ['PURPOSE_MISSING', { purposes: [] }],
    ['FIELD_MISSING', { fields: [] }],
    ['RECIPIENT_MISSING', { recipients: [] }],
    ['RECIPIENT_MALFORMED', { recipients: ['The Ministry'] }],
    ['REPEATED', { fields: ['SEX', 'SEX'] }],
    ['REPEATED', { recipients: ['cr-conatt', 'cr-conatt'] }],
    ['SERVICE_MISSING', { recipients: 'ANY_LISTED_FOR_SERVICE', services: [] }],
    ['SERVICE_WITHOUT_REFERRAL', { purposes: ['MEDICAL'] }],
    ['RECIPIENT_NOT_NAMED', { recipients: 'ANY_LISTED_FOR_SERVICE', purposes: ['REFERRAL', 'CONSULAR_CONTACT'] }],
    ['RECIPIENT_NOT_NAMED', { recipients: 'ANY_LISTED_FOR_SERVICE', purposes: ['REFERRAL', 'MEDIA'] }],
  ])('refuses a scope: %s', (code, change) => given().when(scoped(change)).thenRefused(`CONSENT.${code}`));

  it.each<[string, Partial<typeof GRANT>]>([
    ['NOT_EXPLAINED', { explained: false }],
    ['UNDERSTANDING_UNCHECKED', { understandingChecked: false }],
    ['NOT_FREE', { withoutPenalty: false }],
    ['LANGUAGE_MISSING', { language: null }],
    ['LANGUAGE_MISSING', { interpretation: null }],
    ['LANGUAGE_MALFORMED', { language: 'Kreyol' }],
    ['FORM_MISSING', { form: 'NOT_RECORDED' }],
    ['GIVER_MISSING', { givenBy: 'NOT_APPLICABLE' }],
    ['ASSENT_OF_ADULT', { childAssent: 'YES' }],
    ['EXPIRY_PAST', { expiresAt: GIVEN_AT }],
    ['EXPIRY_MALFORMED', { expiresAt: '2027-02-30T00:00:00.000Z' }],
    ['EXPIRY_MALFORMED', { expiresAt: 'soon' }],
    ['EXPIRY_TOO_LATE', { expiresAt: '2027-11-23T00:00:00.000Z' }],
  ])('INV-18 a consent is refused: %s', (code, change) =>
    given()
      .when({ ...GRANT, ...change })
      .thenRefused(`CONSENT.${code}`),
  );

  it('takes an earlier end', () => {
    const expiresAt = '2026-11-25T09:00:00.000Z';
    const [event] = consentDecider.decide({ ...GRANT, expiresAt }, NO_CONSENTS);
    expect(event).toMatchObject({ data: { expiresAt } });
  });

  it('of an earlier register may lack form, language and explanation', () => {
    const taken = { ...GRANT, takenOver: true, form: 'NOT_RECORDED', language: null, explained: false } as const;
    const [event] = consentDecider.decide(taken, NO_CONSENTS);
    expect(event).toMatchObject({ type: 'ConsentGranted', data: { form: 'NOT_RECORDED', language: null } });
    given()
      .when({ ...taken, language: 'Kreyol' })
      .thenRefused('CONSENT.LANGUAGE_MALFORMED');
    given()
      .when({ ...taken, givenBy: 'NOT_APPLICABLE' })
      .thenRefused('CONSENT.GIVER_MISSING');
  });

  it('of an earlier register may not say whether a child agreed, but not that it did not', () => {
    const taken = { ...GRANT, takenOver: true, form: 'NOT_RECORDED', language: null, ageStatus: 'DISPUTED' } as const;
    const guarded = { ...taken, givenBy: 'GUARDIAN' } as const;
    expect(consentDecider.decide(guarded, NO_CONSENTS)).toMatchObject([{ type: 'ConsentGranted' }]);
    given()
      .when({ ...guarded, childAssent: 'NO' })
      .thenRefused('CONSENT.CHILD_DOES_NOT_ASSENT');
    given()
      .when({ ...guarded, takenOver: false })
      .thenRefused('CONSENT.ASSENT_MISSING');
  });
});

describe('a child', () => {
  const child = { ...GRANT, ageStatus: 'CHILD', givenBy: 'GUARDIAN', childAssent: 'YES' } as const;

  it.each(['YES', 'TOO_YOUNG'] as const)('needs a guardian, and assent: %s', (childAssent) => {
    const [event] = consentDecider.decide({ ...child, childAssent }, NO_CONSENTS);
    expect(event).toMatchObject({ type: 'ConsentGranted', data: { givenBy: 'GUARDIAN', childAssent } });
  });

  it.each([
    ['CHILD_DOES_NOT_ASSENT', { childAssent: 'NO' }],
    ['ASSENT_MISSING', { childAssent: 'NOT_APPLICABLE' }],
    ['GUARDIAN_MISSING', { givenBy: 'SELF' }],
  ] as const)('is refused: %s', (code, change) =>
    given()
      .when({ ...child, ...change })
      .thenRefused(`CONSENT.${code}`),
  );

  it('INV-08 doubt on age is a child', () =>
    given()
      .when({ ...GRANT, ageStatus: 'DISPUTED' })
      .thenRefused('CONSENT.GUARDIAN_MISSING'));
});

describe('another basis than consent', () => {
  const vital = { ...GRANT, basis: 'VITAL_INTEREST', givenBy: 'NOT_APPLICABLE', language: null } as const;

  it('needs nobody who gave it, no explanation and no language', () => {
    const [event] = consentDecider.decide({ ...vital, explained: false }, NO_CONSENTS);
    expect(event).toMatchObject({ type: 'ConsentGranted', data: { basis: 'VITAL_INTEREST', language: null } });
  });

  it('is for protection only', () =>
    given()
      .when({ ...vital, scope: { ...FACTS.scope, purposes: ['MEDIA'], services: [] } })
      .thenRefused('CONSENT.BASIS_UNFIT'));

  it('says of nobody that they consented', () =>
    given()
      .when({ ...vital, givenBy: 'SELF' })
      .thenRefused('CONSENT.GIVER_OF_OTHER_BASIS'));

  it('INV-08 the best interests of a child speak for a child only', () => {
    const best = { ...vital, basis: 'BEST_INTERESTS_OF_CHILD' } as const;
    given().when(best).thenRefused('CONSENT.NOT_A_CHILD');
    expect(consentDecider.decide({ ...best, ageStatus: 'DISPUTED' }, NO_CONSENTS)).toHaveLength(1);
  });
});

describe('refusing', () => {
  it('is recorded, with or without a request before', () => {
    given().when(REFUSE).then(REFUSED);
    given(REQUESTED).when(REFUSE).then(REFUSED);
  });
  it('twice: nothing', () => given(REFUSED).when(REFUSE).thenNothing());
  it('after it was given is a withdrawal', () => given(GRANTED).when(REFUSE).thenRefused('CONSENT.SETTLED'));
  it('INV-18 needs its language', () =>
    given()
      .when({ ...REFUSE, interpretation: null })
      .thenRefused('CONSENT.LANGUAGE_MISSING'));
});

describe('time', () => {
  it('ends a consent at the instant, recorded or not', () => {
    const record = consentOf(fold(consentDecider, [GRANTED]), CONSENT_ID);
    expect(record && consentStatusAt(record, '2027-11-22T23:59:59.998Z')).toBe('GRANTED');
    expect(record && consentStatusAt(record, EXPIRES_AT)).toBe('EXPIRED');
  });
  it('is recorded when it has come', () => given(GRANTED).when(EXPIRE).then(EXPIRED));
  it('twice: nothing', () => given(GRANTED, EXPIRED).when(EXPIRE).thenNothing());
  it('leaves a withdrawal as it is', () => given(GRANTED, WITHDRAWN).when(EXPIRE).thenNothing());
  it('before it has come: nothing', () =>
    given(GRANTED)
      .when({ ...EXPIRE, now: GIVEN_AT })
      .thenNothing());
  it('is recorded only where the consent was', () => given(NOTED).when(EXPIRE).thenNothing());
  it('of several that have come is recorded of each, the first first', () => {
    const first: ConsentEvent = {
      type: 'ConsentGranted',
      data: { ...RECORDED, consentId: OTHER_CONSENT_ID, expiresAt: '2027-01-01T00:00:00.000Z' },
    };
    given(GRANTED, first)
      .when(EXPIRE)
      .then(
        {
          type: 'ConsentExpired',
          data: { consentId: OTHER_CONSENT_ID, caseId: CASE_ID, expiredAt: '2027-01-01T00:00:00.000Z' },
        },
        EXPIRED,
      );
    expect(consentDeadlines(fold(consentDecider, [GRANTED, first]))).toEqual([
      { kind: 'EXPIRE', dueAt: '2027-01-01T00:00:00.000Z' },
    ]);
  });
  it('leaves nothing open once recorded, nor of others’ consents', () => {
    expect(consentDeadlines(fold(consentDecider, [GRANTED]))).toEqual([{ kind: 'EXPIRE', dueAt: EXPIRES_AT }]);
    expect(consentDeadlines(fold(consentDecider, [GRANTED, EXPIRED]))).toEqual([]);
    expect(consentDeadlines(fold(consentDecider, [NOTED]))).toEqual([]);
  });
});

describe('telling an agency of a consent', () => {
  const TELL: ConsentCommandOf<'TellConsent'> = {
    ...{ type: 'TellConsent', now: GIVEN_AT, consentId: CONSENT_ID, caseId: CASE_ID, to: 'cr-conatt' },
  };
  const TOLD: ConsentEvent = {
    type: 'ConsentTold',
    data: { consentId: CONSENT_ID, caseId: CASE_ID, to: 'cr-conatt', toldAt: GIVEN_AT },
  };

  it('is recorded', () => given(GRANTED).when(TELL).then(TOLD));
  it('twice: nothing; another agency is told as well', () => {
    given(GRANTED, TOLD).when(TELL).thenNothing();
    given(GRANTED, TOLD)
      .when({ ...TELL, to: THIRD })
      .then({ ...TOLD, data: { ...TOLD.data, to: THIRD } });
  });
  it.each<[string, readonly ConsentEvent[]]>([
    ['is not known', []],
    ['was recorded by another, who tells it itself', [NOTED]],
    ['was withdrawn', [GRANTED, WITHDRAWN]],
    ['has not been given', [REQUESTED]],
  ])('does nothing with one that %s', (_, history) =>
    given(...history)
      .when(TELL)
      .thenNothing(),
  );
  it('does nothing with one that has expired', () =>
    given(GRANTED)
      .when({ ...TELL, now: EXPIRES_AT })
      .thenNothing());
});

describe('hearing of a consent', () => {
  it('notes it with the agency that recorded it', () => given().when(NOTE).then(NOTED));
  it('twice: nothing', () => given(NOTED).when(NOTE).thenNothing());
  it('refuses another agency’s word under the same id', () =>
    given(NOTED)
      .when({ ...NOTE, by: THIRD })
      .thenRefused('CONSENT.CONTRADICTION'));
  it('refuses other facts under the same id', () =>
    given(NOTED)
      .when({ ...NOTE, facts: { ...FACTS, form: 'WRITTEN' } })
      .thenRefused('CONSENT.CONTRADICTION'));
});

describe('the register', () => {
  it('knows the consents that were given, and no others', () => {
    const other: ConsentEvent = {
      type: 'ConsentRefused',
      data: { ...REFUSED.data, consentId: OTHER_CONSENT_ID },
    };
    const register = fold(consentDecider, [GRANTED, other]);
    expect(knownConsents(register).map(({ consentId }) => consentId)).toEqual([CONSENT_ID]);
    expect(consentOf(register, OTHER_CONSENT_ID)).toEqual({
      ...{ consentId: OTHER_CONSENT_ID, status: 'REFUSED', recordedAt: INTAKE, isOwn: true, asked: null },
      facts: null,
      ...{ grantedAt: null, withdrawal: null, acknowledgements: {}, confirmations: [] },
    });
    expect(consentOf(register, 'constructor')).toBeUndefined();
  });
});
