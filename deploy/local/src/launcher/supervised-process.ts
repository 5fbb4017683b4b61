import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync } from 'node:fs';

/** Delay before a process that died is started again, in milliseconds; doubles with each death in a row. */
export const FIRST_RESTART_DELAY_MS = 200;
/** Longest such delay, in milliseconds. */
export const LONGEST_RESTART_DELAY_MS = 15_000;
/** A process that lived this long had a good start: the delay begins anew, in milliseconds. */
export const GOOD_START_MS = 20_000;
/** After SIGTERM a process gets this long before SIGKILL, in milliseconds. */
export const STOP_GRACE_MS = 10_000;
/** Logs of earlier runs that are kept per process. */
const OLD_LOGS = 3;

/** The delay before the n-th start in a row (1 = first restart), in milliseconds. */
export function restartDelayMs(deathsInARow: number): number {
  return Math.min(FIRST_RESTART_DELAY_MS * 2 ** (deathsInARow - 1), LONGEST_RESTART_DELAY_MS);
}

/** How to run a process. */
export interface ProcessDefinition {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly stopSignal?: NodeJS.Signals;
  /** Runs before each start. */
  readonly beforeStart?: () => Promise<void>;
}

/** What happens to a process. */
export interface ProcessEvents {
  readonly onStarted: (name: string, pid: number | null) => void;
  readonly onDied: (name: string, how: string, restartInMs: number) => void;
}

/** Moves `x.log` to `x.log.1` and so on, so that each run begins a new file. */
export function rotateLog(file: string): void {
  for (let age = OLD_LOGS - 1; age >= 0; age -= 1) {
    const from = age === 0 ? file : `${file}.${age}`;
    if (existsSync(from)) renameSync(from, `${file}.${age + 1}`);
  }
}

/**
 * A child process that is started again whenever it dies, until it is stopped. It is the head of its own process group, so
 * that Ctrl-C reaches the launcher only and everything stops in order.
 */
export class SupervisedProcess {
  readonly definition: ProcessDefinition;
  readonly #events: ProcessEvents;
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | null = null;
  #stopping = false;
  #deathsInARow = 0;
  #deaths = 0;

  constructor(definition: ProcessDefinition, events: ProcessEvents) {
    this.definition = definition;
    this.#events = events;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** How often it died so far. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Starts the process; it is running, not yet ready, when this resolves. */
  async start(): Promise<void> {
    rotateLog(this.definition.logFile);
    await this.#spawn();
  }

  /** Ends the process for good. */
  async stop(graceMs = STOP_GRACE_MS): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null) return;
    child.kill(this.definition.stopSignal ?? 'SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(kill);
  }

  async #spawn(): Promise<void> {
    const { command, args, environment, logFile, cwd, uid, gid } = this.definition;
    await this.definition.beforeStart?.();
    if (this.#stopping) return;
    const log = openSync(logFile, 'a', 0o600);
    const startedMs = performance.now();
    const child = spawn(command, [...args], {
      env: environment,
      stdio: ['ignore', log, log],
      detached: true,
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    closeSync(log);
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      const gone = (how: string): void => {
        if (this.#child !== child) return;
        this.#child = null;
        resolve();
        if (!this.#stopping) this.#bury(how, performance.now() - startedMs);
      };
      child.once('error', (error: NodeJS.ErrnoException) => gone(error.code ?? error.message));
      child.once('exit', (code, signal) => gone(signal ?? `exit code ${code}`));
    });
    this.#events.onStarted(this.definition.name, child.pid ?? null);
  }

  #bury(how: string, livedMs: number): void {
    this.#deaths += 1;
    this.#deathsInARow = livedMs >= GOOD_START_MS ? 1 : this.#deathsInARow + 1;
    const delayMs = restartDelayMs(this.#deathsInARow);
    this.#events.onDied(this.definition.name, how, delayMs);
    this.#restart = setTimeout(() => {
      this.#spawn().catch((error: unknown) => {
        if (!this.#stopping) this.#bury(error instanceof Error ? error.message : String(error), 0);
      });
    }, delayMs);
  }
}
