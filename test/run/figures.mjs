import { globSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Jest's own figures; a suite that could not even load counts as one failed test, as does a run without a result. */
export async function countsOf(resultFile) {
  try {
    const result = JSON.parse(await readFile(resultFile, 'utf8'));
    return { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** Says which suites did not run and why; returns how many. */
export function tellWhatDidNotRun(reason, pattern) {
  const suites = globSync(pattern, { cwd: root, exclude: (path) => /node_modules|dist/.test(path) });
  console.log(`\nNot run on real Kafka: ${reason}`);
  for (const suite of suites) console.log(`  not run: ${suite}`);
  return suites.length;
}

/**
 * Ends a run with its figures: the last line of the output; or, where ACOGIDA_TEST_FIGURES names the file in which several runs
 * are added up (`total.mjs`), a line of that file.
 */
export async function tellFigures(name, { passed, failed }) {
  const file = process.env.ACOGIDA_TEST_FIGURES;
  if (file) await appendFile(file, `${JSON.stringify({ run: name, passed, failed })}\n`);
  console.log(`${file ? `${name}: ` : ''}${passed} passed, ${failed} failed`);
}
