/** What a closed loop did. */
export interface LoopCount {
  readonly done: number;
  readonly seconds: number;
}

/** How long and how wide a closed loop runs. */
export interface LoopPlan {
  readonly inFlight: number;
  readonly durationMs: number;
}

/** Keeps `inFlight` calls of `one` under way until the time is up, and waits for the last. */
export async function closedLoop(
  { inFlight, durationMs }: LoopPlan,
  one: (worker: number) => Promise<unknown>,
): Promise<LoopCount> {
  const startedMs = performance.now();
  const endMs = startedMs + durationMs;
  let done = 0;
  const work = async (worker: number): Promise<void> => {
    while (performance.now() < endMs) {
      await one(worker);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => work(worker)));
  return { done, seconds: (performance.now() - startedMs) / 1000 };
}

/** Milliseconds that each call took, one after another, until the time is up. */
export async function timedLoop(durationMs: number, one: () => Promise<unknown>): Promise<readonly number[]> {
  const endMs = performance.now() + durationMs;
  const took: number[] = [];
  for (let before = performance.now(); before < endMs;) {
    await one();
    const after = performance.now();
    took.push(after - before);
    before = after;
  }
  return took;
}
