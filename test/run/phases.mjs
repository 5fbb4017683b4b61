import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { countsOf } from './figures.mjs';

const root = resolve(import.meta.dirname, '../..');

/** What shows that the suites hold on servers in containers: the stores, the log, one node's read models. */
const ON_CONTAINERS = [
  'libs/event-store/src/(append|group-commit|idempotency|outbox)',
  'libs/event-log/src/(kafka-log|embedded-log|inbox\\.|relay\\.)',
  'services/asylum/src/projections',
];

/**
 * The runs of jest, one after the other. Journeys start whole platforms and want the machine for themselves: they run alone,
 * after everything else. Suites that are named run in one go.
 */
export function phasesOf({ inContainers, jestArguments }) {
  if (inContainers)
    return [
      { name: 'on-containers', journeys: 'none', args: ON_CONTAINERS },
      { name: 'compose', journeys: 'none', args: ['test/containers/compose.spec', '--runInBand'] },
    ];
  if (jestArguments.length > 0) return [{ name: 'named', journeys: 'among', args: jestArguments }];
  return [
    { name: 'suites', journeys: 'none', args: [] },
    { name: 'journeys', journeys: 'only', args: ['--runInBand'] },
  ];
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

/** Runs one phase; returns its exit code and figures. */
export async function runPhase({ name, journeys, args }, workDir, environment) {
  const resultFile = join(workDir, `${name}.json`);
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
