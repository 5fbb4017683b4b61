/**
 * `npm run model [-- --json] [-- --deep]`: explores the safeguards, with all guards and with each one taken away. The last line
 * of `--json` is `{"properties":[{"name","states","depth","violations"}],"mutations":[{"name","counterexample"}]}`. Exit code 0
 * only if every property holds and every guard that is taken away is missed.
 */
import { PROPERTIES } from './counterexample.ts';
import { type Counterexample, explore, type Exploration, replay } from './explore.ts';
import { REAL_RULES, REMOVED_GUARDS } from './guards.ts';
import { DEEP_SCENARIOS, SCENARIOS } from './scenarios.ts';

const isJson = process.argv.includes('--json');
const scenarios = Object.values(process.argv.includes('--deep') ? DEEP_SCENARIOS : SCENARIOS);

function say(text: string): void {
  (isJson ? process.stderr : process.stdout).write(`${text}\n`);
}

function story({ what, schedule }: Counterexample): string {
  return [what, ...schedule.map((label, index) => `    ${index + 1}. ${label}`)].join('\n');
}

const explored: Exploration[] = [];
for (const scenario of scenarios) {
  const startedMs = performance.now();
  const exploration = explore({ scenario, rules: REAL_RULES });
  explored.push(exploration);
  const { states, depth, restingStates, counterexample } = exploration;
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  say(`${scenario.name}: ${states} states, depth ${depth}, ${restingStates} at rest (${seconds} s)`);
  if (counterexample !== null) say(`  ${story(counterexample)}`);
}

const properties = PROPERTIES.map((name) => ({
  name,
  states: explored.reduce((sum, { states, restingStates }) => sum + (name === 'S3' ? restingStates : states), 0),
  depth: Math.max(...explored.map(({ depth }) => depth)),
  violations: explored.filter(({ counterexample }) => counterexample?.property === name).length,
}));

const mutations = Object.entries(REMOVED_GUARDS).map(([name, { scenario, rules }]) => {
  const setting = { scenario: SCENARIOS[scenario], rules };
  const { counterexample } = explore(setting);
  const isReplayed = counterexample !== null && replay(setting, counterexample.schedule) === counterexample.what;
  say(`without "${name}": ${counterexample === null ? 'NOTHING IS NOTICED' : story(counterexample)}`);
  return { name, counterexample: isReplayed ? counterexample : null };
});

const holds = properties.every(({ violations }) => violations === 0);
const allMissed = mutations.every(({ counterexample }) => counterexample !== null);
if (isJson) process.stdout.write(`${JSON.stringify({ properties, mutations })}\n`);
else say(holds && allMissed ? 'every property holds, and every guard is needed' : 'FAILED');
process.exitCode = holds && allMissed ? 0 : 1;
