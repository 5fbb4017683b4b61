import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { portsFile, publishedPorts } from './published-ports.ts';

const root = resolve(import.meta.dirname, '../..');
const COMPOSE_FILE = join(root, 'docker-compose.yml');

/** What a command of docker compose said. */
export interface ComposeResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The plugin itself where there is no docker client to call it. */
function composeCommand(): readonly [string, ...string[]] {
  const folders = [
    join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'cli-plugins'),
    ...['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map((at) => `${at}/docker/cli-plugins`),
  ];
  const plugin = folders.map((folder) => join(folder, 'docker-compose')).find((file) => existsSync(file));
  return plugin === undefined ? ['docker', 'compose'] : [plugin];
}

/** docker-compose.yml as a project of its own, which leaves nothing behind. */
export class ComposeProject {
  readonly #name: string;
  readonly #folder: string;

  private constructor(name: string, folder: string) {
    this.#name = name;
    this.#folder = folder;
  }

  /** A project that is not started yet. */
  static async create(): Promise<ComposeProject> {
    const folder = await mkdtemp(join(tmpdir(), 'acogida-compose-'));
    await writeFile(join(folder, 'ports.yml'), portsFile(await publishedPorts(COMPOSE_FILE)));
    return new ComposeProject(`acogida-test-${process.pid}`, folder);
  }

  /** Runs a command of docker compose on this project to its end. */
  async run(...args: string[]): Promise<ComposeResult> {
    const [command, ...first] = composeCommand();
    const files = ['-f', COMPOSE_FILE, '-f', join(this.#folder, 'ports.yml')];
    const child = spawn(command, [...first, '-p', this.#name, ...files, ...args], { cwd: root });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const exitCode = await new Promise<number>((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => done(code ?? -1));
    });
    return { exitCode, ...output };
  }

  /** A command of the platform (`import`, `reconcile`, `token`), run in a container beside it. */
  tools(...args: string[]): Promise<ComposeResult> {
    return this.run('run', '--rm', '-T', 'tools', ...args);
  }

  /** Where a service is published on this machine: `http://127.0.0.1:43211`. */
  async addressOf(service: string): Promise<string> {
    const { stdout } = await this.run('port', service, '8080');
    return `http://${stdout.trim()}`;
  }

  /** Removes containers, networks and volumes. */
  async remove(): Promise<void> {
    await this.run('--profile', 'tools', 'down', '--volumes', '--remove-orphans');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The last line of standard output as JSON. */
export function lastLineOf<T>({ stdout }: ComposeResult): T {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}
