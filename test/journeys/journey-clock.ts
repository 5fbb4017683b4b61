import { calendarDateIn } from '@acogida/reference';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Variable that names the file to the nodes; see `test-time.ts` of @acogida/service-kit. */
const VARIABLE = 'ACOGIDA_TEST_CLOCK_OFFSET_FILE';

/** The time of all nodes of a platform: the machine's, and put forward to let deadlines pass. It never goes back. */
export class JourneyClock {
  readonly #folder: string;
  #offsetMs = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<JourneyClock> {
    const clock = new JourneyClock(await mkdtemp(join(tmpdir(), 'acogida-journey-clock-')));
    await clock.advance(0);
    return clock;
  }

  /** What the launcher is to be started with. */
  get environment(): NodeJS.ProcessEnv {
    return { NODE_ENV: 'test', [VARIABLE]: this.#file };
  }

  /** What time it is at the nodes. */
  now(): string {
    return new Date(Date.now() + this.#offsetMs).toISOString();
  }

  /** Which day it is there: in the west still the day before while it is past midnight in UTC. */
  dateIn(country: string): string {
    return calendarDateIn(country, this.now());
  }

  /** Puts all nodes forward; they act on what came due within a second or two. */
  async advance(lengthMs: number): Promise<void> {
    this.#offsetMs += lengthMs;
    await writeFile(this.#file, `${this.#offsetMs}\n`);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'offset-ms');
  }
}
