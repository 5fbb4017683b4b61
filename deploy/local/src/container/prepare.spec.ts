import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunFile } from '@acogida/operations';
import { dataDirAt } from '../launcher/data-dir.ts';
import { SAMPLE_AGENCIES } from '../network.ts';
import { type KeysPreparation, prepareKeys } from './prepare.ts';

let folder: string;
let preparation: KeysPreparation;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acogida-prepare-'));
  preparation = {
    dir: dataDirAt(folder),
    databaseSecretFile: join(folder, 'password'),
    issuerUrl: 'http://127.0.0.1:7100',
  };
});
afterEach(() => rm(folder, { recursive: true }));

/** Everything that was made but the run file, which carries the time. */
function made(): Record<string, string> {
  const files = [
    'issuer-users.json',
    'network.json',
    'password',
    ...readdirSync(join(folder, 'keys')).map((key) => join('keys', key)),
  ];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

describe('preparing the keys of a network in containers', () => {
  it('makes what every container reads, and the run file by which commands find the others', async () => {
    await prepareKeys(preparation);
    expect(Object.keys(made())).toEqual(expect.arrayContaining(['keys/sealing.key', 'keys/issuer-keys.json']));
    const run = await readRunFile(folder);
    expect(run.issuer).toMatchObject({ url: 'http://127.0.0.1:7100', tokenEndpoint: 'http://issuer:8080/token' });
    expect(run.nodes.map(({ url }) => url)).toEqual(SAMPLE_AGENCIES.map(({ agencyId }) => `http://${agencyId}:8080`));
  });

  it('changes nothing when it is done again', async () => {
    await prepareKeys(preparation);
    const first = made();
    await prepareKeys(preparation);
    expect(made()).toEqual(first);
  });

  it('gives PostgreSQL its password and shows it in no URL', async () => {
    await prepareKeys(preparation);
    const password = readFileSync(preparation.databaseSecretFile, 'utf8');
    expect(password).toBe(readFileSync(join(folder, 'keys/postgres.password'), 'utf8').trim());
    expect((await stat(join(folder, 'keys/postgres.password'))).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).not.toContain(password);
  });
});
