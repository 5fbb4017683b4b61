import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CrashingNodeSetup, CrashPoint, NodeOrder, NodeReport } from './crash-protocol.ts';

/** Reasons that are part of the game while the other side is being killed. */
const EXPECTED_FAILURES = new Set(['GapError']);
const START_LIMIT_MS = 180_000;

/** One node of the suite over all its lives. */
export class SupervisedNode {
  readonly #setup: CrashingNodeSetup;
  readonly #appended = new Set<string>();
  readonly #waiting = new Set<() => void>();
  /** Alarms and failures of all lives, to be told when something goes wrong. */
  readonly complaints: string[] = [];
  #child: ChildProcess | null = null;
  #diedBy: NodeJS.Signals | number | null = null;
  #isReady = false;
  #isArmed = false;

  constructor(setup: CrashingNodeSetup) {
    this.#setup = setup;
  }

  /**
   * Starts a life, and another one where it ended before it was ready, as whoever runs nodes does: a busy machine may have had no
   * connection for it.
   *
   * @throws Error it did not become ready within `START_LIMIT_MS`
   */
  async start(): Promise<void> {
    const deadlineMs = performance.now() + START_LIMIT_MS;
    do {
      await this.#begin();
      if (this.#isReady) return;
    } while (performance.now() < deadlineMs);
    throw new Error(`the node does not start:\n${this.complaints.slice(-5).join('\n')}`);
  }

  /** Resolves when the node is ready, or dead already. */
  async #begin(): Promise<void> {
    this.#diedBy = null;
    this.#isReady = false;
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'crashing-node.ts'),
        JSON.stringify(this.#setup),
      ],
      { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: environment() },
    );
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.complaints.push(text.trim().slice(0, 2_000)));
    child.on('message', (message) => this.#take(message as NodeReport));
    child.on('exit', (code, signal) => {
      if (this.#child === child) this.#diedBy = signal ?? code ?? -1;
      this.#wake();
    });
    await this.until(() => this.#isReady || this.#diedBy !== null);
  }

  /** The node ends itself at this point the next time it comes there. */
  async arm(crash: CrashPoint): Promise<void> {
    this.#isArmed = false;
    this.#tell({ kind: 'arm', crash });
    await this.until(() => this.#isArmed);
  }

  /** Asks for an append; whether it was answered is seen by `hasAppended`. */
  append(order: Omit<Extract<NodeOrder, { kind: 'append' }>, 'kind'>): void {
    this.#tell({ kind: 'append', ...order });
  }

  hasAppended(key: string): boolean {
    return this.#appended.has(key);
  }

  /** What ended the process; null while it lives. */
  get diedBy(): NodeJS.Signals | number | null {
    return this.#diedBy;
  }

  /** Resolves once the condition holds; looked at after everything that the node says or does. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async kill(): Promise<void> {
    if (this.#child === null || this.#diedBy !== null) return;
    this.#child.kill('SIGKILL');
    await this.until(() => this.#diedBy !== null);
  }

  #tell(order: NodeOrder): void {
    // A process that is dying takes no orders: what it did not answer is asked again of its next life.
    this.#child?.send(order, () => {});
  }

  #take(message: NodeReport): void {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        break;
      case 'armed':
        this.#isArmed = true;
        break;
      case 'appended':
        this.#appended.add(message.key);
        break;
      case 'alarm':
      case 'failure':
        if (!EXPECTED_FAILURES.has(message.name)) this.complaints.push(`${message.kind}: ${message.name}`);
        break;
    }
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** The child's own: Jest's options would be taken for its own. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _ofJest, ...rest } = process.env;
  return rest;
}
