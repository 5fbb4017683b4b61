import { describe, expect, it } from '@jest/globals';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { COMAR, CONATT, OMBUDSMAN, OWN } from './testing/erasure-examples.ts';
import { type CaseTies, isGoneForGood, speakersFor, speaksFor } from './who-may-order.ts';

const UNIT = 'cr-refugee-unit';
const NO_TIES: CaseTies = {
  ...{
    holder: null,
    isHolderGone: false,
    isOpenedHere: false,
    openers: [],
    referrers: [],
    receivers: [],
    companions: [],
  },
};
const speakers = (ties: Partial<CaseTies>) => speakersFor({ ...NO_TIES, ...ties }, OWN);

describe('INV-22 whose order to erase a case counts', () => {
  it('the custodian’s alone where it is known, whoever opened it or referred it here', () => {
    const others = { openers: [CONATT], referrers: [CONATT], receivers: [COMAR], companions: [COMAR] };
    expect(speakers({ ...others, holder: UNIT })).toEqual([UNIT]);
    expect(speakers({ ...others, holder: OWN })).toEqual([OWN]);
    expect(speakers({ isOpenedHere: true, holder: COMAR })).toEqual([COMAR]);
  });

  it('nobody else’s of a case of this agency, whoever it was referred to, or referred it back', () => {
    expect(speakers({ isOpenedHere: true, receivers: [CONATT], companions: [CONATT] })).toEqual([OWN]);
    expect(speakers({ isOpenedHere: true, referrers: [CONATT] })).toEqual([OWN]);
    expect(speakers({ receivers: [CONATT], companions: [CONATT] })).toEqual([OWN]);
  });

  it('whoever’s this agency has the case from, not whoever it referred it to then', () => {
    const further = { receivers: [COMAR], companions: [COMAR, UNIT] };
    expect(speakers({ ...further, referrers: [CONATT] })).toEqual([CONATT]);
    expect(speakers({ ...further, openers: [UNIT], referrers: [CONATT, UNIT] })).toEqual([UNIT, CONATT]);
  });

  it('besides a custodian that is gone for good: that of whoever opened it or referred it here, and of no others', () => {
    const gone = { holder: UNIT, isHolderGone: true, receivers: [COMAR], companions: [COMAR] };
    expect(speakers({ ...gone, isOpenedHere: true, referrers: [UNIT] })).toEqual([UNIT, OWN]);
    expect(speakers({ ...gone, openers: [CONATT], referrers: [UNIT] })).toEqual([UNIT, CONATT]);
    expect(speakers({ ...gone, referrers: [UNIT] })).toEqual([UNIT]);
    expect(speakers(gone)).toEqual([UNIT]);
    expect(speakers({ ...gone, isHolderGone: false, isOpenedHere: true })).toEqual([UNIT]);
  });

  it('that of whoever reads along with it where nobody referred it: by a hold, say', () => {
    expect(speakers({ companions: [CONATT] })).toEqual([CONATT]);
    expect(speakers({})).toEqual([]);
  });
});

describe('who speaks for a case', () => {
  const members = () => [
    { agencyId: CONATT, successor: UNIT },
    { agencyId: UNIT, successor: null },
  ];
  const turn = { node: { members } } as unknown as KeyTurn;

  it('whoever is named, and the successor of one that is gone', () => {
    expect(speaksFor([COMAR, CONATT], CONATT, turn)).toBe(true);
    expect(speaksFor([COMAR, CONATT], UNIT, turn)).toBe(true);
  });

  it('nobody else', () => {
    expect(speaksFor([COMAR, CONATT], OMBUDSMAN, turn)).toBe(false);
    expect(speaksFor([COMAR], UNIT, turn)).toBe(false);
    expect(speaksFor([], UNIT, turn)).toBe(false);
  });
});

describe('a custodian that is gone for good', () => {
  const DIRECTORY = 'xx-directory';
  const members = [
    { agencyId: DIRECTORY, kind: 'directory' },
    { agencyId: CONATT, kind: 'counter-trafficking', successor: UNIT },
    { agencyId: UNIT, kind: 'asylum', successor: null },
  ];
  const isGone = (agency: string, status: string | null) =>
    isGoneForGood(
      {
        node: { members: () => members },
        transaction: {
          query: async ({ values }: { values: unknown[] }) => {
            expect(values).toEqual([agency, [DIRECTORY]]);
            return { rows: status === null ? [] : [{ entry: { status } }] };
          },
        },
      } as unknown as KeyTurn,
      agency,
    );

  it('is one that the directory closed and nobody took over from', async () => {
    expect(await isGone(UNIT, 'CLOSED')).toBe(true);
    expect(await isGone(CONATT, 'CLOSED')).toBe(false);
  });

  it.each(['ACTIVE', 'SUSPENDED', null])('is none that is listed as %s', async (status) => {
    expect(await isGone(UNIT, status)).toBe(false);
  });
});
