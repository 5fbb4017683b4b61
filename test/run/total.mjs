// `node test/run/total.mjs FIGURES EXIT_CODE`: what failed in several runs, their last line, and the exit code of them all.
// A run that ended badly without a figure of its own counts as one failure. Runs under the machine's own Node.
import { readFileSync } from 'node:fs';
import { tellFailures } from './failures.mjs';

const [file, exitCode] = process.argv.slice(2);
const runs = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const counted = runs.reduce((sum, run) => sum + run.failed, 0);
const failed = counted === 0 && exitCode !== '0' ? 1 : counted;
tellFailures(runs.flatMap((run) => run.failures));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
