import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pause } from '@acogida/operations';

/** The command line of a process; null when it does not run. */
export function commandLineOf(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  try {
    if (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === true) return null;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // no /proc on this system
  }
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

/** Ends a process that an earlier launcher left behind, if it is still the one meant: first asked, then killed. */
export async function endLeftover(
  pid: number | null,
  isMeant: (commandLine: string) => boolean,
  graceMs = 10_000,
): Promise<void> {
  const isAlive = (): boolean => {
    const commandLine = pid === null ? null : commandLineOf(pid);
    return commandLine !== null && isMeant(commandLine);
  };
  if (pid === null || !isAlive()) return;
  process.kill(pid, 'SIGTERM');
  const deadlineMs = performance.now() + graceMs;
  while (isAlive()) {
    if (performance.now() > deadlineMs) process.kill(pid, 'SIGKILL');
    await pause(50);
  }
}
