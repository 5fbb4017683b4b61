import type { TrustedKey } from './inbox-port.ts';

/** Through which number the keys cover every number from the first on; the number before `first` when none does. */
export function coveredThrough(
  keys: readonly Pick<TrustedKey, 'fromNumber' | 'throughNumber'>[],
  first: number,
): number {
  let next = first;
  for (;;) {
    const key = keys.find(({ fromNumber, throughNumber = Infinity }) => fromNumber <= next && next <= throughNumber);
    if (key === undefined) return next - 1;
    if (key.throughNumber === undefined) return Number.MAX_SAFE_INTEGER;
    next = key.throughNumber + 1;
  }
}

/** The first number after this one at which a key begins that is good for any; null when none does. */
export function nextCovered(
  keys: readonly Pick<TrustedKey, 'fromNumber' | 'throughNumber'>[],
  number: number,
): number | null {
  const beginnings = keys.flatMap(({ fromNumber, throughNumber = Infinity }) =>
    fromNumber > number && throughNumber >= fromNumber ? [fromNumber] : [],
  );
  return beginnings.length === 0 ? null : Math.min(...beginnings);
}
