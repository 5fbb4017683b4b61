import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimDataDir, emptyDataDir, ensureKeys, releaseDataDir, StartRefusedError } from './data-dir.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'acogida-data-'));
});
afterEach(() => rm(path, { recursive: true }));

describe('the data directory', () => {
  it('keeps its keys from start to start', async () => {
    const dir = await claimDataDir(path);
    const first = await ensureKeys(dir);
    await releaseDataDir(dir);
    const second = await ensureKeys(await claimDataDir(path));
    expect(second).toEqual(first);
  });

  it('lists the public half of every signing key, and keeps the private one to its owner', async () => {
    const dir = await claimDataDir(path);
    const { network } = await ensureKeys(dir);
    for (const { agencyId, signingKeys } of network.agencies) {
      const file = dir.signingKeyFile(agencyId);
      const { x } = createPublicKey(readFileSync(file)).export({ format: 'jwk' });
      expect(signingKeys).toEqual([
        { keyId: `${agencyId}.signing.1`, publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x }, fromNumber: 1 },
      ]);
      expect((await stat(file)).mode & 0o077).toBe(0);
    }
    expect(Buffer.from(readFileSync(dir.sealingKeyFile, 'utf8'), 'base64')).toHaveLength(32);
  });

  it('gives keys to an agency that joined since the last start, and leaves those of the others', async () => {
    const dir = await claimDataDir(path);
    const { network } = await ensureKeys(dir);
    const joined = network.agencies.at(-1)?.agencyId ?? '';
    await writeFile(dir.networkFile, JSON.stringify({ ...network, agencies: network.agencies.slice(0, -1) }));
    await rm(dir.signingKeyFile(joined));
    const { network: extended } = await ensureKeys(dir);
    expect(extended.agencies.slice(0, -1)).toEqual(network.agencies.slice(0, -1));
    expect(extended.agencies.at(-1)).toMatchObject({ agencyId: joined });
    const { x } = createPublicKey(readFileSync(dir.signingKeyFile(joined))).export({ format: 'jwk' });
    expect(extended.agencies.at(-1)?.signingKeys[0]?.publicKeyJwk.x).toBe(x);
  });

  it('refuses a directory that holds other files', async () => {
    await writeFile(join(path, 'thesis.txt'), 'x');
    await expect(claimDataDir(path)).rejects.toThrow(StartRefusedError);
    expect(existsSync(join(path, 'thesis.txt'))).toBe(true);
  });

  it('takes over the claim of a process that is gone', async () => {
    await releaseDataDir(await claimDataDir(path));
    await writeFile(join(path, 'launcher.lock'), '999999999');
    await expect(claimDataDir(path)).resolves.toMatchObject({ path });
  });

  it('is emptied but for the claim', async () => {
    const dir = await claimDataDir(path);
    await ensureKeys(dir);
    await emptyDataDir(dir);
    expect(existsSync(dir.networkFile)).toBe(false);
    expect(existsSync(join(path, 'launcher.lock'))).toBe(true);
  });

  it('refuses to start when a private key is missing', async () => {
    const dir = await claimDataDir(path);
    await ensureKeys(dir);
    await rm(dir.signingKeyFile('mx-comar'));
    await expect(ensureKeys(dir)).rejects.toThrow('restore it, or start with --fresh');
  });
});
