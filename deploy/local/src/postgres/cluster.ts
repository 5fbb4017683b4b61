import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverAccount } from './server-account.ts';
import { serverBinaries } from './server-binaries.ts';

const run = promisify(execFile);

/** A cluster to be made. */
export interface NewCluster {
  readonly dir: string;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
}

/** How to start a server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Makes an empty cluster (UTF-8, C collation, passwords by SCRAM), owned by the account that will serve it. */
export async function initialiseCluster({ dir, user, password }: NewCluster): Promise<void> {
  const account = serverAccount(dir);
  const { initdb } = serverBinaries(account);
  const secretDir = await mkdtemp(join(tmpdir(), 'acogida-initdb-'));
  const passwordFile = join(secretDir, 'password');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (account !== null) {
      for (const path of [secretDir, passwordFile, dir]) await chown(path, account.uid, account.gid);
    }
    const settings = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--lc-messages=C'];
    await run(initdb, [`--pgdata=${dir}`, `--username=${user}`, `--pwfile=${passwordFile}`, ...settings], {
      ...account,
      cwd: dir,
      env: { ...process.env, LC_MESSAGES: 'C' },
    });
  } finally {
    await rm(secretDir, { recursive: true, force: true });
  }
}

/** The command that serves a cluster on `port` with `settings` (`name=value`). */
export function serverCommand(dir: string, port: number, settings: readonly string[]): ServerCommand {
  const account = serverAccount(dir);
  return {
    command: serverBinaries(account).postgres,
    args: ['-D', dir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    ...account,
  };
}
