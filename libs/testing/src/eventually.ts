/**
 * Awaits a condition: runs `probe` until it returns without throwing and gives back what it returned.
 *
 * @param timeoutMs how long at most; then the last error of the probe is thrown
 * @param intervalMs after the first try; each wait is half as long again as the one before, up to `longestIntervalMs`
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  timeoutMs = 20_000,
  intervalMs = 25,
  longestIntervalMs = intervalMs,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let waitMs = intervalMs; ; waitMs = Math.min(waitMs * 1.5, longestIntervalMs)) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, waitMs);
    });
  }
}
