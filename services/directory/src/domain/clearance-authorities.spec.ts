import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { clearanceAuthoritiesDecider, type ClearanceCommand, type ClearanceEvent } from './clearance-authorities.ts';

const { given } = decides(clearanceAuthoritiesDecider);

const DESIGNATE = {
  type: 'DesignateClearanceAuthority',
  jurisdiction: 'CR',
  agencyId: 'cr-refugee-unit',
  holds: ['ASYLUM_PENDING', 'APPEAL_OPEN'],
} as const satisfies ClearanceCommand;
const designated = (agencyId: string, ...holds: ClearanceAuthorityHolds): ClearanceEvent => ({
  type: 'ClearanceAuthorityDesignated',
  data: { jurisdiction: 'CR', agencyId, holds },
});
type ClearanceAuthorityHolds = Extract<
  ClearanceEvent,
  { type: 'ClearanceAuthorityDesignated' }
>['data']['holds'][number][];
const UNIT = designated('cr-refugee-unit', 'APPEAL_OPEN', 'ASYLUM_PENDING');
const COURT = designated('cr-court', 'APPEAL_OPEN');

describe('DesignateClearanceAuthority', () => {
  it('designates who answers for which holds, each once, in one order', () => {
    given().when(DESIGNATE).then(UNIT);
    given()
      .when({ ...DESIGNATE, holds: ['ASYLUM_PENDING', 'APPEAL_OPEN', 'ASYLUM_PENDING'] })
      .then(UNIT);
    given(UNIT).when(DESIGNATE).thenNothing();
    expect(fold(clearanceAuthoritiesDecider, [UNIT, COURT])).toEqual({
      jurisdiction: 'CR',
      authorities: [
        { agencyId: 'cr-court', holds: ['APPEAL_OPEN'] },
        { agencyId: 'cr-refugee-unit', holds: ['APPEAL_OPEN', 'ASYLUM_PENDING'] },
      ],
    });
  });

  it.each<[string, Partial<typeof DESIGNATE> | object, string]>([
    ['a jurisdiction that is none', { jurisdiction: 'XX' }, 'DIRECTORY.COUNTRY_UNKNOWN'],
    ['what is no agency id', { agencyId: 'The Court' }, 'DIRECTORY.AGENCY_ID_MALFORMED'],
    ['no hold', { holds: [] }, 'DIRECTORY.HOLDS_MISSING'],
  ])('refuses %s', (_, change, code) => {
    given()
      .when({ ...DESIGNATE, ...change })
      .thenRefused(code);
  });

  it('INV-02 leaves no hold without who answers for it', () => {
    const fewer = { ...DESIGNATE, holds: ['ASYLUM_PENDING'] } as const;
    given(UNIT).when(fewer).thenRefused('DIRECTORY.HOLD_UNANSWERED');
    given(UNIT, COURT).when(fewer).then(designated('cr-refugee-unit', 'ASYLUM_PENDING'));
  });
});

describe('WithdrawClearanceAuthority', () => {
  it('withdraws one whose holds another answers for', () => {
    const withdrawn: ClearanceEvent = { type: 'ClearanceAuthorityWithdrawn', data: { agencyId: 'cr-court' } };
    given(UNIT, COURT).when({ type: 'WithdrawClearanceAuthority', agencyId: 'cr-court' }).then(withdrawn);
    expect(fold(clearanceAuthoritiesDecider, [UNIT, COURT, withdrawn])?.authorities).toEqual([
      { agencyId: 'cr-refugee-unit', holds: ['APPEAL_OPEN', 'ASYLUM_PENDING'] },
    ]);
    expect(clearanceAuthoritiesDecider.evolve(null, withdrawn)).toBeNull();
  });

  it('INV-02 refuses to withdraw the only one', () => {
    given(UNIT, COURT)
      .when({ type: 'WithdrawClearanceAuthority', agencyId: 'cr-refugee-unit' })
      .thenRefused('DIRECTORY.HOLD_UNANSWERED');
  });

  it('nothing happens where it never was one', () => {
    given(UNIT).when({ type: 'WithdrawClearanceAuthority', agencyId: 'cr-court' }).thenNothing();
    given().when({ type: 'WithdrawClearanceAuthority', agencyId: 'cr-court' }).thenNothing();
  });
});
