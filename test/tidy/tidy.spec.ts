import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { workspace, workspaceFiles } from './workspace-files.ts';

const root = workspace;
const files = workspaceFiles;

const packages = files
  .filter((file) => /^(contracts|test\/bench|(libs|services|deploy)\/[^/]+)\/package\.json$/.test(file))
  .map((file) => file.replace('/package.json', ''));

/** Words that say nothing about what a file is for. */
const EMPTY_NAMES = /(^|[-.])(utils?|helpers?|common|manager|base|misc)([-.]|$)/;

const TOP_LEVEL = [
  ...['.ci', 'contracts', 'deploy', 'libs', 'services', 'test'],
  ...['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'docker-compose.yml'],
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...[
    '.dependency-cruiser.cjs',
    '.dockerignore',
    '.gitignore',
    '.prettierignore',
    '.prettierrc.json',
    '.swcrc',
    'eslint.config.js',
  ],
  ...['jest.config.js', 'tsconfig.json'],
];

describe('the workspace is tidy', () => {
  it('finds the packages', () => expect(packages.length).toBeGreaterThanOrEqual(18));

  it.each(packages)('%s has a README of one screen and its tags', (folder) => {
    const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
    expect(readme.split('\n').length).toBeGreaterThan(5);
    const { nx } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { nx?: { tags?: string[] } };
    expect(nx?.tags).toEqual([
      expect.stringMatching(/^type:(lib|service|deploy|contracts|test|bench)$/),
      expect.stringMatching(/^scope:/),
    ]);
  });

  it('keeps nothing at the top level that was not agreed', () => {
    expect(
      [...new Set(files.map((file) => file.split('/')[0]!))].filter((entry) => !TOP_LEVEL.includes(entry)),
    ).toEqual([]);
  });

  it('names files after what they are for', () => {
    const code = files.filter((file) => /\.(ts|mjs|cjs|js)$/.test(file) && file !== 'tsconfig.base.json');
    expect(code.filter((file) => EMPTY_NAMES.test(basename(file)))).toEqual([]);
    expect(code.filter((file) => basename(file) !== basename(file).toLowerCase())).toEqual([]);
  });

  it('carries no path of a machine and no secret key', () => {
    const text = files.filter((file) => file !== 'package-lock.json' && !/\.(png|svg|csv)$/.test(file));
    const machinePath = new RegExp(`(^|[^.\\w])/(${['work', 'root', 'home', 'Users'].join('|')})/[\\w.]`);
    const secret = new RegExp(`-----BEGIN ${'(EC |RSA )?'}PRIVATE KEY`);
    const offending = text.filter((file) => {
      const content = readFileSync(join(root, file), 'utf8');
      return machinePath.test(content) || secret.test(content);
    });
    expect(offending).toEqual([]);
  });

  it('keeps package versions exact', () => {
    const root_ = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.entries({ ...root_['dependencies'], ...root_['devDependencies'] });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});
