/** Longest wait before a first look, in milliseconds: an agency that was away must not slow down what comes after. */
const LONGEST_FIRST_WAIT_MS = 10_000;
/** How much sooner the next one is looked for when one was there at the first look. */
const SOONER = 0.7;
/** Waits below this are none, in milliseconds. */
const SHORTEST_WAIT_MS = 10;
/** Waits between two looks, in milliseconds. */
const SHORTEST_STEP_MS = 100;
const LONGEST_STEP_MS = 2_000;

/**
 * Wait until the next look, in milliseconds: a quarter of what was waited so far, so that each is late by a quarter at most, and those
 * that take long are not looked for again and again.
 */
export function nextLookMs(waitedMs: number): number {
  return Math.min(Math.max(waitedMs / 4, SHORTEST_STEP_MS), LONGEST_STEP_MS);
}

/**
 * How long referrals take to reach their receivers these days. On a machine at its limit a look too many costs more than a
 * command, so the rows of an import tell each other when to look first.
 */
export class ArrivalPace {
  #waitMs = 0;

  /** Wait before the first look for a referral that was just sent, in milliseconds; 0: look at once. */
  get firstWaitMs(): number {
    return this.#waitMs < SHORTEST_WAIT_MS ? 0 : this.#waitMs;
  }

  /** One was there at the first look: it may have been there for a while. */
  foundAtOnce(): void {
    this.#waitMs *= SOONER;
  }

  /** One was there only later, so long after it was sent, in milliseconds. */
  foundAfter(tookMs: number): void {
    this.#waitMs = Math.min(tookMs, LONGEST_FIRST_WAIT_MS);
  }
}
