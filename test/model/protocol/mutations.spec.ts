import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FOUND_AS, REMOVED_CHECKS } from './mutations.ts';
import { Reached } from './reached.ts';
import { tapes } from './sequences.ts';
import { simulate } from './simulation.ts';

/** Sequences within which a missing check is to be noticed. */
const MOST_RUNS = 600;

describe('the simulation notices when a check is gone', () => {
  it.each(Object.entries(REMOVED_CHECKS))(
    '%s',
    async (name, adapt) => {
      const property = fc.asyncProperty(tapes, async (tape) => simulate(tape, new Reached(), adapt));
      // Found is enough: nobody needs the smallest one.
      const { failed, errorInstance } = await fc.check(property, { numRuns: MOST_RUNS, endOnFailure: true });
      expect(failed).toBe(true);
      const { cause } = errorInstance as Error;
      expect(String(cause)).toMatch(`CounterexampleError: ${FOUND_AS[name] ?? ''}`);
    },
    240_000,
  );
});
