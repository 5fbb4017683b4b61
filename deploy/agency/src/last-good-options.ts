import type { LastGood } from '@acogida/ledger';
import { numberOption } from '@acogida/operations';
import { hashOption, needed } from './command-options.ts';

/** Options that say how far the topic of an agency counts. */
export const LAST_GOOD_OPTIONS = { 'last-good': { type: 'string' }, 'tree-head': { type: 'string' } } as const;

/** Reads them. @throws UsageError */
export function lastGoodOf(values: {
  readonly 'last-good'?: string | undefined;
  readonly 'tree-head'?: string | undefined;
}): LastGood {
  const number = needed('last-good', values['last-good']);
  return {
    lastGoodNumber: numberOption('last-good', number, 0, 0, Number.MAX_SAFE_INTEGER - 1),
    lastGoodTreeHead: hashOption('tree-head', values['tree-head']),
  };
}
