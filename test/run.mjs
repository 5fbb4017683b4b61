/**
 * Runs every test of the workspace: `npm test [-- jest arguments]`. Finds a Kafka for the `*.kafka.spec.ts` suites (an
 * address in KAFKA_BROKERS, else one started here with Java 17 and Maven, else a container); journeys on Kafka start and
 * kill a broker of their own. What did not run, and why, is said in the last lines; under CI=true that is a failure.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findLocalKafkaRequirements, startLocalKafka } from '@acogida/local';

const root = resolve(import.meta.dirname, '..');
const jestArguments = process.argv.slice(2);

/**
 * Journeys start whole platforms and want the machine for themselves: they run alone, after everything else. Suites that
 * are named run in one go.
 */
const PHASES =
  jestArguments.length > 0
    ? [{ journeys: 'among', args: jestArguments }]
    : [
        { journeys: 'none', args: [] },
        { journeys: 'only', args: ['--runInBand'] },
      ];

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A broker for this run: its addresses and how to stop it. */
async function findKafka(workDir, missing) {
  if (process.env.KAFKA_BROKERS) return { brokers: process.env.KAFKA_BROKERS, stop: async () => {} };
  if (missing === undefined) {
    const [port, controllerPort] = [await freePort(), await freePort()];
    const kafka = await startLocalKafka({
      ...{ dataDir: join(workDir, 'kafka'), port, controllerPort, heapMb: 384 },
      signal: stopping.signal,
    });
    return { brokers: kafka.brokers.join(','), stop: () => kafka.stop() };
  }
  if (!process.env.DOCKER_HOST) throw new Error(`KAFKA_BROKERS and DOCKER_HOST are not set. ${missing}`);
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer('confluentinc/cp-kafka:8.1.0').start();
  return { brokers: `${container.getHost()}:${container.getMappedPort(9093)}`, stop: () => container.stop() };
}

function run(command, args, environment) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment });
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      done(signal === null ? code : 1);
    });
  });
}

/** Jest's own figures; a suite that could not even load counts as one failed test. */
async function countsOf(resultFile) {
  try {
    const result = JSON.parse(await readFile(resultFile, 'utf8'));
    return { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** Runs one phase; returns its exit code and figures. */
async function runPhase({ journeys, args }, workDir, environment) {
  const resultFile = join(workDir, `${journeys}.json`);
  const exitCode = await run(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--json', `--outputFile=${resultFile}`, ...args],
    ],
    { ...environment, ACOGIDA_TEST_JOURNEYS: journeys },
  );
  return { exitCode, ...(await countsOf(resultFile)) };
}

/** Says which suites did not run and why; returns how many. */
function tellWhatDidNotRun(reason, pattern) {
  const suites = globSync(pattern, { cwd: root, exclude: (path) => /node_modules|dist/.test(path) });
  console.log(`\nNot run on real Kafka: ${reason}`);
  for (const suite of suites) console.log(`  not run: ${suite}`);
  return suites.length;
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());

const workDir = await mkdtemp(join(tmpdir(), 'acogida-test-run-'));
const missing = await findLocalKafkaRequirements();
const kafka = await findKafka(workDir, missing).catch((error) => ({ reason: error.message, stop: async () => {} }));
const environment = { ...process.env };
if (kafka.brokers) Object.assign(environment, { KAFKA_BROKERS: kafka.brokers, ACOGIDA_TEST_KAFKA: 'true' });
if (missing === undefined) environment.ACOGIDA_TEST_KAFKA_JOURNEYS = 'true';

let exitCode = 0;
const counts = { passed: 0, failed: 0 };
try {
  for (const phase of PHASES) {
    if (stopping.signal.aborted) break;
    const result = await runPhase(phase, workDir, environment);
    exitCode ||= result.exitCode;
    counts.passed += result.passed;
    counts.failed += result.failed;
  }
} finally {
  await kafka.stop();
  await rm(workDir, { recursive: true, force: true });
}

let notRun = 0;
if (kafka.reason) notRun += tellWhatDidNotRun(kafka.reason, '{contracts,libs,services,deploy}/**/*.kafka.spec.ts');
if (missing !== undefined) notRun += tellWhatDidNotRun(missing, 'test/**/*.kafka.spec.ts');
if (notRun > 0 && process.env.CI === 'true') {
  console.log('Under CI=true a suite that did not run is a failure.');
  counts.failed += notRun;
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (stopping.signal.aborted) process.exit(130);
process.exit(counts.failed > 0 ? 1 : exitCode);
