import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BenchArguments, MEASURES, parseBenchArguments, USAGE, UsageError } from './arguments.ts';
import { pictureOf } from './report/picture.ts';
import type { BenchResults } from './report/results.ts';
import { reportOf } from './report/table.ts';
import { runBench } from './run-bench.ts';
import { significant } from './statistics.ts';

const RESULTS_FILE = fileURLToPath(new URL('../results/latest.json', import.meta.url));
const PICTURE_FILE = fileURLToPath(new URL('../../../deploy/pictures/bench.svg', import.meta.url));

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** One line that is written over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
}

async function keep(results: BenchResults): Promise<void> {
  const rounded = JSON.stringify(
    results,
    (_, value: unknown) => (typeof value === 'number' ? significant(value) : value),
    2,
  );
  await mkdir(fileURLToPath(new URL('../results', import.meta.url)), { recursive: true });
  await writeFile(RESULTS_FILE, `${rounded}\n`);
  await writeFile(PICTURE_FILE, pictureOf(results));
}

async function bench(asked: BenchArguments): Promise<number> {
  if (asked.help) {
    say(USAGE);
    return 0;
  }
  const results = await runBench(asked, progress);
  progress('');
  say(reportOf(results));
  if (asked.only.length === MEASURES.length) await keep(results);
  else say('some measures only: the results file and the picture stay as they are');
  if (asked.json) say(JSON.stringify(results.summary));
  return 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  process.exitCode = await bench(parseBenchArguments(process.argv.slice(2)));
} catch (error) {
  const isUsage = error instanceof UsageError;
  complain(isUsage ? `${error.message}\n\n${USAGE}` : `the bench failed: ${(error as Error).stack ?? String(error)}`);
  process.exitCode = isUsage ? 2 : 1;
}
