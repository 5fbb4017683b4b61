import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a program did in a copy. */
export interface Run {
  readonly exitCode: number;
  /** Both streams, as they came. */
  readonly output: string;
}

/**
 * The workspace in a directory of its own: its files as git knows them, what was built, and all its packages, of which only our
 * own are its own. With a repository of its own, so that `changes` can tell what was written.
 */
export class WorkspaceCopy {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<WorkspaceCopy> {
    const copy = new WorkspaceCopy(await mkdtemp(join(tmpdir(), 'acogida-workspace-')));
    await chmod(copy.path, 0o755); // PostgreSQL may run as another user
    const files = git(ROOT, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0');
    for (const file of files.filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
      await mkdir(dirname(join(copy.path, file)), { recursive: true });
      await cp(join(ROOT, file), join(copy.path, file));
    }
    await copy.#linkPackages();
    git(copy.path, 'init', '--quiet');
    copy.commit();
    return copy;
  }

  async #linkPackages(): Promise<void> {
    const [from, to] = [join(ROOT, 'node_modules'), join(this.path, 'node_modules')];
    await mkdir(join(to, '@acogida'), { recursive: true });
    for (const name of await readdir(from)) {
      if (name !== '@acogida') await symlink(join(from, name), join(to, name));
    }
    for (const name of await readdir(join(from, '@acogida'))) {
      const target = await readlink(join(from, '@acogida', name));
      await symlink(target, join(to, '@acogida', name));
      const built = join(from, '@acogida', target, 'dist');
      if (existsSync(built)) await cp(built, join(to, '@acogida', target, 'dist'), { recursive: true });
    }
  }

  /** Takes what is there as the state that `changes` compares with. */
  commit(): void {
    git(this.path, 'add', '--all');
    git(
      this.path,
      '-c',
      'user.name=spec',
      '-c',
      'user.email=spec@example',
      'commit',
      '--quiet',
      '--allow-empty',
      '--message',
      'state',
    );
  }

  /** Paths of the files that were added, changed or removed since the last `commit`, sorted. */
  changes(): string[] {
    const lines = git(this.path, 'status', '--porcelain', '--untracked-files=all').split('\n');
    return lines
      .filter((line) => line !== '')
      .map((line) => line.slice(3))
      .sort();
  }

  /** Runs a program of node_modules, or a script of the workspace, under this Node. */
  run(script: string, ...args: string[]): Promise<Run> {
    const environment: NodeJS.ProcessEnv = { ...process.env, ACOGIDA_WORKSPACE: this.path, NX_DAEMON: 'false' };
    delete environment['NODE_OPTIONS'];
    environment['ACOGIDA_TEST_JOURNEYS'] = 'none'; // this run may be of journeys only; those of a copy are not
    const { promise, resolve: done, reject } = Promise.withResolvers<Run>();
    const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', script, ...args], {
      cwd: this.path,
      env: environment,
    });
    let output = '';
    const hear = (text: string): void => void (output += text);
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => done({ exitCode: code ?? -1, output }));
    return promise;
  }

  /** Runs suites of the copy on the PostgreSQL of this run. */
  jest(...suites: string[]): Promise<Run> {
    return this.run('node_modules/jest/bin/jest.js', '--runInBand', ...suites);
  }

  /** Builds a package into its `dist`, as its build script does. */
  async build(folder: string): Promise<Run> {
    const swc = join(this.path, 'node_modules/@swc/cli/bin/swc.js');
    const depth = folder.split('/').map(() => '..');
    const config = join(...depth, '.swcrc');
    return this.#within(folder).run(swc, 'src', '-d', 'dist', '--strip-leading-paths', '--config-file', config);
  }

  #within(folder: string): WorkspaceCopy {
    return new WorkspaceCopy(join(this.path, folder));
  }

  /** Replaces a text that stands once in a file. @throws RangeError when it stands nowhere, or more often */
  async edit(file: string, ...edits: readonly (readonly [from: string, to: string])[]): Promise<void> {
    let text = await readFile(join(this.path, file), 'utf8');
    for (const [from, to] of edits) {
      if (text.split(from).length !== 2) throw new RangeError(`${file}: not once in it: ${from}`);
      text = text.replace(from, () => to);
    }
    await writeFile(join(this.path, file), text);
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.path, file), text);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
}
