/**
 * Awaits a condition: runs `probe` until it returns without throwing and gives back what it returned.
 *
 * @param timeoutMs how long at most; then the last error of the probe is thrown
 */
export async function eventually<T>(probe: () => T | Promise<T>, timeoutMs = 20_000, intervalMs = 25): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, intervalMs);
    });
  }
}
