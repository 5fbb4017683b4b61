import { CUSTODY_PROPERTIES } from '../exploration/counterexample.ts';
import { exploredGuard, type ExploredPart, exploredScenario } from '../exploration/explored.ts';
import { REMOVED_CUSTODY_GUARDS } from './guards.ts';
import { custodyOf } from './model-of.ts';
import { REAL_RULES } from './rules.ts';
import { CUSTODY_SCENARIOS, DEEP_CUSTODY_SCENARIOS } from './scenarios.ts';

/** What is explored of transfers, custody and consent. @param isDeep with more of everything, which takes minutes */
export function exploredCustody(isDeep: boolean): ExploredPart {
  return {
    properties: CUSTODY_PROPERTIES,
    scenarios: Object.values(isDeep ? DEEP_CUSTODY_SCENARIOS : CUSTODY_SCENARIOS).map((scenario) =>
      exploredScenario(scenario.name, () => custodyOf({ scenario, rules: REAL_RULES })),
    ),
    guards: Object.entries(REMOVED_CUSTODY_GUARDS).map(([name, { scenario, breaks, rules }]) =>
      exploredGuard(name, breaks, () => custodyOf({ scenario: CUSTODY_SCENARIOS[scenario], rules })),
    ),
  };
}
