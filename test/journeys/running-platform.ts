import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readRunFile, type RunFile } from '@acogida/operations';

const root = resolve(import.meta.dirname, '../..');
const PINNED_NODE = process.execPath;
const CONSECUTIVE_PORTS = 20;
/** Below 32768, where systems take ports for outgoing connections: a platform that starts again finds its own still free. */
const PORT_BASES = { first: 21_000, span: 11_000 } as const;

/** What a command of the platform did. */
export interface CommandResult<T = unknown> {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output as JSON, when it is JSON. */
  readonly json: T;
}

/** Runs one of our commands to its end. */
export async function runCommand<T>(entry: string, args: readonly string[]): Promise<CommandResult<T>> {
  const child = spawn(PINNED_NODE, [join(root, entry), ...args], { cwd: root, env: commandEnvironment() });
  const output = collect(child);
  const exitCode = await exitOf(child);
  const lastLine = output.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { exitCode, ...output, json: (lastLine.startsWith('{') ? JSON.parse(lastLine) : undefined) as T };
}

function commandEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ACOGIDA_WORKSPACE: root };
  for (const name of ['NODE_OPTIONS', 'INIT_CWD', 'LOG_LEVEL']) delete environment[name];
  return environment;
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return output;
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done(code ?? -1));
  });
}

/** The first of a row of ports that are free now. */
export async function freePortBase(): Promise<number> {
  for (let offset = process.pid * 40; ; offset += CONSECUTIVE_PORTS) {
    const base = PORT_BASES.first + (offset % PORT_BASES.span);
    const free = await Promise.all(Array.from({ length: CONSECUTIVE_PORTS }, (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

/** How a platform differs from that of `npm start`. */
export interface PlatformOptions {
  /** Where the programs are: another built workspace than this. */
  readonly workspace?: string;
  /** What the launcher is told besides. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The whole platform, started as `npm start` does, in a data directory of its own. */
export class RunningPlatform {
  readonly dataDir: string;
  readonly portBase: number;
  readonly #log: 'embedded' | 'kafka';
  readonly #workspace: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  #output = { stdout: '', stderr: '' };

  private constructor(dataDir: string, portBase: number, log: 'embedded' | 'kafka', options: PlatformOptions) {
    this.#workspace = options.workspace ?? root;
    this.#environment = options.environment ?? {};
    this.dataDir = dataDir;
    this.portBase = portBase;
    this.#log = log;
  }

  /**
   * Starts on an empty data directory and resolves when every node is ready.
   */
  static async create(log: 'embedded' | 'kafka', options: PlatformOptions = {}): Promise<RunningPlatform> {
    const dataDir = await mkdtemp(join(tmpdir(), 'acogida-journey-'));
    await chmod(dataDir, 0o755); // PostgreSQL may run as another user
    const platform = new RunningPlatform(dataDir, await freePortBase(), log, options);
    await platform.start();
    return platform;
  }

  /** Starts again on the same data. */
  async start(): Promise<void> {
    const child = this.spawnLauncher();
    this.#child = child;
    this.#output = collect(child);
    const { promise, resolve: ready, reject } = Promise.withResolvers<void>();
    child.stdout?.on('data', () => {
      if (/^ready in /m.test(this.#output.stdout)) ready();
    });
    child.on('close', (code) => reject(new Error(`the launcher ended with ${code}: ${this.#output.stderr}`)));
    await promise;
  }

  /** A launcher of this platform, not awaited. */
  spawnLauncher(): ChildProcess {
    const args = ['--port-base', String(this.portBase), '--data-dir', this.dataDir];
    if (this.#log === 'kafka') args.push('--kafka');
    const environment: NodeJS.ProcessEnv = {
      ...commandEnvironment(),
      ...this.#environment,
      ACOGIDA_WORKSPACE: this.#workspace,
    };
    delete environment['KAFKA_BROKERS']; // the launcher's own broker, which can be killed
    return spawn(PINNED_NODE, [join(this.#workspace, 'deploy/local/dist/launcher/main.js'), ...args], {
      cwd: this.#workspace,
      env: environment,
    });
  }

  /** What the launcher has said so far. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return this.#output;
  }

  run(): Promise<RunFile> {
    return readRunFile(this.dataDir);
  }

  /** Sends a signal to a process of the platform by name (`postgres`, `kafka`, `issuer` or an agency). */
  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    const run = await this.run();
    const processes = [
      { name: 'issuer', pid: run.issuer.pid },
      ...run.nodes.map(({ agencyId, pid }) => ({ name: agencyId, pid })),
      ...run.processes,
    ];
    const pid = processes.find((candidate) => candidate.name === name)?.pid;
    if (pid === undefined || pid === null) throw new Error(`${name} is not running`);
    process.kill(pid, signal);
  }

  import<T>(file: string, mapping: string, ...more: string[]): Promise<CommandResult<T>> {
    return runCommand('deploy/import/dist/main.js', [
      file,
      ...['--mapping', join(root, mapping), '--data-dir', this.dataDir, '--json', ...more],
    ]);
  }

  operate<T>(...args: string[]): Promise<CommandResult<T>> {
    return runCommand('deploy/operations/dist/main.js', [...args, '--data-dir', this.dataDir, '--json']);
  }

  /** Asks the launcher to stop; resolves to its exit code. */
  async stop(): Promise<number> {
    const child = this.#child;
    if (child === null) return 0;
    this.#child = null;
    if (child.exitCode !== null) return child.exitCode;
    const exit = exitOf(child);
    child.kill('SIGTERM');
    return exit;
  }

  /** Stops and removes everything. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** What a process has logged since the launcher started. */
  logOf(name: string): Promise<string> {
    return readFile(join(this.dataDir, 'logs', `${name}.log`), 'utf8');
  }
}
