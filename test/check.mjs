/** `npm run check`: format, lint, types, module boundaries; each runs, so that one run shows all that is wrong. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

function binOf(name, command = name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

const checks = [
  ['format', [binOf('prettier'), '--check', '--log-level=warn', '.']],
  ['lint', [binOf('eslint'), '--max-warnings=0', '.']],
  ['types', [binOf('typescript', 'tsc'), '-p', 'tsconfig.json', '--noEmit']],
  [
    'boundaries',
    [
      binOf('dependency-cruiser', 'depcruise'),
      ...['--config', '.dependency-cruiser.cjs', 'contracts/src', 'libs', 'services', 'deploy', 'test'],
    ],
  ],
];

let failed = 0;
for (const [name, args] of checks) {
  const startedMs = performance.now();
  const result = spawnSync(process.execPath, ['--max-old-space-size=4096', ...args], { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (result.status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
