import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { link, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandomness } from '../randomness.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { describeKmsConformance } from '../testing/kms-conformance.ts';
import { MemoryKms } from './memory-kms.ts';
import { FileKms } from './file-kms.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-kms-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function newPath(): string {
  return join(folder, `${randomUUID()}.json`);
}

function openKms(path: string): Promise<FileKms> {
  return FileKms.open(path, systemRandomness);
}

function keyOf(text: string, version: string): string | undefined {
  return (JSON.parse(text) as { versions: Record<string, string> }).versions[version];
}

describeKmsConformance('FileKms', async () => {
  const path = newPath();
  return { kms: await openKms(path), reopen: () => openKms(path) };
});

describeKmsConformance('MemoryKms', async () => {
  const kms = new MemoryKms();
  return { kms, reopen: async () => kms };
});

describe('the file of the master key', () => {
  it('can be read by its owner only', async () => {
    const path = newPath();
    const kms = await openKms(path);
    await kms.rotate();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is overwritten where a destroyed version stood, and nothing stays beside it', async () => {
    const path = newPath();
    const kms = await openKms(path);
    await kms.rotate();
    const before = await readFile(path, 'utf8');
    const held = await open(path, 'r'); // still reads the old file after it was unlinked
    await kms.destroyBelow(2);
    const { size } = await held.stat();
    const { buffer } = await held.read(Buffer.alloc(size), 0, size, 0);
    await held.close();
    expect(buffer).toEqual(Buffer.alloc(before.length));
    const after = await readFile(path, 'utf8');
    expect(after).not.toContain(keyOf(before, '1')!);
    expect(keyOf(after, '2')).toBe(keyOf(before, '2'));
    expect((await readdir(folder)).filter((name) => join(folder, name).startsWith(`${path}.`))).toEqual([]);
  });

  it.each(['.old', '.new'])('is cleared of what a process left behind as %s', async (suffix) => {
    const path = newPath();
    const kms = await openKms(path);
    const wrapped = await kms.wrap(new SecretBytes(Buffer.alloc(32, 3)));
    await writeFile(`${path}${suffix}`, 'rest of a key');
    const held = await open(`${path}${suffix}`, 'r');
    const again = await openKms(path);
    const { buffer } = await held.read(Buffer.alloc(13), 0, 13, 0);
    await held.close();
    expect(buffer).toEqual(Buffer.alloc(13));
    await expect(stat(`${path}${suffix}`)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await again.unwrap(wrapped)).expose()).toEqual(Buffer.alloc(32, 3));
  });

  it('survives a process that ended between naming the old file and replacing it', async () => {
    const path = newPath();
    const kms = await openKms(path);
    const wrapped = await kms.wrap(new SecretBytes(Buffer.alloc(32, 3)));
    await link(path, `${path}.old`);
    const again = await openKms(path);
    expect((await again.unwrap(wrapped)).expose()).toEqual(Buffer.alloc(32, 3));
    expect(await again.rotate()).toBe(2);
  });

  it('is not turned back by another process that opened it before a change', async () => {
    const path = newPath();
    const [one, other] = [await openKms(path), await openKms(path)];
    await one.rotate();
    const wrapped = await one.wrap(new SecretBytes(Buffer.alloc(32, 3)));
    await one.destroyBelow(2);
    expect(await other.rotate()).toBe(3);
    expect((await other.unwrap(wrapped)).expose()).toEqual(Buffer.alloc(32, 3));
    expect(keyOf(await readFile(path, 'utf8'), '1')).toBeUndefined();
  });

  it('is followed by another process that opened it before a change', async () => {
    const path = newPath();
    const [one, other] = [await openKms(path), await openKms(path)];
    const secret = new SecretBytes(Buffer.alloc(32, 3));
    const before = await one.wrap(secret);
    await one.rotate();
    expect((await other.unwrap(await one.wrap(secret))).expose()).toEqual(secret.expose());
    expect((await other.unwrap(before)).expose()).toEqual(secret.expose());
    await one.destroyBelow(2);
    await expect(other.unwrap(before)).rejects.toMatchObject({ code: 'KMS.UNWRAP_REFUSED' });
    expect((await other.wrap(secret)).version).toBe(2);
  });

  it('takes changes one after the other', async () => {
    const kms = await openKms(newPath());
    expect(await Promise.all([kms.rotate(), kms.rotate(), kms.rotate()])).toEqual([2, 3, 4]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
    ['no versions', '{"versions":{}}'],
    ['a short key', '{"versions":{"1":"c2hvcnQ="}}'],
    ['another kind of version', `{"versions":{"0":"${'A'.repeat(43)}="}}`],
  ])('is refused when it holds %s, without repeating it', async (_, content) => {
    const path = newPath();
    await writeFile(path, content);
    const refused = openKms(path);
    await expect(refused).rejects.toMatchObject({ code: 'KMS.REFUSED', message: 'the file holds no master key' });
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('cannot be opened where there is no folder for it', async () => {
    await expect(openKms(join(folder, 'nowhere', 'key.json'))).rejects.toMatchObject({
      code: 'KMS.UNAVAILABLE',
      message: 'the file of the master key cannot be written',
    });
  });
});
