/** First pause after a failure. */
export const FIRST_RETRY_DELAY_MS = 50;
/** Longest pause between two attempts. */
export const LONGEST_RETRY_DELAY_MS = 5_000;

/** Pause before the next attempt after so many failures in a row: doubling from 50 ms to 5 s. */
export function retryDelayMs(failures: number): number {
  return Math.min(FIRST_RETRY_DELAY_MS * 2 ** Math.min(failures - 1, 20), LONGEST_RETRY_DELAY_MS);
}

/** Waits, or less when the signal is given first. Never rejects. */
export async function pauseMs(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
