import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Oldest Java that Apache Kafka 4 runs on. */
export const OLDEST_JAVA = 17;

/** Major version in what `java -version` prints, undefined when it cannot be told. */
export function javaMajorVersion(output: string): number | undefined {
  const match = /version "(\d+)/.exec(output);
  return match === null ? undefined : Number(match[1]);
}

/** Output of a program, undefined when it cannot be run. `java -version` prints to standard error. */
async function outputOf(
  program: string,
  argument: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, [argument], { timeout: 30_000, env: environment });
    return stdout + stderr;
  } catch {
    return undefined;
  }
}

/**
 * What the machine lacks to run a local Kafka, as a sentence for the operator; undefined when nothing is missing.
 *
 * @param needsMaven false when the jars are already there
 */
export async function findLocalKafkaRequirements(
  needsMaven = true,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const missing: string[] = [];
  const java = await outputOf('java', '-version', environment);
  const version = java === undefined ? undefined : javaMajorVersion(java);
  if (java === undefined) missing.push(`Java ${OLDEST_JAVA} or newer (no "java" on the PATH)`);
  else if (version === undefined || version < OLDEST_JAVA) {
    missing.push(`Java ${OLDEST_JAVA} or newer (found ${version ?? 'an unknown version'})`);
  }
  if (needsMaven && (await outputOf('mvn', '-version', environment)) === undefined) {
    missing.push('Maven (no "mvn" on the PATH), which fetches Apache Kafka from Maven Central');
  }
  return missing.length === 0 ? undefined : `A local Kafka needs ${missing.join(' and ')}.`;
}
