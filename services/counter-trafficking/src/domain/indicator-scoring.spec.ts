import { describe, expect, it } from '@jest/globals';
import {
  AGE_STATUSES,
  ANSWERS,
  INDICATOR_DIMENSIONS,
  type IndicatorDimension,
  type IndicatorStrength,
  PROTECTION_RANK,
  TRAFFICKING_ACTS,
  TRAFFICKING_INDICATORS,
  TRAFFICKING_MEANS,
  TRAFFICKING_PURPOSES,
} from '@acogida/reference';
import fc from 'fast-check';
import {
  type DimensionResults,
  isDimensionPositive,
  type ObservedIndicator,
  scoreDimensions,
  scoreScreening,
  SCORING_RULE_VERSION,
  type ScreeningEvidence,
  suggestOutcome,
} from './indicator-scoring.ts';

const NOTHING: ScreeningEvidence = { ageStatus: 'ADULT', acts: [], means: [], purposes: [], indicators: [] };
const NO_DIMENSION = scoreDimensions([]);

function observe(dimension: IndicatorDimension, strength: IndicatorStrength, count: number): ObservedIndicator[] {
  const found = TRAFFICKING_INDICATORS.filter((one) => one.dimension === dimension && one.strength === strength);
  expect(found.length).toBeGreaterThanOrEqual(count);
  return found.slice(0, count).map(({ list, code }) => ({ list, dimension, code, observed: 'YES' }));
}

