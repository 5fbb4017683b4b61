import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { COPY_GOAL, KAFKA_VERSION, POM } from './pom.ts';
import { findLocalKafkaRequirements } from './requirements.ts';

const run = promisify(execFile);

/** Something that a local Kafka needs is not on this machine; the message says what. */
export class MissingRequirementError extends Error {
  override readonly name = 'MissingRequirementError';
}

/** Where the jars are kept between runs, for all checkouts of a user. */
export function defaultCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'acogida');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * The directory with the jars of Apache Kafka, fetched from Maven Central the first time (about 43 MB).
 *
 * @throws MissingRequirementError Java or, the first time, Maven is missing
 */
export async function resolveKafkaJars(cacheDir: string, environment = process.env): Promise<string> {
  const jarsDir = join(cacheDir, `kafka-${KAFKA_VERSION}`);
  const isThere = await exists(jarsDir);
  const missing = await findLocalKafkaRequirements(!isThere, environment);
  if (missing !== undefined) throw new MissingRequirementError(missing);
  if (isThere) return jarsDir;
  await mkdir(cacheDir, { recursive: true });
  const workDir = await mkdtemp(join(cacheDir, 'fetching-'));
  try {
    const pomFile = join(workDir, 'pom.xml');
    await writeFile(pomFile, POM);
    const fetchedDir = join(workDir, 'jars');
    const options = ['-DincludeScope=runtime', `-DoutputDirectory=${fetchedDir}`];
    await run('mvn', ['-B', '-q', '-f', pomFile, COPY_GOAL, ...options], {
      timeout: 600_000,
      cwd: workDir,
      env: environment,
    });
    // The directory appears whole or not at all; whoever else fetched in the meantime was as good.
    await rename(fetchedDir, jarsDir).catch(async (error: unknown) => {
      if (!(await exists(jarsDir))) throw error;
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return jarsDir;
}
