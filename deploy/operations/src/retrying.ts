/** The platform, or one node of it, did not answer within the time that the caller gave it. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** A passing fault: asking again later may work. */
export class PassingFaultError extends Error {
  override readonly name = 'PassingFaultError';
  /** What the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** How long to go on trying. */
export interface RetryOptions {
  /** Longest time from the first attempt to the last, in milliseconds; 0 tries once. */
  readonly patienceMs: number;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
  /** Called before each wait. */
  readonly onRetry?: (fault: PassingFaultError) => void;
  readonly signal?: AbortSignal;
}

/** Waits; rejects at once when the signal is aborted. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped'));
    };
    if (signal?.aborted === true) {
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * Runs `attempt` until it no longer fails with a `PassingFaultError`, with doubling delays of which half is random, so that
 * many callers do not come back at the same moment.
 *
 * @throws UnreachableError when the patience is over; any other error of `attempt` at once
 */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { firstDelayMs = 50, longestDelayMs = 2_000 } = options;
  const deadlineMs = performance.now() + options.patienceMs;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingFaultError)) throw error;
      const waitMs = error.retryAfterMs ?? delayMs / 2 + Math.random() * (delayMs / 2);
      if (performance.now() + waitMs > deadlineMs) throw new UnreachableError(error.message, { cause: error });
      options.onRetry?.(error);
      await pause(waitMs, options.signal);
    }
  }
}
