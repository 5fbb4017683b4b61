import eslint from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const impure = [
  { selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]', message: 'Time is passed in.' },
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is passed in.' },
  {
    selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    message: 'Chance is passed in.',
  },
  { selector: 'CallExpression[callee.property.name="randomUUID"]', message: 'Ids are passed in.' },
  { selector: 'MemberExpression[object.name="process"]', message: 'The domain knows no process.' },
  { selector: ':function[async=true]', message: 'The domain is synchronous.' },
  { selector: 'AwaitExpression', message: 'The domain is synchronous.' },
];

/** A DTO imported as a type leaves no metadata at run time, and its validation silently does not happen. */
const dtoAsType = {
  selector: 'ImportDeclaration[importKind="type"] > ImportSpecifier[imported.name=/(Dto|Body|Query|Params)$/]',
  message: 'Import DTO classes as values: as types they are not validated.',
};

const unfinishedTests = [
  { selector: 'MemberExpression[property.name=/^(skip|only|todo|failing)$/]', message: 'Every test runs.' },
  { selector: 'CallExpression[callee.name=/^(xit|xdescribe|xtest|fit|fdescribe)$/]', message: 'Every test runs.' },
  { selector: 'CallExpression[callee.name=/^(setTimeout|sleep)$/]', message: 'Await the condition instead of a time.' },
];

const exhaustive = { allowDefaultCaseForExhaustiveSwitch: false, requireDefaultForNonUnion: false };

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '.nx/',
      '.acogida/',
      'test/boundaries/fixtures/',
      'contracts/src/generated/',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { jsdoc },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', exhaustive],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off', // ports are asynchronous where an adapter happens not to be
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      complexity: ['error', { max: 20, variant: 'modified' }], // a switch over a union counts once
      'no-console': 'error',
      'no-restricted-syntax': ['error', dtoAsType],
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: { ancestorsOnly: true, esm: true },
          enableFixer: false,
          require: { ClassDeclaration: true, FunctionDeclaration: true, ArrowFunctionExpression: true },
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
        },
      ],
    },
  },
  {
    files: [
      'services/*/src/domain/**/*.ts',
      'libs/referral/src/**/*.ts',
      'libs/safeguards/src/**/*.ts',
      'libs/core/src/**/*.ts',
      'libs/reference/src/**/*.ts',
    ],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', dtoAsType, ...impure] },
  },
  {
    // What these do not name stays private, and changes no read model: a new event is not to be written into them.
    files: ['{services/*,libs/referral}/src/**/publish.ts', 'services/*/src/projections/**', '**/domain/case-facts.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { ...exhaustive, allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'libs/testing/src/log-conformance.ts', 'test/journeys/*-journey.ts'],
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': ['error', ...unfinishedTests],
      'jsdoc/require-jsdoc': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Specs read answers as they come over the wire; their assertions are the type check.
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: ['deploy/*/src/**/*.ts'],
    rules: { 'no-console': 'off' }, // command-line programs speak on the console
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    rules: { 'max-lines': ['error', { max: 300 }], 'max-lines-per-function': ['error', { max: 60 }] },
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
        globalThis: 'readonly',
        module: 'writable',
      },
    },
  },
);