describe('isDimensionPositive', () => {
  const grid = [0, 1, 2, 3].flatMap((S) => [0, 1, 2, 3, 4].flatMap((M) => [0, 1, 2, 3].map((W) => ({ S, M, W }))));

  it.each([
    [{ S: 2, M: 0, W: 0 }, true],
    [{ S: 1, M: 1, W: 0 }, true],
    [{ S: 1, M: 0, W: 1 }, true],
    [{ S: 0, M: 3, W: 0 }, true],
    [{ S: 0, M: 2, W: 1 }, true],
    [{ S: 1, M: 0, W: 0 }, false],
    [{ S: 0, M: 2, W: 0 }, false],
    [{ S: 0, M: 1, W: 3 }, false],
    [{ S: 0, M: 0, W: 3 }, false],
    [{ S: 0, M: 0, W: 0 }, false],
  ])('finds %j positive: %s', (counts, positive) => {
    expect(isDimensionPositive(counts)).toBe(positive);
  });

  it.each(grid)('agrees with the rule spelt out as minimal sets at S $S, M $M, W $W', ({ S, M, W }) => {
    const minimal = [
      [2, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
      [0, 3, 0],
      [0, 2, 1],
    ] as const;
    expect(isDimensionPositive({ S, M, W })).toBe(minimal.some(([s, m, w]) => S >= s && M >= m && W >= w));
  });
});

describe('scoreDimensions', () => {
  it('leaves a dimension unassessed in which nothing was answered', () => {
    const unknown = observe('EX', 'S', 1).map((one) => ({ ...one, observed: 'UNKNOWN' as const }));
    expect(scoreDimensions(unknown)).toEqual({
      DR: 'NOT_ASSESSED',
      CR: 'NOT_ASSESSED',
      VR: 'NOT_ASSESSED',
      EX: 'NOT_ASSESSED',
      CD: 'NOT_ASSESSED',
      VD: 'NOT_ASSESSED',
    });
  });

  it.each(['NO', 'YES'] as const)('finds a dimension with one %s not positive', (observed) => {
    const one = observe('CD', 'S', 1).map((indicator) => ({ ...indicator, observed }));
    expect(scoreDimensions(one).CD).toBe('NOT_POSITIVE');
  });

  it('counts YES only', () => {
    const two = observe('CD', 'S', 2);
    expect(scoreDimensions(two).CD).toBe('POSITIVE');
    expect(scoreDimensions([two[0], { ...two[1], observed: 'NO' }] as ObservedIndicator[]).CD).toBe('NOT_POSITIVE');
    expect(scoreDimensions([two[0], { ...two[1], observed: 'UNKNOWN' }] as ObservedIndicator[]).CD).toBe(
      'NOT_POSITIVE',
    );
  });

  it('counts an indicator once, however often it is named', () => {
    const [one] = observe('CD', 'S', 1);
    expect(scoreDimensions([one, one] as ObservedIndicator[]).CD).toBe('NOT_POSITIVE');
  });

  it('counts a code in the dimension in which it was observed: violence is strong in CR and in CD', () => {
    const violence = (dimension: IndicatorDimension): ObservedIndicator => ({
      list: 'ILO_EC_ADULT_LABOUR',
      dimension,
      code: 'VIOLENCE',
      observed: 'YES',
    });
    const results = scoreDimensions([violence('CR'), violence('CD'), ...observe('CR', 'W', 1)]);
    expect(results).toMatchObject({ CR: 'POSITIVE', CD: 'NOT_POSITIVE' });
  });

  it.each(INDICATOR_DIMENSIONS)('can find %s positive, and only that one', (dimension) => {
    const results = scoreDimensions([...observe(dimension, 'M', 3)]);
    for (const other of INDICATOR_DIMENSIONS) {
      expect(results[other]).toBe(other === dimension ? 'POSITIVE' : 'NOT_ASSESSED');
    }
  });
});

describe('suggestOutcome', () => {
  const dimensions = (...positive: IndicatorDimension[]): DimensionResults => ({
    ...NO_DIMENSION,
    ...Object.fromEntries(positive.map((dimension) => [dimension, 'POSITIVE'])),
  });
  const act = { acts: ['TRANSPORT'] } as const;
  const means = { means: ['THREAT'] } as const;
  const purpose = { purposes: ['FORCED_LABOUR'] } as const;
  const sign = { indicators: observe('VD', 'W', 1) };

  it.each([
    ['nothing', {}, [], 'NOT_IDENTIFIED', 'AT_RISK'],
    ['one indicator', sign, [], 'AT_RISK', 'AT_RISK'],
    ['means', means, [], 'AT_RISK', 'AT_RISK'],
    ['a means dimension', {}, ['CD'], 'AT_RISK', 'AT_RISK'],
    ['means in both forms', means, ['CD', 'VD'], 'AT_RISK', 'AT_RISK'],
    ['an act', act, [], 'AT_RISK', 'INCONCLUSIVE'],
    ['a purpose', purpose, [], 'AT_RISK', 'INCONCLUSIVE'],
    ['exploitation', {}, ['EX'], 'AT_RISK', 'INCONCLUSIVE'],
    ['exploitation in both forms', purpose, ['EX'], 'AT_RISK', 'INCONCLUSIVE'],
    ['act and means', { ...act, ...means }, [], 'INCONCLUSIVE', 'INCONCLUSIVE'],
    ['act and a means dimension', act, ['DR'], 'INCONCLUSIVE', 'INCONCLUSIVE'],
    ['means and purpose', { ...means, ...purpose }, [], 'INCONCLUSIVE', 'INCONCLUSIVE'],
    ['a means dimension and exploitation', {}, ['CR', 'EX'], 'INCONCLUSIVE', 'INCONCLUSIVE'],
    ['act and purpose', { ...act, ...purpose }, [], 'INCONCLUSIVE', 'PRESUMED'],
    ['act and exploitation', act, ['EX'], 'INCONCLUSIVE', 'PRESUMED'],
    ['act, means and purpose without a dimension', { ...act, ...means, ...purpose }, [], 'INCONCLUSIVE', 'PRESUMED'],
    ['act, means and exploitation', { ...act, ...means }, ['EX'], 'INCONCLUSIVE', 'PRESUMED'],
    ['act, DR and purpose', { ...act, ...purpose }, ['DR'], 'PRESUMED', 'PRESUMED'],
    ['act, CR and purpose', { ...act, ...purpose }, ['CR'], 'PRESUMED', 'PRESUMED'],
    ['act, VR and purpose', { ...act, ...purpose }, ['VR'], 'PRESUMED', 'PRESUMED'],
    ['act, CD and purpose', { ...act, ...purpose }, ['CD'], 'PRESUMED', 'PRESUMED'],
    ['act, VD and purpose', { ...act, ...purpose }, ['VD'], 'PRESUMED', 'PRESUMED'],
    ['act, VD and exploitation', act, ['VD', 'EX'], 'PRESUMED', 'PRESUMED'],
  ] as const)('of %s suggests %4$s for a child and %3$s for an adult', (_, found, positive, adult, child) => {
    const evidence = { ...NOTHING, ...found };
    const results = dimensions(...positive);
    expect(suggestOutcome(evidence, results)).toBe(adult);
    expect(suggestOutcome({ ...evidence, ageStatus: 'CHILD' }, results)).toBe(child);
    expect(suggestOutcome({ ...evidence, ageStatus: 'DISPUTED' }, results)).toBe(child);
  });
});

describe('scoreScreening', () => {
  const indicators = fc.subarray([...TRAFFICKING_INDICATORS]).chain((chosen) =>
    fc.tuple(...chosen.map(() => fc.constantFrom(...ANSWERS))).map((answers) =>
      chosen.map(({ list, dimension, code }, i): ObservedIndicator => ({
        list,
        dimension,
        code,
        observed: answers[i] ?? 'UNKNOWN',
      })),
    ),
  );
  const evidence: fc.Arbitrary<ScreeningEvidence> = fc.record({
    ageStatus: fc.constantFrom(...AGE_STATUSES),
    acts: fc.subarray([...TRAFFICKING_ACTS], { maxLength: 2 }),
    means: fc.subarray([...TRAFFICKING_MEANS], { maxLength: 2 }),
    purposes: fc.subarray([...TRAFFICKING_PURPOSES], { maxLength: 2 }),
    indicators: fc.oneof(fc.constant([]), indicators),
  });
  /** Finer than the protection rank: tells INCONCLUSIVE from PRESUMED. */
  const rank = (one: ScreeningEvidence): number =>
    ['NOT_IDENTIFIED', 'AT_RISK', 'INCONCLUSIVE', 'PRESUMED'].indexOf(scoreScreening(one).suggested);

  it('says by which rules', () => {
    expect(scoreScreening(NOTHING)).toEqual({
      dimensionResults: NO_DIMENSION,
      suggested: 'NOT_IDENTIFIED',
      ruleVersion: SCORING_RULE_VERSION,
    });
  });

  it('INV-23 never suggests that a victim is confirmed: that is for people to say', () => {
    fc.assert(fc.property(evidence, (one) => scoreScreening(one).suggested !== 'CONFIRMED'));
  });

  it('is never lowered by more evidence', () => {
    const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];
    fc.assert(
      fc.property(evidence, evidence, (one, more) => {
        const seen = new Set(
          more.indicators.filter((i) => i.observed === 'YES').map((i) => `${i.dimension} ${i.code}`),
        );
        const kept = one.indicators.map((i) =>
          seen.delete(`${i.dimension} ${i.code}`) ? { ...i, observed: 'YES' as const } : i,
        );
        const added = more.indicators.filter((i) => i.observed === 'YES' && seen.has(`${i.dimension} ${i.code}`));
        const both: ScreeningEvidence = {
          ageStatus: one.ageStatus,
          acts: union(one.acts, more.acts),
          means: union(one.means, more.means),
          purposes: union(one.purposes, more.purposes),
          indicators: [...kept, ...added],
        };
        expect(rank(both)).toBeGreaterThanOrEqual(rank(one));
        expect(PROTECTION_RANK[scoreScreening(both).suggested]).toBeGreaterThanOrEqual(
          PROTECTION_RANK[scoreScreening(one).suggested],
        );
      }),
    );
  });

  it('INV-08 never depends on means for a child', () => {
    fc.assert(
      fc.property(evidence, evidence, fc.constantFrom('CHILD', 'DISPUTED'), (one, other, ageStatus) => {
        const child: ScreeningEvidence = { ...one, ageStatus };
        const exploitationOnly = one.indicators.filter((i) => i.dimension === 'EX');
        const otherMeans: ScreeningEvidence = {
          ...child,
          means: other.means,
          indicators: [...exploitationOnly, ...other.indicators.filter((i) => i.dimension !== 'EX')],
        };
        expect(scoreScreening(otherMeans).suggested).toBe(scoreScreening(child).suggested);
      }),
    );
  });

  it('INV-08 never protects a child less than an adult with the same evidence', () => {
    fc.assert(
      fc.property(evidence, fc.constantFrom('CHILD', 'DISPUTED'), (one, ageStatus) => {
        expect(rank({ ...one, ageStatus })).toBeGreaterThanOrEqual(rank({ ...one, ageStatus: 'ADULT' }));
      }),
    );
  });
});
