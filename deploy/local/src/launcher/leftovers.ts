import { readRunFile, RUN_FILE_NAME } from '@acogida/operations';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataDir } from './data-dir.ts';
import { endLeftover } from './running-process.ts';

/**
 * Ends what a launcher that was killed left behind in this data directory, and forgets its run file. Nodes and issuer stop by
 * themselves; a local Kafka does not. PostgreSQL is cleared when it is started.
 */
export async function endLeftovers(dir: DataDir): Promise<void> {
  const run = await readRunFile(dir.path).catch(() => null);
  if (run === null) return;
  const isNode = (commandLine: string): boolean => /exit-with-launcher/.test(commandLine);
  const isKafka = (commandLine: string): boolean =>
    commandLine.includes('kafka.Kafka') && commandLine.includes(dir.path);
  const kafka = run.processes.find(({ name }) => name === 'kafka');
  await Promise.all([
    ...run.nodes.map(({ pid }) => endLeftover(pid, isNode)),
    endLeftover(run.issuer.pid, isNode),
    endLeftover(kafka?.pid ?? null, isKafka, 20_000),
  ]);
  await rm(join(dir.path, RUN_FILE_NAME), { force: true });
}
