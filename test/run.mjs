/**
 * Runs every test of the workspace: `npm test [-- jest arguments]`. PostgreSQL and Kafka are found by an address in the
 * environment (TEST_DATABASE_URL, KAFKA_BROKERS), else started in containers where DOCKER_HOST is set, else embedded or
 * local (Kafka: with Java 17 and Maven); journeys on Kafka start and kill a broker of their own. What did not run, and why,
 * is said in the last lines; under CI=true that is a failure.
 *
 * `--containers` (`npm run test:containers`): a representative part on servers in containers, then the whole platform by
 * docker compose. Exit code 3 when no container engine answers.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLocalKafkaRequirements } from '@acogida/local';
import { findNoEngine } from './run/containers.mjs';
import { tellFigures, tellWhatDidNotRun } from './run/figures.mjs';
import { findKafka } from './run/kafka.mjs';
import { phasesOf, runPhase } from './run/phases.mjs';
import { findPostgres } from './run/postgres.mjs';

const inContainers = process.argv[2] === '--containers';
const name = inContainers ? 'npm run test:containers' : 'npm test';

if (inContainers) {
  const reason = await findNoEngine();
  if (reason !== undefined) {
    console.error(`No container engine answers (${reason}). Start one, or name it: DOCKER_HOST=unix:///path/to/socket`);
    process.exit(3);
  }
  process.env.ACOGIDA_TEST_CONTAINERS = 'only';
  for (const address of ['TEST_DATABASE_URL', 'KAFKA_BROKERS']) delete process.env[address];
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());

const workDir = await mkdtemp(join(tmpdir(), 'acogida-test-run-'));
const missing = await findLocalKafkaRequirements();
const kafka = await findKafka({ workDir, missing, signal: stopping.signal }).catch((error) => ({
  reason: error.message,
  stop: async () => {},
}));
const postgres = await findPostgres().catch(async (error) => {
  await kafka.stop();
  throw error;
});
// platforms and nodes are started many times: what one compiled, the next finds
const environment = { ...process.env, TEST_DATABASE_URL: postgres.url, NODE_COMPILE_CACHE: join(workDir, 'compiled') };
if (kafka.brokers) Object.assign(environment, { KAFKA_BROKERS: kafka.brokers, ACOGIDA_TEST_KAFKA: 'true' });
if (missing === undefined) environment.ACOGIDA_TEST_KAFKA_JOURNEYS = 'true';

let exitCode = 0;
const counts = { passed: 0, failed: 0, failures: [] };
try {
  for (const phase of phasesOf({ inContainers, jestArguments: process.argv.slice(2) })) {
    if (stopping.signal.aborted) break;
    const result = await runPhase(phase, workDir, environment);
    exitCode ||= result.exitCode;
    counts.passed += result.passed;
    counts.failed += result.failed;
    counts.failures.push(...result.failures);
  }
} finally {
  await Promise.all([kafka.stop(), postgres.stop()]);
  await rm(workDir, { recursive: true, force: true });
}

let notRun = 0;
if (kafka.reason) notRun += tellWhatDidNotRun(kafka.reason, '{contracts,libs,services,deploy}/**/*.kafka.spec.ts');
if (missing !== undefined && !inContainers) notRun += tellWhatDidNotRun(missing, 'test/**/*.kafka.spec.ts');
if (notRun > 0 && (inContainers || process.env.CI === 'true')) {
  console.log('A suite that did not run is a failure here.');
  counts.failed += notRun;
}
await tellFigures(name, counts);
if (stopping.signal.aborted) process.exit(130);
process.exit(counts.failed > 0 ? 1 : exitCode);
