/** What must always be so is not: the simulation has found a counterexample. */
export class CounterexampleError extends Error {
  override readonly name = 'CounterexampleError';

  constructor(rule: string, detail: unknown) {
    super(`${rule}: ${JSON.stringify(detail)}`);
  }
}
