import type { Step, StepDetail, StepObserver } from '@acogida/core';

/** Where the process of a simulated node may end: around a step, or before a command within a transaction of others. */
export type CrashPoint = `${'before' | 'after'} ${Step}` | 'within transaction';

/** Every place that a simulated node can be made to end at. */
export const CRASH_POINTS: readonly CrashPoint[] = [
  ...(['append', 'sequence', 'publish', 'acknowledge', 'inbox'] as const).flatMap((step) =>
    (['before', 'after'] as const).map((side): CrashPoint => `${side} ${step}`),
  ),
  'within transaction',
];

/**
 * Ends the process of a simulated node at one chosen place: what was under way there never goes on, as if nobody ran it any
 * more.
 */
export class CrashPoints implements StepObserver {
  /** Resolves when the process has ended. */
  readonly crashed: Promise<void>;
  #armed: CrashPoint | undefined;
  #end: () => void = () => {};
  readonly #onCrash: () => void;

  /** @param onCrash is called at once when the process ends */
  constructor(onCrash: () => void) {
    this.#onCrash = onCrash;
    this.crashed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Lets the process end the next time that it comes to this place. */
  arm(point: CrashPoint): void {
    this.#armed = point;
  }

  /** See the port. */
  async around<T>(step: Step, _detail: StepDetail, work: () => Promise<T>): Promise<T> {
    await this.reach(`before ${step}`);
    const result = await work();
    await this.reach(`after ${step}`);
    return result;
  }

  /** Goes on, or never comes back. */
  async reach(point: CrashPoint): Promise<void> {
    if (this.#armed !== point) return;
    this.#onCrash();
    this.#end();
    await new Promise<never>(() => {});
  }
}
