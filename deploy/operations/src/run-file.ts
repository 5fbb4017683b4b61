import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where the launcher keeps its data when `--data-dir` is not given, relative to the workspace. */
export const DEFAULT_DATA_DIR = '.acogida';
/** Name of the run file within the data directory. */
export const RUN_FILE_NAME = 'run.json';

/** One running node. */
export interface RunningNode {
  readonly agencyId: string;
  readonly kind: string;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  readonly name: string;
  /** `http://127.0.0.1:7101`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly pid: number | null;
  readonly databaseUrl: string;
}

/** Any other process of the platform: issuer, PostgreSQL, Kafka. */
export interface RunningProcess {
  readonly name: string;
  readonly port: number;
  readonly pid: number | null;
}

/**
 * What the launcher writes into its data directory, and every other command reads: where the platform runs. The file holds
 * database passwords and is readable by its owner only.
 */
export interface RunFile {
  readonly formatVersion: 1;
  /** `ready` once every node answered its readiness check. */
  readonly state: 'starting' | 'ready';
  readonly startedAt: string;
  readonly launcherPid: number;
  readonly dataDir: string;
  readonly networkFile: string;
  readonly issuer: {
    readonly url: string;
    readonly audience: string;
    readonly tokenEndpoint: string;
    /** File that holds the one client secret of the development users. */
    readonly secretFile: string;
    readonly port: number;
    readonly pid: number | null;
  };
  readonly log: {
    readonly driver: 'embedded' | 'kafka';
    readonly databaseUrl: string | null;
    readonly brokers: readonly string[];
  };
  readonly nodes: readonly RunningNode[];
  readonly processes: readonly RunningProcess[];
}

/** There is no usable run file: the platform was not started in this data directory, or was stopped. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** The path of the data directory that the user means: absolute as it is, relative to where npm was called. */
export function resolveDataDir(option: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  if (option !== undefined) return resolve(environment['INIT_CWD'] ?? process.cwd(), option);
  return resolve(environment['ACOGIDA_WORKSPACE'] ?? process.cwd(), DEFAULT_DATA_DIR);
}

function isRunFile(value: unknown): value is RunFile {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Partial<RunFile>;
  return file.formatVersion === 1 && Array.isArray(file.nodes) && typeof file.issuer?.tokenEndpoint === 'string';
}

/** Reads the run file of a data directory. @throws NotRunningError */
export async function readRunFile(dataDir: string): Promise<RunFile> {
  let text: string;
  try {
    text = await readFile(join(dataDir, RUN_FILE_NAME), 'utf8');
  } catch {
    throw new NotRunningError(
      `nothing runs in ${dataDir}: start the platform with "npm start", or name its --data-dir`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isRunFile(value)) throw new NotRunningError(`${join(dataDir, RUN_FILE_NAME)} was not written by this version`);
  return value;
}

/** Writes the run file so that a reader sees the old or the new one, never half of one. */
export async function writeRunFile(run: RunFile): Promise<void> {
  const target = join(run.dataDir, RUN_FILE_NAME);
  const draft = `${target}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, target);
}

/** The node of an agency. @throws NotRunningError when the platform runs without it */
export function nodeOf(run: RunFile, agencyId: string): RunningNode {
  const node = run.nodes.find((candidate) => candidate.agencyId === agencyId);
  if (node !== undefined) return node;
  throw new NotRunningError(
    `no node of agency ${agencyId} runs; there are: ${run.nodes.map((n) => n.agencyId).join(', ')}`,
  );
}
