import { globSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { tellFailures } from './failures.mjs';

const root = resolve(import.meta.dirname, '../..');

/** How much of a failed test's message the last lines repeat. */
const MESSAGE_LINES = 12;

/**
 * Jest's own figures; a suite that could not even load counts as one failed test, as does a run without a result.
 *
 * @returns how many passed and failed, and of each that failed where it stands and the beginning of its message
 */
export async function countsOf(resultFile) {
  try {
    const result = JSON.parse(await readFile(resultFile, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed, failures: result.testResults.flatMap(failuresOf) };
  } catch (error) {
    return { passed: 0, failed: 1, failures: [{ suite: resultFile, title: 'no result', message: String(error) }] };
  }
}

function failuresOf({ name, message, assertionResults }) {
  const suite = relative(root, name);
  const tests = assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length > 0)
    return tests.map(({ fullName, failureMessages }) => ({
      suite,
      title: fullName,
      message: headOf(failureMessages[0]),
    }));
  return assertionResults.length === 0 && message ? [{ suite, title: 'did not load', message: headOf(message) }] : [];
}

function headOf(message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .slice(0, MESSAGE_LINES)
    .join('\n');
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
export async function tellFigures(name, { passed, failed, failures }) {
  const file = process.env.ACOGIDA_TEST_FIGURES;
  if (file) await appendFile(file, `${JSON.stringify({ run: name, passed, failed, failures })}\n`);
  else tellFailures(failures);
  console.log(`${file ? `${name}: ` : ''}${passed} passed, ${failed} failed`);
}
