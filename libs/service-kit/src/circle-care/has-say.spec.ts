import { describe, expect, it } from '@jest/globals';
import type { CircleMember } from '../case-keys/case-keys.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { sayOf } from './has-say.ts';

const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const AT = '2026-11-22T09:00:00.000Z';
const [CONATT, COMAR, OMBUDSMAN, UNIT] = ['cr-conatt', 'mx-comar', 'cr-ombudsman', 'cr-refugee-unit'];

function member(agency: string, rest: Partial<CircleMember> = {}): CircleMember {
  return {
    ...{ agency, role: 'MEMBER', memberKeyX: null, audiences: [], history: 'CURRENT', admittedAt: AT, leftAt: null },
    ...{ grantedKeyIds: [], grantPutOffUntil: null },
    ...rest,
  };
}

function asked(
  agency: string,
  known: readonly CircleMember[],
  { holder = null, successor = null }: { readonly holder?: string | null; readonly successor?: string | null } = {},
): Promise<boolean> {
  const load = async () => ({ version: 1, state: holder === null ? null : { holder } });
  const members = () => [
    { agencyId: CONATT, successor },
    { agencyId: COMAR, successor: null },
  ];
  const turn = { node: { handler: { load }, members }, transaction: {} } as unknown as KeyTurn;
  return sayOf({ everybody: async () => known })(turn, CASE, agency);
}

describe('who has a say in who reads a case along', () => {
  it('whoever was let into the circle here, as long as it is in it', async () => {
    expect(await asked(CONATT, [member(CONATT)])).toBe(true);
    expect(await asked(CONATT, [member(CONATT, { leftAt: AT })])).toBe(false);
  });

  it('the custodian, let in or not', async () => {
    expect(await asked(COMAR, [], { holder: COMAR })).toBe(true);
    expect(await asked(COMAR, [], { holder: CONATT })).toBe(false);
  });

  it('the successor of one that was let in, also when that has left', async () => {
    expect(await asked(UNIT, [member(CONATT, { leftAt: AT })], { successor: UNIT })).toBe(true);
    expect(await asked(UNIT, [member(COMAR)], { successor: UNIT })).toBe(false);
  });

  it('nobody else: no auditor, and no stranger', async () => {
    expect(await asked(OMBUDSMAN, [member(OMBUDSMAN, { role: 'AUDITOR' })])).toBe(false);
    expect(await asked(UNIT, [member(CONATT)])).toBe(false);
  });
});
