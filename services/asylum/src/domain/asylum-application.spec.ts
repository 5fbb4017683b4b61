import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import {
  AT,
  lodgedForSomebodyInMexico,
  lodgedInCostaRica,
  lodgedLateInMexico,
  lodgeInCostaRica,
  lodgeInMexico,
} from './asylum-application-examples.ts';
import { asylumApplicationDecider } from './asylum-application.ts';
import { latestDayOf } from './filing-limits.ts';

const { given } = decides(asylumApplicationDecider);

const register = {
  type: 'RegisterApplication',
  at: AT,
  fileNumber: 'CR-2026-000123',
  registeredOn: '2026-11-20',
} as const;
const ratify = { type: 'RatifyApplication', at: AT, ratifiedOn: '2026-11-19' } as const;
const justify = { type: 'JustifyLateFiling', at: AT, reason: 'NOT_INFORMED', accepted: true } as const;
const registeredInCostaRica = {
  type: 'ApplicationRegistered',
  data: { fileNumber: 'CR-2026-000123', registeredOn: '2026-11-20', decideBy: '2027-02-22' },
} as const;
const ratified = { type: 'ApplicationRatified', data: { ratifiedOn: '2026-11-19', late: false } } as const;
const refusedCause = { type: 'LateFilingRefused', data: { reason: 'NOT_INFORMED' } } as const;
const acceptedCause = { type: 'LateFilingAccepted', data: { reason: 'NOT_INFORMED' } } as const;

describe('LodgeApplication', () => {
  it('is never late in Costa Rica, which sets no limit', () => {
    given().when(lodgeInCostaRica).then(lodgedInCostaRica);
  });

  it('is late in Mexico after 30 working days from entry, and lodged all the same', () => {
    given().when(lodgeInMexico).then(lodgedLateInMexico);
  });

  it('is in time in Mexico on the last working day, late on the next day', () => {
    given()
      .when({ ...lodgeInMexico, lodgedOn: '2026-10-14' })
      .then({ ...lodgedLateInMexico, data: { ...lodgedLateInMexico.data, lodgedOn: '2026-10-14', late: false } });
    given()
      .when({ ...lodgeInMexico, lodgedOn: '2026-10-15' })
      .then({ ...lodgedLateInMexico, data: { ...lodgedLateInMexico.data, lodgedOn: '2026-10-15' } });
  });

  it.each([
    { enteredOn: '2026-09', fileBy: '2026-11-11', late: true },
    { enteredOn: '2026-10', fileBy: '2026-12-14', late: false },
    { enteredOn: '2026', fileBy: '2027-02-15', late: false },
    { enteredOn: null, fileBy: null, late: false },
  ])('counts a vague entry ($enteredOn) in favour of the person', ({ enteredOn, fileBy, late }) => {
    given()
      .when({ ...lodgeInMexico, enteredOn })
      .then({ ...lodgedLateInMexico, data: { ...lodgedLateInMexico.data, enteredOn, fileBy, late } });
  });

  it.each([
    { country: 'MX', ratifyBy: '2026-11-19' },
    { country: 'CR', ratifyBy: null },
    { country: null, ratifyBy: null },
  ])('gives a third party’s lodging in $country until $ratifyBy to be ratified', ({ country, ratifyBy }) => {
    given()
      .when({ ...lodgeInCostaRica, country, lodgedBy: 'THIRD_PARTY', enteredOn: null })
      .then({
        type: 'ApplicationLodged',
        data: { ...lodgedForSomebodyInMexico.data, country, ratifyBy },
      });
  });

  it.each(['SELF', 'REPRESENTATIVE'] as const)('needs no ratification when lodged by %s', (lodgedBy) => {
    given()
      .when({ ...lodgeInMexico, lodgedBy, form: 'WRITTEN' })
      .then({ ...lodgedLateInMexico, data: { ...lodgedLateInMexico.data, lodgedBy, form: 'WRITTEN' } });
  });

  it('keeps the referral that led here', () => {
    const referralId = 'e3a1a5c0-3c41-4a58-9b75-6b1f4e0b9c77';
    given()
      .when({ ...lodgeInCostaRica, referralId })
      .then({ ...lodgedInCostaRica, data: { ...lodgedInCostaRica.data, referralId } });
  });

  it('changes nothing when repeated, refuses other facts', () => {
    given(lodgedInCostaRica).when(lodgeInCostaRica).thenNothing();
    given(lodgedInCostaRica)
      .when({ ...lodgeInCostaRica, form: 'WRITTEN' })
      .thenRefused('ASYLUM.APPLICATION_ALREADY_LODGED');
  });

  it('judges the future by the calendar of the country', () => {
    const at = '2026-11-13T05:30:00.000Z';
    given()
      .when({ ...lodgeInCostaRica, at })
      .thenRefused('ASYLUM.DATE_IN_FUTURE');
    given()
      .when({ ...lodgeInCostaRica, at: '2026-11-13T06:00:00.000Z' })
      .then(lodgedInCostaRica);
  });

  it.each(['2026-11', '2026-02-30', 'yesterday'])('refuses the day %s', (lodgedOn) => {
    given()
      .when({ ...lodgeInCostaRica, lodgedOn })
      .thenRefused('ASYLUM.DATE_INVALID');
  });

  it('refuses an entry that is no date or lies after the lodging', () => {
    given()
      .when({ ...lodgeInCostaRica, enteredOn: '2026-13' })
      .thenRefused('ASYLUM.DATE_INVALID');
    given()
      .when({ ...lodgeInCostaRica, enteredOn: '2026-11-14' })
      .thenRefused('ASYLUM.ENTRY_AFTER_LODGING');
    given()
      .when({ ...lodgeInCostaRica, enteredOn: '2026-12' })
      .thenRefused('ASYLUM.ENTRY_AFTER_LODGING');
  });
});

