import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { type TrustEvent, trustStatementsDecider } from './trust-statements.ts';

const { given } = decides(trustStatementsDecider);

const HEAD = 'a'.repeat(64);
const GENESIS = 'b'.repeat(64);
const SIGNATURES = [{ rootKeyId: 'root-1', signature: 'A'.repeat(86) }];
const OTHERS = [{ rootKeyId: 'root-2', signature: 'B'.repeat(86) }];
const key = (keyId: string) => ({ keyId, x: 'A'.repeat(43) });
const ADMISSION = {
  ...{ genesis: GENESIS, sequence: 1, agency: 'pa-border-intake', kind: 'intake', name: 'Post', jurisdiction: 'PA' },
  ...{ keys: { signing: key('s'), sealing: key('e'), transport: key('t') }, fromNumber: 1 },
};
const REVOCATION = {
  ...{ genesis: GENESIS, agency: 'pa-border-intake', keyId: 's', reason: 'KEY_LOST' },
  ...{ lastGoodNumber: 4, lastGoodTreeHead: HEAD },
};
const SUCCESSION = {
  ...{ genesis: GENESIS, agency: 'pa-border-intake', successor: 'cr-border-intake' },
  ...{ lastGoodNumber: 4, lastGoodTreeHead: HEAD },
};
const admitted = (change: object = {}): TrustEvent => ({
  type: 'AgencyAdmitted',
  data: { statement: { ...ADMISSION, ...change }, signatures: SIGNATURES },
});
const revoked: TrustEvent = { type: 'AgencyKeyRevoked', data: { statement: REVOCATION, signatures: SIGNATURES } };
const ordered: TrustEvent = { type: 'SuccessionOrdered', data: { statement: SUCCESSION, signatures: SIGNATURES } };

describe('PublishAdmission', () => {
  const publish = (change: object = {}, signatures = SIGNATURES) =>
    ({ type: 'PublishAdmission', signed: { statement: { ...ADMISSION, ...change }, signatures } }) as const;

  it('publishes what the roots signed', () => given().when(publish()).then(admitted()));

  it('publishes a statement once, whoever signed it and in whatever order its members stand', () => {
    const { sequence, ...rest } = ADMISSION;
    given(admitted()).when(publish()).thenNothing();
    given(admitted()).when(publish({}, OTHERS)).thenNothing();
    given(admitted())
      .when({ type: 'PublishAdmission', signed: { statement: { ...rest, sequence }, signatures: SIGNATURES } })
      .thenNothing();
  });

  it('publishes the admission after a revocation', () => {
    const again = { sequence: 2, fromNumber: 5 };
    given(admitted(), revoked).when(publish(again)).then(admitted(again));
  });

  it('refuses another one under the same sequence', () => {
    given(admitted())
      .when(publish({ name: 'Another post' }))
      .thenRefused('DIRECTORY.ADMISSION_DIFFERS');
  });
});

describe('PublishRevocation', () => {
  const publish = (change: object = {}) =>
    ({
      type: 'PublishRevocation',
      signed: { statement: { ...REVOCATION, ...change }, signatures: SIGNATURES },
    }) as const;

  it('publishes each revocation once', () => {
    given(admitted()).when(publish()).then(revoked);
    given(admitted(), revoked).when(publish()).thenNothing();
  });

  it('publishes one that goes further back', () => {
    const data = { statement: { ...REVOCATION, lastGoodNumber: 2 }, signatures: SIGNATURES };
    given(admitted(), revoked)
      .when(publish({ lastGoodNumber: 2 }))
      .then({ type: 'AgencyKeyRevoked', data });
  });
});

describe('PublishSuccession', () => {
  const publish = (change: object = {}) =>
    ({
      type: 'PublishSuccession',
      signed: { statement: { ...SUCCESSION, ...change }, signatures: SIGNATURES },
    }) as const;

  it('publishes who succeeds, once', () => {
    given(admitted()).when(publish()).then(ordered);
    given(admitted(), ordered).when(publish()).thenNothing();
  });

  it('refuses another successor', () => {
    given(admitted(), ordered)
      .when(publish({ successor: 'mx-comar' }))
      .thenRefused('DIRECTORY.SUCCESSION_DIFFERS');
  });
});

it('knows every statement of an agency', () => {
  expect(fold(trustStatementsDecider, [admitted(), revoked, ordered])).toEqual({
    admissions: [ADMISSION],
    revocations: [REVOCATION],
    succession: SUCCESSION,
  });
});
