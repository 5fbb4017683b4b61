import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the workspace. */
export const workspace = join(import.meta.dirname, '../..');

/** Every file that git keeps or would keep, by path with slashes. */
export const workspaceFiles: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: workspace, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(workspace, file)));

/** Those that are code of ours: not generated, and not written to break a rule. */
export const sourceFiles = workspaceFiles.filter(
  (file) => /\.(ts|mjs|cjs|js)$/.test(file) && !/^(contracts\/src\/generated|test\/boundaries\/fixtures)\//.test(file),
);

/** Text of a file of the workspace. */
export function textOf(file: string): string {
  return readFileSync(join(workspace, file), 'utf8');
}
