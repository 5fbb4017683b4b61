/** The middle of several rounds, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Middle value; the mean of the two middle ones when their count is even. @throws RangeError without values */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('the median of nothing');
  return (lower + upper) / 2;
}

/** The smallest value that so many of a hundred do not exceed. @throws RangeError without values */
export function percentileOf(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const found = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('a percentile of nothing');
  return found;
}

/** @throws RangeError without values */
export function spreadOf(values: readonly number[]): Spread {
  return { median: medianOf(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Ratio of two peers that took turns: each round of ours by the round of the other right beside it, so that what the
 * machine did meanwhile weighs on both.
 *
 * @throws RangeError different numbers of rounds, or none
 */
export function ratioOf(ours: readonly number[], other: readonly number[]): Spread {
  if (ours.length !== other.length) throw new RangeError('both sides need the same number of rounds');
  return spreadOf(ours.map((value, round) => value / (other[round] ?? Number.NaN)));
}

/** Rounds for the reader: four digits that mean something. */
export function significant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
