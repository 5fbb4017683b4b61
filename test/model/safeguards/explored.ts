import { SAFEGUARD_PROPERTIES } from '../exploration/counterexample.ts';
import { exploredGuard, type ExploredPart, exploredScenario } from '../exploration/explored.ts';
import { REMOVED_GUARDS } from './guards.ts';
import { safeguardsOf } from './model-of.ts';
import { REAL_RULES } from './rules.ts';
import { DEEP_SCENARIOS, SCENARIOS } from './scenarios.ts';

/** What is explored of the safeguards. @param isDeep with more of everything, which takes minutes */
export function exploredSafeguards(isDeep: boolean): ExploredPart {
  return {
    properties: SAFEGUARD_PROPERTIES,
    scenarios: Object.values(isDeep ? DEEP_SCENARIOS : SCENARIOS).map((scenario) =>
      exploredScenario(scenario.name, () => safeguardsOf({ scenario, rules: REAL_RULES })),
    ),
    guards: Object.entries(REMOVED_GUARDS).map(([name, { scenario, breaks, rules }]) =>
      exploredGuard(name, breaks, () => safeguardsOf({ scenario: SCENARIOS[scenario], rules })),
    ),
  };
}
