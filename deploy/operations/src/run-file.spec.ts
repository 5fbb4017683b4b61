import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeOf, NotRunningError, readRunFile, resolveDataDir, type RunFile, writeRunFile } from './run-file.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'acogida-run-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

function runFile(): RunFile {
  return {
    formatVersion: 1,
    state: 'ready',
    startedAt: '2026-11-22T09:00:00.000Z',
    launcherPid: 1,
    dataDir,
    networkFile: join(dataDir, 'network.json'),
    issuer: {
      url: 'http://127.0.0.1:7100',
      audience: 'urn:acogida',
      tokenEndpoint: 'http://127.0.0.1:7100/token',
      secretFile: join(dataDir, 'secret'),
      port: 7100,
      pid: 2,
    },
    log: { driver: 'embedded', databaseUrl: 'postgres://log', brokers: [] },
    nodes: [
      {
        agencyId: 'cr-conatt',
        kind: 'counter-trafficking',
        jurisdiction: 'CR',
        name: 'sample',
        url: 'http://127.0.0.1:7104',
        port: 7104,
        pid: 3,
        databaseUrl: 'postgres://conatt',
      },
    ],
    processes: [{ name: 'postgres', port: 7110, pid: 4 }],
  };
}

describe('the run file', () => {
  it('is read as it was written, and only its owner may read it', async () => {
    await writeRunFile(runFile());
    expect(await readRunFile(dataDir)).toEqual(runFile());
    expect((await stat(join(dataDir, 'run.json'))).mode & 0o077).toBe(0);
  });

  it('says that nothing runs when it is missing', async () => {
    await expect(readRunFile(dataDir)).rejects.toThrow(NotRunningError);
  });

  it.each(['{', '[]', '{"formatVersion":2}', 'null'])('refuses what it did not write: %s', async (text) => {
    await writeFile(join(dataDir, 'run.json'), text);
    await expect(readRunFile(dataDir)).rejects.toThrow(NotRunningError);
  });

  it('finds the node of an agency', () => {
    expect(nodeOf(runFile(), 'cr-conatt').port).toBe(7104);
    expect(() => nodeOf(runFile(), 'mx-comar')).toThrow('there are: cr-conatt');
  });
});

describe('resolveDataDir', () => {
  it('is relative to where npm was called, and by default in the workspace', () => {
    expect(resolveDataDir('d', { INIT_CWD: '/srv/me' })).toBe('/srv/me/d');
    expect(resolveDataDir('/d', { INIT_CWD: '/srv/me' })).toBe('/d');
    expect(resolveDataDir(undefined, { INIT_CWD: '/srv/me', ACOGIDA_WORKSPACE: '/w' })).toBe('/w/.acogida');
  });
});
