// Runs under the machine's own Node: installs when the lock file changed, builds, and hands over to the pinned Node.
// Only what Node 12 understands stands at the top, so that an old Node gets a sentence and not a syntax error.
import { spawn, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const OLDEST_NODE = 20;
const startedMs = Date.now();
const workspace = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bin = join(workspace, 'node_modules', '.bin');
const stampFile = join(workspace, 'node_modules', '.acogida-install');

const ENTRIES = {
  start: ['deploy/local/dist/launcher/main.js'],
  import: ['deploy/import/dist/main.js'],
  reconcile: ['deploy/operations/dist/main.js', 'reconcile'],
  quarantine: ['deploy/operations/dist/main.js', 'quarantine'],
  token: ['deploy/operations/dist/main.js', 'token'],
  agency: ['deploy/agency/dist/main.js'],
  test: ['test/run.mjs'],
  check: ['test/check.mjs'],
  bench: ['test/bench/dist/main.js'],
  model: ['test/model/main.ts'],
  'new:service': ['deploy/generator/dist/main.js'],
  'test:containers': ['test/run.mjs', '--containers'],
};

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line, code) {
  say(line);
  process.exit(code);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(workspace, 'package-lock.json')))
    .digest('hex');
}

/** Runs a command with its output on standard error; ends this process with its code when it fails. */
function run(command, args, what, options) {
  const result = spawnSync(command, args, Object.assign({ cwd: workspace, stdio: ['ignore', 2, 2] }, options));
  if (result.error) fail(`${what}: ${result.error.message}`, 1);
  if (result.signal) fail(`${what}: stopped by ${result.signal}`, 130);
  if (result.status !== 0) fail(`${what} failed (see above)`, result.status || 1);
}

function install() {
  const hash = lockHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
  say('Installing dependencies (npm ci); this happens once per version of package-lock.json');
  rmSync(stampFile, { force: true });
  const windows = process.platform === 'win32';
  const environment = Object.assign({}, process.env);
  for (const name of Object.keys(environment))
    if (/^npm_(lifecycle|package|command)/i.test(name)) delete environment[name];
  run(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci', {
    env: environment,
    shell: windows,
  });
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
}

/** The environment in which `node` is the pinned one. */
function pinnedEnvironment() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return Object.assign({}, process.env, {
    PATH: bin + separator + (process.env.PATH || ''),
    ACOGIDA_WORKSPACE: workspace,
    ACOGIDA_BOOTSTRAPPED: '1',
    ACOGIDA_BOOTSTRAP_MS: String(Date.now() - startedMs),
  });
}

/** Builds what changed; Nx knows from its cache. Its chatter is shown only when it fails. */
function build(node) {
  const environment = Object.assign(pinnedEnvironment(), { NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' });
  const nx = join(workspace, 'node_modules', 'nx');
  const { bin: binaries } = JSON.parse(readFileSync(join(nx, 'package.json'), 'utf8'));
  const args = [join(nx, binaries.nx), 'run-many', '-t', 'build', '--outputStyle=static'];
  const result = spawnSync(node, args, { cwd: workspace, env: environment, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.status === 0) return;
  say(result.stdout || '');
  say(result.stderr || '');
  fail('the build failed (see above)', result.status || 1);
}

function handOver(node, entry, args) {
  const [file, ...subcommand] = entry;
  const child = spawn(node, ['--enable-source-maps', join(workspace, file), ...subcommand, ...args], {
    stdio: 'inherit',
    env: pinnedEnvironment(),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message, 1));
  child.on('exit', (code, signal) => process.exit(signal ? 130 : code));
}

function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) fail(`Node ${OLDEST_NODE} or newer is needed to start; this is ${process.version}`, 2);
  const [command, ...args] = process.argv.slice(2);
  const entry = Object.prototype.hasOwnProperty.call(ENTRIES, command || '') ? ENTRIES[command] : null;
  if (entry === null) fail(`name a command: ${Object.keys(ENTRIES).join(', ')}`, 2);
  install();
  const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
  if (command === 'start') say('Building what changed');
  build(node);
  handOver(node, entry, args);
}

main();
