/**
 * `npm run model [-- --json] [-- --deep]`: explores the safeguards, and transfers, custody and consent, with all guards and with
 * each one taken away. The last line of `--json` is
 * `{"properties":[{"name","states","depth","violations"}],"mutations":[{"name","counterexample"}]}`. Exit code 0 only if every
 * property holds and every guard that is taken away is missed.
 */
import { exploredCustody } from './custody/explored.ts';
import { PROPERTIES_AT_REST } from './exploration/counterexample.ts';
import type { Counterexample, Exploration } from './exploration/explore.ts';
import type { ExploredGuard, ExploredPart, ExploredScenario } from './exploration/explored.ts';
import { exploredSafeguards } from './safeguards/explored.ts';

const isJson = process.argv.includes('--json');
const isDeep = process.argv.includes('--deep');

function say(text: string): void {
  (isJson ? process.stderr : process.stdout).write(`${text}\n`);
}

function story({ what, schedule }: Counterexample): string {
  return [what, ...schedule.map((label, index) => `    ${index + 1}. ${label}`)].join('\n');
}

function exploreScenario(scenario: ExploredScenario): Exploration {
  const startedMs = performance.now();
  const exploration = scenario.explore();
  const { states, depth, restingStates, counterexample } = exploration;
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  say(`${scenario.name}: ${states} states, depth ${depth}, ${restingStates} at rest (${seconds} s)`);
  if (counterexample !== null) say(`  ${story(counterexample)}`);
  return exploration;
}

function propertiesOf({ properties, scenarios }: ExploredPart) {
  const explored = scenarios.map(exploreScenario);
  return properties.map((name) => ({
    name,
    states: explored.reduce(
      (sum, { states, restingStates }) => sum + (PROPERTIES_AT_REST.includes(name) ? restingStates : states),
      0,
    ),
    depth: Math.max(...explored.map(({ depth }) => depth)),
    violations: explored.filter(({ counterexample }) => counterexample?.property === name).length,
  }));
}

/** The counterexample that taking a guard away leads to; null where there is none that replays. */
function mutationOf(guard: ExploredGuard) {
  const { name } = guard;
  const { counterexample } = guard.explore();
  const isReplayed = counterexample !== null && guard.replay(counterexample.schedule) === counterexample.what;
  say(`without "${name}": ${counterexample === null ? 'NOTHING IS NOTICED' : story(counterexample)}`);
  return { name, counterexample: isReplayed ? counterexample : null };
}

const parts = [exploredSafeguards(isDeep), exploredCustody(isDeep)];
const properties = parts.flatMap(propertiesOf);
const mutations = parts.flatMap(({ guards }) => guards.map(mutationOf));

const holds = properties.every(({ violations }) => violations === 0);
const allMissed = mutations.every(({ counterexample }) => counterexample !== null);
if (isJson) process.stdout.write(`${JSON.stringify({ properties, mutations })}\n`);
else say(holds && allMissed ? 'every property holds, and every guard is needed' : 'FAILED');
process.exitCode = holds && allMissed ? 0 : 1;