describe('commands on an application that was never lodged', () => {
  it.each([register, ratify, justify])('$type is refused', (command) => {
    given().when(command).thenRefused('ASYLUM.APPLICATION_UNKNOWN');
  });
});

describe('RatifyApplication', () => {
  it('takes the ratification in time', () => {
    given(lodgedForSomebodyInMexico).when(ratify).then(ratified);
  });

  it('takes it after the limit as well, and says so', () => {
    given(lodgedForSomebodyInMexico)
      .when({ ...ratify, ratifiedOn: '2026-11-20' })
      .then({ type: 'ApplicationRatified', data: { ratifiedOn: '2026-11-20', late: true } });
  });

  it('is never late where the country sets no limit', () => {
    given({
      ...lodgedForSomebodyInMexico,
      data: { ...lodgedForSomebodyInMexico.data, country: 'CR', ratifyBy: null },
    })
      .when({ ...ratify, ratifiedOn: '2026-11-22' })
      .then({ type: 'ApplicationRatified', data: { ratifiedOn: '2026-11-22', late: false } });
  });

  it('changes nothing when repeated, refuses another day', () => {
    given(lodgedForSomebodyInMexico, ratified).when(ratify).thenNothing();
    given(lodgedForSomebodyInMexico, ratified)
      .when({ ...ratify, ratifiedOn: '2026-11-18' })
      .thenRefused('ASYLUM.ALREADY_RATIFIED');
  });

  it('refuses what nobody else lodged', () => {
    given(lodgedInCostaRica).when(ratify).thenRefused('ASYLUM.RATIFICATION_NOT_NEEDED');
  });

  it.each([
    ['2026-11-12', 'ASYLUM.DATE_BEFORE_LODGING'],
    ['2026-11-23', 'ASYLUM.DATE_IN_FUTURE'],
    ['2026', 'ASYLUM.DATE_INVALID'],
  ])('refuses the day %s', (ratifiedOn, code) => {
    given(lodgedForSomebodyInMexico)
      .when({ ...ratify, ratifiedOn })
      .thenRefused(code);
  });
});

