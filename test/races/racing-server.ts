import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialiseCluster, serverCommand } from '@acogida/local';
import { eventually, freePort } from '@acogida/testing';
import pg from 'pg';

const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', 'jit=off'];

/** PostgreSQL for races alone, since it is killed while they run. It writes through to the disk, as in production. */
export class RacingServer {
  readonly #home: string;
  readonly #port: number;
  #server: ChildProcess | undefined;

  private constructor(home: string, port: number) {
    this.#home = home;
    this.#port = port;
  }

  static async start(): Promise<RacingServer> {
    const home = await mkdtemp(join(tmpdir(), 'acogida-races-'));
    await chmod(home, 0o755); // the server may run as another user
    const server = new RacingServer(home, await freePort());
    await initialiseCluster({ dir: server.#dir, user: 'postgres', password: 'postgres' });
    await server.#run();
    return server;
  }

  get url(): string {
    return `postgres://postgres:postgres@127.0.0.1:${this.#port}/postgres`;
  }

  get #dir(): string {
    return join(this.#home, 'cluster');
  }

  /**
   * All its processes end at once, in the middle of whatever they do and without a checkpoint; then it is started again, and recovers
   * from its write-ahead log.
   */
  async crash(): Promise<void> {
    await this.#end('SIGQUIT');
    await this.#run();
  }

  /** Ends it, and removes what it kept. */
  async stop(): Promise<void> {
    await this.#end('SIGINT');
    await rm(this.#home, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const { command, args, ...account } = serverCommand(this.#dir, this.#port, SETTINGS);
    this.#server = spawn(command, args, { ...account, cwd: this.#dir, stdio: 'ignore' });
    process.once('exit', this.#quit);
    await eventually(async () => {
      const client = new pg.Client({ connectionString: this.url });
      client.on('error', () => {});
      await client.connect();
      await client.end();
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    process.off('exit', this.#quit);
    const server = this.#server;
    const gone = new Promise((resolve) => server?.once('exit', resolve));
    if (server?.kill(signal) === true) await gone;
  }

  readonly #quit = (): void => void this.#server?.kill('SIGQUIT');
}
