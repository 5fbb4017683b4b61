import { describe, expect, it } from '@jest/globals';
import type { ExploredPart } from './explored.ts';

/** Each scenario is some ten thousand states; slow machines take their time. */
const TIMEOUT_MS = 240_000;

/** The same as tests that `npm run model` runs: every scenario, and every guard. */
export function describeExploration({ properties, scenarios, guards }: ExploredPart): void {
  describe(`${properties.join(', ')} hold in every state`, () => {
    it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      'of %s',
      (_, scenario) => {
        const { counterexample, states, restingStates } = scenario.explore();
        expect(counterexample).toBeNull();
        expect(states).toBeGreaterThan(1_000); // a scenario in which hardly anything can happen shows nothing
        expect(restingStates).toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );
  });

  describe('a guard that is taken away is missed', () => {
    it.each(guards.map((guard) => [guard.name, guard] as const))(
      '%s',
      (_, guard) => {
        const { counterexample } = guard.explore();
        expect(counterexample?.property).toBe(guard.breaks);
        expect(guard.replay(counterexample?.schedule ?? [])).toBe(counterexample?.what);
      },
      TIMEOUT_MS,
    );
  });
}
