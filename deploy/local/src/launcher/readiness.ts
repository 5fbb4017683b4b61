import { pause } from '@acogida/operations';

const LOOK_INTERVAL_MS = 100;
const LOOK_TIMEOUT_MS = 5_000;

/** Whether the URL answers 200 now. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(LOOK_TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** Something did not become ready. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

/**
 * Resolves when all URLs have answered 200, by name of who is behind them.
 *
 * @param isHopeless looked at between probes; a text ends the wait with it
 * @throws NotReadyError after the time is up, or when it is hopeless
 */
export async function awaitReady(
  urls: ReadonlyMap<string, string>,
  options: {
    readonly timeoutMs: number;
    readonly onReady: (name: string, missing: number) => void;
    readonly isHopeless: () => string | null;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const missing = new Map(urls);
  const deadlineMs = performance.now() + options.timeoutMs;
  while (missing.size > 0) {
    const looks = [...missing].map(async ([name, url]) => ({ name, ready: await isReady(url) }));
    for (const { name, ready } of await Promise.all(looks)) {
      if (ready && missing.delete(name)) options.onReady(name, missing.size);
    }
    if (missing.size === 0) return;
    const hopeless = options.isHopeless();
    if (hopeless !== null) throw new NotReadyError(hopeless);
    if (performance.now() > deadlineMs) {
      throw new NotReadyError(`not ready within ${options.timeoutMs / 1_000} s: ${[...missing.keys()].join(', ')}`);
    }
    await pause(LOOK_INTERVAL_MS, options.signal);
  }
}
