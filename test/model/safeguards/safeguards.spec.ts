import { describe, expect, it } from '@jest/globals';
import { explore, replay } from './explore.ts';
import { REAL_RULES, REMOVED_GUARDS } from './guards.ts';
import { SCENARIOS } from './scenarios.ts';

/** Each scenario is some ten thousand states; slow machines take their time. */
const TIMEOUT_MS = 240_000;

describe('S1, S2, S3, S4 and INV-02 hold in every state', () => {
  it.each(Object.entries(SCENARIOS))(
    'of %s',
    (_, scenario) => {
      const { counterexample, states, restingStates } = explore({ scenario, rules: REAL_RULES });
      expect(counterexample).toBeNull();
      expect(states).toBeGreaterThan(1_000); // a scenario in which hardly anything can happen shows nothing
      expect(restingStates).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

describe('a guard that is taken away is missed', () => {
  it.each(Object.entries(REMOVED_GUARDS))(
    '%s',
    (_, { scenario, rules, breaks }) => {
      const setting = { scenario: SCENARIOS[scenario], rules };
      const { counterexample } = explore(setting);
      expect(counterexample?.property).toBe(breaks);
      const schedule = counterexample?.schedule ?? [];
      expect(replay(setting, schedule)).toBe(counterexample?.what);
    },
    TIMEOUT_MS,
  );
});
