/**
 * `npm run check`: format, lint, types, module boundaries; each runs, so that one run shows all that is wrong. Two at a time, the
 * longest first; what one says is printed in one piece when it ends.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

function binOf(name, command = name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

const checks = [
  ['lint', [binOf('eslint'), '--max-warnings=0', '.']],
  ['format', [binOf('prettier'), '--check', '--log-level=warn', '.']],
  ['types', [binOf('typescript', 'tsc'), '-p', 'tsconfig.json', '--noEmit']],
  [
    'boundaries',
    [
      binOf('dependency-cruiser', 'depcruise'),
      ...['--config', '.dependency-cruiser.cjs', 'contracts/src', 'libs', 'services', 'deploy', 'test'],
    ],
  ],
];

/** Resolves with the exit code; a program that was killed or could not be started has failed. */
function run([name, args]) {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--max-old-space-size=4096', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
  return new Promise((ended) => {
    child.on('close', (code) => {
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      process.stdout.write(Buffer.concat(said));
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      ended(code ?? 1);
    });
  });
}

const waiting = [...checks];
const codes = [];
async function work() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) codes.push(await run(check));
}
await Promise.all([work(), work()]);
process.exit(codes.every((code) => code === 0) ? 0 : 1);
