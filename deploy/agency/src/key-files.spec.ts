import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newAgencyKeys } from './agency-keys.ts';
import { keyFiles, type NewFile, publicFile, writeNewFiles, writePublic } from './key-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acogida-agency-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const keys = keyFiles(newAgencyKeys('cr-border-intake'));

describe('new files', () => {
  it('are all there, in folders that were made', async () => {
    await writeNewFiles(join(folder, 'a/b'), [...keys, publicFile('c/note.json', { n: 1 })]);
    expect((await readdir(join(folder, 'a/b'))).sort()).toEqual(['c', 'sealing.pem', 'signing.pem', 'transport.pem']);
    expect(await readFile(join(folder, 'a/b/c/note.json'), 'utf8')).toBe('{\n  "n": 1\n}\n');
  });

  it.each<[string, NewFile]>([
    ['has no place', publicFile('signing.pem/note.json', {})],
    ['cannot be written to its end', { ...publicFile('note.json', {}), text: null as never }],
  ])('are none, not even in part, when one %s', async (_what, last) => {
    await expect(writeNewFiles(folder, [...keys, last])).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a public file', () => {
  it('is replaced', async () => {
    const file = join(folder, 'note.json');
    for (const n of [1, 2]) await writePublic(file, n);
    expect(await readFile(file, 'utf8')).toBe('2\n');
    expect(await readdir(folder)).toEqual(['note.json']);
  });

  it('that cannot be put in its place leaves nothing behind', async () => {
    await mkdir(join(folder, 'note.json/full'), { recursive: true });
    const replaced = writePublic(join(folder, 'note.json'), 1);
    await expect(replaced).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('note.json '),
    });
    expect(await readdir(folder)).toEqual(['note.json']);
  });
});
