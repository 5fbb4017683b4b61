import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import { type Custody, type CustodyCommand, custodyDecider, type CustodyEvent, custodyProcedure } from './custody.ts';

const { given } = decides(custodyDecider);
const caseId = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const referralId = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const at = '2026-11-22T11:00:00.000Z';
const [INTAKE, SHELTER, REFUGE] = ['cr-border-intake', 'cr-pani-shelter', 'cr-refugee-unit'];

type Command<T extends CustodyCommand['type']> = Extract<CustodyCommand, { readonly type: T }>;
const OPEN: Command<'OpenCustody'> = { type: 'OpenCustody', by: INTAKE, now: at, caseId };
const RELEASE: Command<'RecordRelease'> = {
  type: 'RecordRelease',
  ...{ caseId, referralId, term: 2, from: INTAKE, to: SHELTER, number: 7, at },
};
const SUCCEED: Command<'RecordSuccession'> = {
  type: 'RecordSuccession',
  ...{ from: INTAKE, successor: REFUGE, lastGoodNumber: 9, at },
};

const taken = (change: Partial<CustodyEvent['data']>): CustodyEvent => ({
  type: 'CustodyTaken',
  data: {
    ...{ caseId, term: 1, holder: INTAKE, basis: 'OPENED', from: null, releasedBy: null, lastGoodNumber: null },
    ...{ referralId: null, takenAt: at, ...change },
  },
});
const OPENED = taken({});
const RELEASED = taken({
  ...{ term: 2, holder: SHELTER, basis: 'RELEASED', from: INTAKE, releasedBy: 7, referralId },
});
const SUCCEEDED = taken({ term: 2, holder: REFUGE, basis: 'SUCCESSION', from: INTAKE, lastGoodNumber: 9 });

describe('OpenCustody', () => {
  it('begins the first term, once', () => {
    given().when(OPEN).then(OPENED);
    given(OPENED).when(OPEN).thenNothing();
  });

  it('is refused where another agency has the case', () => {
    given(OPENED)
      .when({ ...OPEN, by: SHELTER })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN');
  });
});

describe('RecordRelease', () => {
  it('moves the case to the next term, and is recorded once', () => {
    given(OPENED).when(RELEASE).then(RELEASED);
    given(OPENED, RELEASED).when(RELEASE).thenNothing();
  });

  it('is how a receiver first hears of the custody of a case', () => {
    given().when(RELEASE).then(RELEASED);
    given()
      .when({ ...RELEASE, term: 5 })
      .then(taken({ ...RELEASED.data, term: 5 }));
  });

  it.each([
    ['the term that is', { term: 1 }],
    ['a term that is not next', { term: 3 }],
    ['no term', { term: 0 }],
    ['itself', { to: INTAKE }],
  ])('refuses a release under %s: stale, and nothing changes', (_, change) => {
    given(OPENED)
      .when({ ...RELEASE, ...change })
      .thenRefused('CUSTODY.STALE_TERM');
  });

  it('refuses a release by another than the custodian', () => {
    given(OPENED)
      .when({ ...RELEASE, from: REFUGE })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN');
    given(OPENED, RELEASED)
      .when({ ...RELEASE, term: 3, to: REFUGE })
      .thenRefused('CUSTODY.NOT_THE_CUSTODIAN');
  });

  it('refuses a second release of the same term to another agency', () => {
    given(OPENED, RELEASED)
      .when({ ...RELEASE, to: REFUGE })
      .thenRefused('CUSTODY.STALE_TERM');
  });
});

describe('RecordSuccession', () => {
  it('gives the case of an agency that is gone to its successor, at the next term, once', () => {
    given(OPENED).when(SUCCEED).then(SUCCEEDED);
    given(OPENED, SUCCEEDED).when(SUCCEED).thenNothing();
  });

  it('does nothing with cases that the agency did not have', () => {
    given().when(SUCCEED).thenNothing();
    given(OPENED)
      .when({ ...SUCCEED, from: SHELTER })
      .thenNothing();
  });

  it('leaves what was given away in time, whichever is heard first', () => {
    given(OPENED, RELEASED).when(SUCCEED).thenNothing();
    given(OPENED, SUCCEEDED).when(RELEASE).then(RELEASED);
  });

  it('takes back what was given away after the last good number, whichever is heard first', () => {
    const order = { ...SUCCEED, lastGoodNumber: 6 };
    const succeeded = taken({ ...SUCCEEDED.data, lastGoodNumber: 6 });
    given(OPENED, RELEASED).when(order).then(succeeded);
    given(OPENED, succeeded).when(RELEASE).thenRefused('CUSTODY.STALE_TERM');
  });
});

describe('custody', () => {
  it('is one agency’s in each term', () => {
    const onwards = taken({ term: 3, holder: REFUGE, basis: 'RELEASED', from: SHELTER, releasedBy: 2, referralId });
    const custody: Custody = {
      ...{ caseId, term: 3, holder: REFUGE, basis: 'RELEASED', from: SHELTER, releasedBy: 2, lastGoodNumber: null },
    };
    expect(fold(custodyDecider, [OPENED, RELEASED, onwards])).toEqual(custody);
  });

  it('publishes nothing by itself', () => {
    expect(custodyProcedure.publish()).toBeNull();
  });
});
