import {
  type AgeStatus,
  type Answer,
  type DimensionResult,
  findIndicator,
  INDICATOR_DIMENSIONS,
  type IndicatorDimension,
  type IndicatorList,
  type IndicatorStrength,
  isTreatedAsChild,
  type TraffickingAct,
  type TraffickingMeans,
  type TraffickingOutcome,
  type TraffickingPurpose,
} from '@acogida/reference';

/** Version of the rules in this file. A change of any rule changes it; published screenings keep the one they were scored by. */
export const SCORING_RULE_VERSION = 'palermo-3/ilo-ec-adult-labour/1';

/** One indicator of a list as answered in the interview. */
export interface ObservedIndicator {
  readonly list: IndicatorList;
  readonly dimension: IndicatorDimension;
  readonly code: string;
  readonly observed: Answer;
}

/** What the interview brought to light. */
export interface ScreeningEvidence {
  readonly ageStatus: AgeStatus;
  readonly acts: readonly TraffickingAct[];
  readonly means: readonly TraffickingMeans[];
  readonly purposes: readonly TraffickingPurpose[];
  readonly indicators: readonly ObservedIndicator[];
}

/** Result of the dimension rule, per dimension. */
export type DimensionResults = Readonly<Record<IndicatorDimension, DimensionResult>>;

/** What the rules make of the evidence: a suggestion, never a decision (INV-23). */
export interface ScreeningScore {
  readonly dimensionResults: DimensionResults;
  readonly suggested: TraffickingOutcome;
  readonly ruleVersion: string;
}

/** How many distinct indicators of each strength were observed. */
export type StrengthCounts = Readonly<Record<IndicatorStrength, number>>;

/** Dimensions that show that a person was brought or kept by means (domain.md §2.4); the sixth, EX, shows exploitation. */
const MEANS_DIMENSIONS = INDICATOR_DIMENSIONS.filter((dimension) => dimension !== 'EX');

/** The dimension rule: at least 2 strong; or 1 strong and 1 other; or 3 medium; or 2 medium and 1 weak. */
export function isDimensionPositive({ S, M, W }: StrengthCounts): boolean {
  return S >= 2 || (S === 1 && M + W >= 1) || M >= 3 || (M === 2 && W >= 1);
}

function countStrengths(indicators: readonly ObservedIndicator[]): StrengthCounts {
  const counts = { S: 0, M: 0, W: 0 };
  const codes = new Set(indicators.filter(({ observed }) => observed === 'YES').map(({ code }) => code));
  for (const code of codes) {
    const found = indicators.find((one) => one.code === code);
    const indicator = found === undefined ? undefined : findIndicator(found.dimension, code);
    if (indicator !== undefined) counts[indicator.strength] += 1;
  }
  return counts;
}

function dimensionResult(indicators: readonly ObservedIndicator[]): DimensionResult {
  if (isDimensionPositive(countStrengths(indicators))) return 'POSITIVE';
  return indicators.some(({ observed }) => observed !== 'UNKNOWN') ? 'NOT_POSITIVE' : 'NOT_ASSESSED';
}

/** The dimension rule over all six. A dimension in which nothing was answered YES or NO is not assessed. */
export function scoreDimensions(indicators: readonly ObservedIndicator[]): DimensionResults {
  return Object.fromEntries(
    INDICATOR_DIMENSIONS.map((dimension) => [
      dimension,
      dimensionResult(indicators.filter((one) => one.dimension === dimension)),
    ]),
  ) as DimensionResults;
}

/**
 * The outcome that the case rule suggests. Total, in this order:
 *
 * | | adult | child, or age in doubt (INV-08) |
 * |---|---|---|
 * | PRESUMED | an act, and one of DR CR VR CD VD positive, and exploitation | an act, and exploitation |
 * | INCONCLUSIVE | two of: an act; means; exploitation | an act, or exploitation |
 * | AT_RISK | any act, means, purpose, or indicator answered YES | otherwise |
 * | NOT_IDENTIFIED | otherwise | never |
 *
 * Exploitation is EX positive or a purpose evidenced; means is a means evidenced or one of DR CR VR CD VD positive. More
 * evidence never lowers a suggestion. For a child neither means nor the means dimensions are looked at; as the same
 * evidence must not protect a child less than an adult, a child without act and exploitation is AT_RISK: setting the file of
 * a child aside takes a second person. CONFIRMED is for people to say.
 */
export function suggestOutcome(evidence: ScreeningEvidence, results: DimensionResults): TraffickingOutcome {
  const act = evidence.acts.length > 0;
  const exploitation = results.EX === 'POSITIVE' || evidence.purposes.length > 0;
  if (isTreatedAsChild(evidence.ageStatus)) {
    if (act && exploitation) return 'PRESUMED';
    return act || exploitation ? 'INCONCLUSIVE' : 'AT_RISK';
  }
  const meansDimension = MEANS_DIMENSIONS.some((dimension) => results[dimension] === 'POSITIVE');
  if (act && meansDimension && exploitation) return 'PRESUMED';
  const means = meansDimension || evidence.means.length > 0;
  if ([act, means, exploitation].filter(Boolean).length >= 2) return 'INCONCLUSIVE';
  const sign = act || means || exploitation || evidence.indicators.some(({ observed }) => observed === 'YES');
  return sign ? 'AT_RISK' : 'NOT_IDENTIFIED';
}

/** Scores an interview: dimensions and suggestion, with the version of the rules. */
export function scoreScreening(evidence: ScreeningEvidence): ScreeningScore {
  const dimensionResults = scoreDimensions(evidence.indicators);
  return { dimensionResults, suggested: suggestOutcome(evidence, dimensionResults), ruleVersion: SCORING_RULE_VERSION };
}
