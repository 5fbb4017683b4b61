import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unreleased } from '../../contracts/generate.mjs';
import { JUDGES_RELEASE } from './service-definitions.ts';

// The command as it is typed, on a copy of the contracts.

const ROOT = join(import.meta.dirname, '../..');
const SCHEMA = 'schemas/case-opened.v1.json';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'acogida-contracts-'));
  cpSync(join(ROOT, 'contracts'), folder, {
    recursive: true,
    filter: (source) => !/\/(dist|node_modules|openapi)$/.test(source),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
const released = (): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(join(folder, 'released')).map((name) => [name, read(`released/${name}`)]));

function generate(...options: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'generate.mjs'), ...options], {
    encoding: 'utf8',
  });
  return { status, said: stderr };
}

function addSchema(): void {
  const schema = read(SCHEMA).replace('case-opened', 'case-paused').replace('"CaseOpened"', '"CasePaused"');
  write('schemas/case-paused.v1.json', schema);
  write('fixtures/case-paused.v1.json', read('fixtures/case-opened.v1.json'));
}

// Each command loads a compiler.
const TIMEOUT_MS = 120_000;

describe('node contracts/generate.mjs', () => {
  it(
    '--check refuses a document that is out of date, and writing makes it right',
    () => {
      const before = read('asyncapi.yaml');
      write('asyncapi.yaml', `${before}# by hand\n`);
      const said = 'out of date: asyncapi.yaml; run `npm run contracts:generate`.\n';
      expect(generate('--check')).toEqual({ status: 1, said });
      expect(generate()).toEqual({ status: 0, said: '' });
      expect(read('asyncapi.yaml')).toBe(before);
    },
    TIMEOUT_MS,
  );

  it(
    '--release freezes nothing while something is wrong',
    () => {
      const before = released();
      write(SCHEMA, read(SCHEMA).replace('"BORDER"', '"FRONTIER"'));
      addSchema();
      const { status, said } = generate('--release');
      expect(status).toBe(1);
      expect(said).toContain('schemas/case-opened.v1.json #/properties/channel/enum: value "BORDER" removed.');
      expect(released()).toEqual(before);
    },
    TIMEOUT_MS,
  );

  it(
    '--release adds what is new and touches nothing else',
    () => {
      const [before, description] = [released(), '"description": "First contact, told better.'];
      write(SCHEMA, read(SCHEMA).replace('"description": "', description));
      addSchema();
      generate();
      expect(generate('--release')).toEqual({ status: 0, said: '' });
      const after = released();
      expect(after['case-paused.v1.json']).toBe(read('schemas/case-paused.v1.json'));
      expect(after).toMatchObject(before);
    },
    TIMEOUT_MS,
  );
});

describe('a release', () => {
  it('has every schema frozen', async () => {
    expect(JUDGES_RELEASE ? await unreleased() : []).toEqual([]);
  });
});
