const journeys = process.env.ACOGIDA_TEST_JOURNEYS ?? 'among';

/** Folders of `test/` whose suites start whole platforms: they run alone. */
const ALONE = ['journeys', 'crash', 'generator'];

/** Suites that cannot run here, or are not wanted in this run; `test/run.mjs` says so at its end. */
const leftOut = [
  ...(process.env.ACOGIDA_TEST_KAFKA === 'true' ? [] : ['/(contracts|libs|services|deploy)/.*\\.kafka\\.spec\\.ts$']),
  ...(process.env.ACOGIDA_TEST_KAFKA_JOURNEYS === 'true' ? [] : ['/test/.*\\.kafka\\.spec\\.ts$']),
  ...(process.env.ACOGIDA_TEST_CONTAINERS === 'only' ? [] : ['/test/containers/compose\\.spec\\.ts$']),
  ...(journeys === 'none' ? ALONE.map((folder) => `/test/${folder}/`) : []),
];

/** One run for the whole workspace: one PostgreSQL for all, a database of its own for each spec file. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/contracts', '<rootDir>/libs', '<rootDir>/services', '<rootDir>/deploy', '<rootDir>/test'],
  testMatch: [journeys === 'only' ? `<rootDir>/test/{${ALONE.join()}}/**/*.spec.ts` : '**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...leftOut],
  modulePathIgnorePatterns: ['/dist/', '/boundaries/fixtures/'],
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironmentOptions: { customExportConditions: ['acogida-source', 'node', 'node-addons'] },
  setupFiles: ['<rootDir>/libs/testing/setup-metadata.mjs'],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  testTimeout: 30_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2023',
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
