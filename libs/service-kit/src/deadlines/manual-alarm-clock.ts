import type { Instant } from '@acogida/core';
import type { ReadModelWriter } from '@acogida/event-store';
import type { AlarmClock } from './port.ts';

/** An alarm clock that somebody turns: simulations and specs, on whatever time they live in. */
export class ManualAlarmClock implements AlarmClock {
  #wanted = new Set<Instant>();
  #onWake: (() => Promise<void>) | undefined;

  /** The wake-ups that are wanted, earliest first. */
  get wanted(): readonly Instant[] {
    return [...this.#wanted].toSorted();
  }

  async wakeAt(at: Instant, _transaction?: ReadModelWriter): Promise<void> {
    this.#wanted.add(at);
  }

  async start(onWake: () => Promise<void>): Promise<void> {
    this.#onWake = onWake;
  }

  async stop(): Promise<void> {
    this.#onWake = undefined;
  }

  /** It is `now`: wakes once if a wake-up was wanted for then or before; says whether. One that is stopped does not wake. */
  async turnTo(now: Instant): Promise<boolean> {
    const passed = this.wanted.filter((at) => at <= now);
    if (passed.length === 0 || this.#onWake === undefined) return false;
    for (const at of passed) this.#wanted.delete(at);
    await this.#onWake();
    return true;
  }
}