describe('JustifyLateFiling', () => {
  it('accepts or refuses the cause', () => {
    given(lodgedLateInMexico).when(justify).then(acceptedCause);
    given(lodgedLateInMexico)
      .when({ ...justify, accepted: false })
      .then(refusedCause);
  });

  it('changes nothing when repeated', () => {
    given(lodgedLateInMexico, acceptedCause).when(justify).thenNothing();
    given(lodgedLateInMexico, refusedCause)
      .when({ ...justify, accepted: false })
      .thenNothing();
  });

  it('may accept what was refused, never the reverse', () => {
    given(lodgedLateInMexico, refusedCause).when(justify).then(acceptedCause);
    given(lodgedLateInMexico, acceptedCause)
      .when({ ...justify, accepted: false })
      .thenRefused('ASYLUM.LATE_FILING_ALREADY_ACCEPTED');
    given(lodgedLateInMexico, acceptedCause)
      .when({ ...justify, reason: 'HEALTH' })
      .thenRefused('ASYLUM.LATE_FILING_ALREADY_ACCEPTED');
  });

  it('is refused where nothing was late', () => {
    given(lodgedInCostaRica).when(justify).thenRefused('ASYLUM.NOT_LATE');
  });

  it('is open after a late filing, and ends with the decision', () => {
    expect(fold(asylumApplicationDecider, [lodgedLateInMexico]).lateFiling).toBe('OPEN');
    expect(fold(asylumApplicationDecider, [lodgedLateInMexico, refusedCause]).lateFiling).toBe('REFUSED');
    expect(fold(asylumApplicationDecider, [lodgedLateInMexico, refusedCause, acceptedCause]).lateFiling).toBe(
      'ACCEPTED',
    );
    expect(fold(asylumApplicationDecider, [lodgedInCostaRica]).lateFiling).toBe('NOT_LATE');
  });
});

describe('RegisterApplication', () => {
  it('gives three months to decide in Costa Rica, moved forward from a Saturday', () => {
    given(lodgedInCostaRica).when(register).then(registeredInCostaRica);
  });

  it('gives 45 working days to decide in Mexico, holidays left out', () => {
    given(lodgedLateInMexico)
      .when(register)
      .then({ ...registeredInCostaRica, data: { ...registeredInCostaRica.data, decideBy: '2027-01-26' } });
  });

  it('sets no limit where the country sets none', () => {
    given({ ...lodgedInCostaRica, data: { ...lodgedInCostaRica.data, country: 'PA' } })
      .when(register)
      .then({ ...registeredInCostaRica, data: { ...registeredInCostaRica.data, decideBy: null } });
  });

  it.each([[[]], [[refusedCause]], [[acceptedCause]]])('late filing is never an automatic bar: %j', (history) => {
    given(lodgedLateInMexico, ...history)
      .when(register)
      .then({ ...registeredInCostaRica, data: { ...registeredInCostaRica.data, decideBy: '2027-01-26' } });
  });

  it('waits for the ratification of what a third party lodged', () => {
    given(lodgedForSomebodyInMexico).when(register).thenRefused('ASYLUM.NOT_RATIFIED');
    given(lodgedForSomebodyInMexico, ratified)
      .when(register)
      .then({ ...registeredInCostaRica, data: { ...registeredInCostaRica.data, decideBy: '2027-01-26' } });
  });

  it('changes nothing when repeated, refuses another file', () => {
    given(lodgedInCostaRica, registeredInCostaRica).when(register).thenNothing();
    given(lodgedInCostaRica, registeredInCostaRica)
      .when({ ...register, fileNumber: 'CR-2026-000124' })
      .thenRefused('ASYLUM.ALREADY_REGISTERED');
  });

  it.each([
    ['2026-11-12', 'ASYLUM.DATE_BEFORE_LODGING'],
    ['2026-11-23', 'ASYLUM.DATE_IN_FUTURE'],
    ['2026-11', 'ASYLUM.DATE_INVALID'],
  ])('refuses the day %s', (registeredOn, code) => {
    given(lodgedInCostaRica)
      .when({ ...register, registeredOn })
      .thenRefused(code);
  });
});

describe('latestDayOf', () => {
  it.each([
    ['2026', '2026-12-31'],
    ['2026-02', '2026-02-28'],
    ['2028-02', '2028-02-29'],
    ['2026-12', '2026-12-31'],
    ['2026-11-03', '2026-11-03'],
  ])('of %s is %s', (partial, day) => {
    expect(latestDayOf(partial)).toBe(day);
  });
});
