/** Who may import whom: ARCHITECTURE.md, "Boundaries". Every rule here is proven by a fixture in test/boundaries. */

/** What each package may import of the others; service-kit, services and deploy have rules of their own. */
const MAY_IMPORT = {
  core: [],
  reference: ['core'],
  contracts: ['core', 'reference'],
  'event-store': ['core', 'contracts'],
  sealing: ['core', 'contracts'],
  ledger: ['core', 'contracts'],
  'event-log': ['core', 'contracts', 'event-store', 'sealing', 'ledger'],
  referral: ['core', 'reference', 'contracts'],
  safeguards: ['core', 'reference', 'contracts'],
};

const folderOf = (name) => (name === 'contracts' ? 'contracts' : `libs/${name}`);
const SPEC = '\\.spec\\.ts$';
/** Of the whole workspace, of a library, of a folder of a library. */
const TEST_SUPPORT = ['^libs/testing/', '^libs/[^/]+/src/testing/', '^libs/[^/]+/src/[^/]+/testing/'];

const layers = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports-only-${allowed.length === 0 ? 'nothing' : 'what-lies-below'}`,
  comment: `${name} may import ${allowed.length === 0 ? 'no other package' : allowed.join(', ')} and nothing else of ours.`,
  severity: 'error',
  from: { path: `^${folderOf(name)}/`, pathNot: [SPEC, '^libs/[^/]+/src/testing/'] },
  to: {
    path: '^(contracts|libs|services|deploy|test)/',
    pathNot: [name, ...allowed].map((other) => `^${folderOf(other)}/`),
  },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'service-kit-imports-no-service',
      comment: 'The kit serves every service and knows none.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(services|deploy|test)/' },
    },
    {
      name: 'no-service-imports-another',
      comment: 'Agencies speak only through events on the log.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^(services/(?!$1/)|deploy/|test/)' },
    },
    {
      name: 'testing-only-from-specs',
      comment: 'Test support never reaches production.',
      severity: 'error',
      from: {
        path: '^(contracts|libs|services|deploy)/',
        pathNot: [SPEC, ...TEST_SUPPORT],
      },
      to: { path: TEST_SUPPORT },
    },
    {
      name: 'domain-is-pure',
      comment:
        'A domain file imports core, reference, referral, safeguards, and the types of contracts; no framework, no I/O.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/domain/', pathNot: SPEC },
      to: { pathNot: '^(libs/(core|reference|referral|safeguards)/|services/[^/]+/src/domain/|contracts/)' },
    },
    {
      name: 'domain-takes-only-types-of-contracts',
      comment: 'What an agency publishes is decided in integration/, not in the domain.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/domain/', pathNot: SPEC },
      to: { path: '^contracts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-libs-use-no-node-built-ins',
      comment:
        'core, reference, referral and safeguards run anywhere. any-ascii and double-metaphone are tables and a function over them: names are read by them alike everywhere.',
      severity: 'error',
      from: { path: '^libs/(core|reference|referral|safeguards)/src/', pathNot: SPEC },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/(any-ascii|double-metaphone)/' },
    },
    {
      name: 'nest-only-at-the-edge',
      comment: 'Nest stays in main.ts, *.module.ts, http/, service-kit and the log transport.',
      severity: 'error',
      from: {
        path: '^(contracts|libs|services)/',
        pathNot: [
          SPEC,
          '^services/[^/]+/src/(main|[^/]+\\.module)\\.ts$',
          '^services/[^/]+/src/http/',
          '^libs/service-kit/',
          '^libs/event-log/src/log-transport',
          '^libs/testing/',
        ],
      },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'kafkajs-behind-one-door',
      comment: 'Only the Kafka adapter knows kafkajs.',
      severity: 'error',
      from: { pathNot: ['^libs/event-log/src/kafka', '\\.kafka\\.spec\\.ts$', '^test/'] },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle cannot be read from top to bottom.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Code that nobody reaches is dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          SPEC,
          '(^|/)index\\.ts$',
          'src/main\\.ts$',
          // programs of their own, started by path
          '^deploy/local/src/child/exit-with-launcher\\.ts$',

          '^libs/testing/',
          '^libs/core/src/',
          '^test/',
          '/generated/',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|\\.d\\.ts$|^test/boundaries/fixtures/)' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['acogida-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
