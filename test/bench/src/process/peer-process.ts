import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PeerName } from './peer-modules.ts';
import type { PeerAnswer, PeerCall } from './peer.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A peer in a process of its own, as the bench drives it. */
export class PeerProcess {
  readonly #name: PeerName;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #errors = '';

  private constructor(name: PeerName, options: unknown) {
    this.#name = name;
    this.#child = fork(fileURLToPath(new URL('peer-main.js', import.meta.url)), [name, JSON.stringify(options)], {
      execArgv: ['--enable-source-maps', ...(process.env['ACOGIDA_BENCH_NODE_OPTIONS']?.split(' ') ?? [])],
      serialization: 'advanced',
      // its standard output is where a node logs to: as cheap as it gets, and the same for all
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#errors = (this.#errors + chunk.toString()).slice(-4_000)));
    this.#child.on('message', (answer: PeerAnswer) => this.#settle(answer));
    this.#child.on('exit', () => this.#fail());
  }

  /** Starts a peer and waits until it is open. @throws Error it could not be opened */
  static async start(name: PeerName, options: object): Promise<PeerProcess> {
    const peer = new PeerProcess(name, options);
    await new Promise((resolve, reject) => peer.#waiting.set(0, { resolve, reject }));
    return peer;
  }

  /** Runs an operation in the peer. @throws Error what it threw there, or that the process ended */
  call<T>(operation: string, argument: unknown = null): Promise<T> {
    this.#calls += 1;
    const message: PeerCall = { id: this.#calls, operation, argument };
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(message.id, { resolve: resolve as (value: unknown) => void, reject });
      this.#child.send(message);
    });
  }

  /** Closes the peer and waits until its process is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(insist);
  }

  #settle({ id, value, error }: PeerAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${this.#name}: ${error}`));
  }

  #fail(): void {
    const error = new Error(`${this.#name}: its process ended\n${this.#errors}`);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/**
 * Starts the peers one after another, hands them over, and stops all of them whatever happens.
 *
 * @param atOnce how many may start at the same time
 */
export async function withPeers<const N extends readonly (readonly [PeerName, object])[], T>(
  wanted: N,
  use: (peers: { readonly [K in keyof N]: PeerProcess }) => Promise<T>,
  atOnce = 1,
): Promise<T> {
  const peers: PeerProcess[] = [];
  try {
    for (let from = 0; from < wanted.length; from += atOnce) {
      const starting = wanted.slice(from, from + atOnce).map(([name, options]) => PeerProcess.start(name, options));
      const started = await Promise.allSettled(starting);
      peers.push(...started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      await Promise.all(starting);
    }
    return await use(peers as unknown as { readonly [K in keyof N]: PeerProcess });
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}
