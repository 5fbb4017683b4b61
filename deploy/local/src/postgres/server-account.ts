import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Who runs PostgreSQL when this process is root: PostgreSQL refuses to. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const OTHERS_MAY_ENTER = 0o001;

function accountNamed(name: string): ServerAccount | null {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/**
 * The account for a server on `clusterDir`: null unless this process is root; else the owner of the cluster, or `postgres`
 * where there is such a user, or `nobody`.
 *
 * @throws Error root, and neither user exists
 */
export function serverAccount(clusterDir: string): ServerAccount | null {
  if (userInfo().uid !== 0) return null;
  if (existsSync(clusterDir)) {
    const { uid, gid } = statSync(clusterDir);
    if (uid !== 0) return { uid, gid };
  }
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (account === null) throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"');
  return account;
}

/** Whether any account may walk down to this path; what does not exist yet is not judged. */
export function isReachableByAnyAccount(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Where a cluster that belongs to `path` is kept: there; or, when root works in a folder that the server's account may not
 * enter, in the machine's folder for temporary files that outlive a restart.
 */
export function clusterPlace(path: string): string {
  if (userInfo().uid !== 0 || isReachableByAnyAccount(path)) return path;
  const name = `acogida-cluster-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
  return join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), name);
}
