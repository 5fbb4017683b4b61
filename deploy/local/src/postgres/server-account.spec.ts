import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { clusterPlace, isReachableByAnyAccount, serverAccount } from './server-account.ts';

describe('where PostgreSQL may run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'acogida-account-'));
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('sees a folder on the way that other accounts may not enter', () => {
    chmodSync(folder, 0o700);
    expect(isReachableByAnyAccount(join(folder, 'data', 'postgres'))).toBe(false);
    chmodSync(folder, 0o755);
    expect(isReachableByAnyAccount(join(folder, 'data', 'postgres'))).toBe(true);
  });

  it('keeps the cluster in place, except that root moves it out of a folder that the server may not enter', () => {
    const path = join(folder, 'data', 'postgres');
    chmodSync(folder, 0o755);
    expect(clusterPlace(path)).toBe(path);
    chmodSync(folder, 0o700);
    const place = clusterPlace(path);
    expect(place === path).toBe(userInfo().uid !== 0);
    expect(clusterPlace(path)).toBe(place);
    expect(isReachableByAnyAccount(place) || place === path).toBe(true);
  });

  it('needs another account only for root, and that is never root', () => {
    const account = serverAccount(join(folder, 'data', 'postgres'));
    expect(account === null).toBe(userInfo().uid !== 0);
    expect(account?.uid).not.toBe(0);
    expect(dirname(folder)).toBe(tmpdir());
  });
});
