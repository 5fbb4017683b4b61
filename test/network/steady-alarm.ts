import type { AlarmClock } from '@acogida/service-kit';

const WAKE_INTERVAL_MS = 250;

/** Wakes a node again and again, whatever is wanted: it needs no database, which is away after a crash. */
export class SteadyAlarm implements AlarmClock {
  #timer: NodeJS.Timeout | undefined;

  async wakeAt(): Promise<void> {}

  async start(onWake: () => Promise<void>): Promise<void> {
    this.#timer = setInterval(() => void onWake(), WAKE_INTERVAL_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }
}
