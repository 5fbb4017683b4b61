import { beforeAll, describe, expect, it } from '@jest/globals';
import type { IdentityElements } from './identity-elements.ts';
import { judgeRead } from './judge-match.ts';
import { type ReadIdentity, readIdentity } from './read-identity.ts';
import { searchIdentities } from './search-identities.ts';
import { couldMatch, indexedKeysOf, soughtKeysOf } from './search-keys.ts';
import { seededNumbers, syntheticPerson, writtenDownElsewhere } from './synthetic-people.ts';

const PEOPLE = 10_000;
const STRANGERS = 150;
/** Of searches for somebody who is not among ten thousand: at most this share finds anybody. */
const MAX_SHARE_WITH_A_MATCH = 0.35;
const MAX_MATCHES_A_SEARCH = 1;
const MIN_SHARE_FOUND_AGAIN = 0.99;

const draw = seededNumbers(20261123);
let people: readonly IdentityElements[];
let read: readonly ReadIdentity[];
let byKey: ReadonlyMap<string, readonly number[]>;
let nameCounts: readonly (readonly number[])[];

beforeAll(() => {
  people = Array.from({ length: PEOPLE }, () => syntheticPerson(draw));
  read = people.map(readIdentity);
  const found = new Map<string, number[]>();
  const indexed = read.map(indexedKeysOf);
  nameCounts = indexed.map((one) => one.nameCounts);
  for (const [index, { keys }] of indexed.entries()) {
    for (const key of keys) {
      const before = found.get(key);
      if (before === undefined) found.set(key, [index]);
      else before.push(index);
    }
  }
  byKey = found;
});

/** As a node looks for candidates: those that the keys do not rule out. */
function candidatesFor(sought: ReadIdentity): readonly number[] {
  const keys = soughtKeysOf(sought);
  const shared = new Map<number, Set<string>>();
  for (const key of keys.keys) {
    for (const index of byKey.get(key) ?? []) shared.set(index, (shared.get(index) ?? new Set()).add(key));
  }
  return [...shared].flatMap(([index, has]) => (couldMatch(keys, has, nameCounts[index] ?? []) ? [index] : []));
}

function matchesOf(sought: ReadIdentity, among: readonly number[]): readonly number[] {
  return among.filter((index) => judgeRead(sought, read[index] as ReadIdentity).isPossible);
}

describe(`among ${PEOPLE} persons`, () => {
  it('finds a stranger possible seldom enough for officers to decide each', () => {
    const found = Array.from({ length: STRANGERS }, () => {
      const sought = readIdentity(syntheticPerson(draw));
      const candidates = candidatesFor(sought);
      return { opened: candidates.length, matches: matchesOf(sought, candidates).length };
    });
    const share = found.filter(({ matches }) => matches > 0).length / STRANGERS;
    const mean = (of: (one: (typeof found)[number]) => number): number =>
      found.reduce((sum, one) => sum + of(one), 0) / STRANGERS;
    const [matches, opened] = [mean((one) => one.matches), mean((one) => one.opened)];
    process.stdout.write(
      `identity search, ${PEOPLE} persons: ${share * 100} % of strangers have a possible match, ${matches} each, ` +
        `one pair in ${Math.round(PEOPLE / matches)}; ${opened} identities opened a search\n`,
    );
    expect(share).toBeLessThan(MAX_SHARE_WITH_A_MATCH);
    expect(matches).toBeLessThan(MAX_MATCHES_A_SEARCH);
    expect(matches).toBeGreaterThan(0); // else nothing was measured
  });

  it('finds again whom another office wrote down', () => {
    const again = Array.from({ length: 300 }, (_, index) => {
      const written = readIdentity(writtenDownElsewhere(people[index * 7] as IdentityElements, draw));
      return judgeRead(written, read[index * 7] as ReadIdentity).isPossible;
    });
    expect(again.filter(Boolean).length / again.length).toBeGreaterThan(MIN_SHARE_FOUND_AGAIN);
  });

  it('leaves out by keys nobody who is a possible match', () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const sought = readIdentity(writtenDownElsewhere(people[turn * 31] as IdentityElements, draw));
      const all = matchesOf(sought, Array.from(people.keys()));
      expect(candidatesFor(sought)).toEqual(expect.arrayContaining([...all]));
    }
  });
});

describe('a search', () => {
  const born = { date: '1990-03-14', precision: 'EXACT' } as const;
  const rest = { dateOfBirth: born, sex: null, nationalities: [], documents: [] };
  const sought = { ...rest, names: ['Rosa Elena Urdaneta'] };

  it('says no match among others, and among nobody', () => {
    expect(searchIdentities(sought, [])).toEqual({ outcome: 'NO_MATCH', matches: [] });
    const others = [{ caseId: 'a', elements: { ...rest, names: ['Wilner Metellus'] } }];
    expect(searchIdentities(sought, others)).toEqual({ outcome: 'NO_MATCH', matches: [] });
  });

  it('names possible matches, the likeliest first', () => {
    const candidates = [
      { caseId: 'a', elements: { ...rest, names: ['Rosa Colmenares'] } },
      { caseId: 'b', elements: { ...rest, names: ['Wilner Metellus'] } },
      { caseId: 'c', elements: { ...rest, names: ['Rosa Elena Urdaneta'] } },
    ];
    const { outcome, matches } = searchIdentities(sought, candidates);
    expect(outcome).toBe('POSSIBLE_MATCH');
    expect(matches.map(({ caseId, judgement }) => [caseId, judgement?.points, judgement?.grounds])).toEqual([
      ['c', 11, ['ALL_NAMES', 'SAME_BIRTH_DATE']],
      ['a', 4, ['SOME_NAMES', 'SAME_BIRTH_DATE']],
    ]);
  });

  it('rules nobody out whose identity cannot be read, or by elements that say nothing', () => {
    const unreadable = [{ caseId: 'a', elements: null }];
    expect(searchIdentities(sought, unreadable)).toEqual({
      ...{ outcome: 'POSSIBLE_MATCH', matches: [{ caseId: 'a', judgement: null }] },
    });
    expect(searchIdentities({ ...rest, names: ['N.N.'] }, [])).toEqual({ outcome: 'POSSIBLE_MATCH', matches: [] });
  });
});
