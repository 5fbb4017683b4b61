import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

const root = join(import.meta.dirname, '../..');
const config = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as {
  forbidden: { readonly name: string; readonly comment: string }[];
};

describe('module boundaries', () => {
  let violations: Violation[];

  beforeAll(() => {
    const report = execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        ...['--config', config, '--output-type', 'json', 'contracts', 'libs', 'services'],
      ],
      { cwd: join(import.meta.dirname, 'fixtures'), encoding: 'utf8' },
    );
    violations = (JSON.parse(report) as { summary: { violations: Violation[] } }).summary.violations;
  });

  it.each(forbidden.map(({ name }) => name))('%s catches the fixture that breaks it', (name) => {
    const caught = violations.filter((violation) => violation.rule.name === name).map(({ from }) => from);
    expect(caught).toEqual(expect.arrayContaining([expect.stringContaining(`/${name}.ts`)]));
  });

  it('gives a sentence of reason for every rule', () => {
    for (const rule of forbidden) expect(rule.comment).toMatch(/^.{20,}\.$/s);
  });
});
