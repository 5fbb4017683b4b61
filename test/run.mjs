/**
 * Runs every test of the workspace: `npm test [-- jest arguments]`. Finds a Kafka for the `*.kafka.spec.ts` suites (an
 * address in KAFKA_BROKERS, else one started here with Java 17 and Maven, else a container); without any, the other
 * suites run and the last lines name those that did not, which under CI=true is a failure.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const jestArguments = process.argv.slice(2);

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A broker for this run: its addresses and how to stop it, or the reason why there is none. */
async function findKafka(workDir) {
  if (process.env.KAFKA_BROKERS) return { brokers: process.env.KAFKA_BROKERS, stop: async () => {} };
  const { findLocalKafkaRequirements, startLocalKafka } = await import('@acogida/local');
  const missing = await findLocalKafkaRequirements();
  if (missing === undefined) {
    const [port, controllerPort] = [await freePort(), await freePort()];
    const kafka = await startLocalKafka({ dataDir: join(workDir, 'kafka'), port, controllerPort, heapMb: 384 });
    return { brokers: String(kafka.brokers), stop: () => kafka.stop() };
  }
  if (!process.env.DOCKER_HOST)
    return {
      reason: `KAFKA_BROKERS and DOCKER_HOST are not set, and ${missing.charAt(0).toLowerCase()}${missing.slice(1).replace(/\.$/, '')}`,
    };
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer('confluentinc/cp-kafka:8.1.0').start();
  return {
    brokers: `${container.getHost()}:${container.getMappedPort(9093)}`,
    stop: () => container.stop(),
  };
}

function run(command, commandArguments, environment) {
  return new Promise((done) => {
    const child = spawn(command, commandArguments, { cwd: root, stdio: 'inherit', env: environment });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => done(signal === null ? code : 1));
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

const workDir = await mkdtemp(join(tmpdir(), 'acogida-test-run-'));
const kafka = await findKafka(workDir).catch((error) => ({ reason: `Kafka did not start: ${error.message}` }));
const resultFile = join(workDir, 'result.json');
let exitCode;
try {
  exitCode = await run(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--json', `--outputFile=${resultFile}`, ...jestArguments],
    ],
    { ...process.env, ...(kafka.brokers ? { KAFKA_BROKERS: kafka.brokers, ACOGIDA_TEST_KAFKA: 'true' } : {}) },
  );
} finally {
  await kafka.stop?.();
}
const counts = await countsOf(resultFile);
await rm(workDir, { recursive: true, force: true });

if (kafka.reason) {
  const notRun = globSync('{contracts,libs,services,deploy,test}/**/*.kafka.spec.ts', {
    cwd: root,
    exclude: (path) => /node_modules|dist/.test(path),
  });
  console.log(`\nThe suites on real Kafka did not run: ${kafka.reason}.`);
  for (const suite of notRun) console.log(`  not run: ${suite}`);
  if (process.env.CI === 'true') {
    console.log('Under CI=true that is a failure.');
    counts.failed += notRun.length;
    exitCode = 1;
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(exitCode === 0 && counts.failed > 0 ? 1 : exitCode);
