import { describe, expect, it } from '@jest/globals';
import { MEASURES, parseBenchArguments, UsageError } from './arguments.ts';

describe('the command line of the bench', () => {
  it('measures everything unless told otherwise', () => {
    expect(parseBenchArguments([])).toEqual({ quick: false, json: false, help: false, only: MEASURES });
  });

  it('takes names in any order and measures in its own', () => {
    const { only, quick, json } = parseBenchArguments(['--only', 'growth, append', '--quick', '--json']);
    expect(only).toEqual(['append', 'growth']);
    expect([quick, json]).toEqual([true, true]);
  });

  it.each([[['--only', 'appendix']], [['--only', '']], [['--slow']], [['append']], [['--quick=yes']]])(
    'refuses %j',
    (args) => {
      expect(() => parseBenchArguments(args)).toThrow(UsageError);
    },
  );
});
