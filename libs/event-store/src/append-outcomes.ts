import type { StreamHead } from './append-rows.ts';
import { IdempotencyConflictError, StreamErasedError } from './errors.ts';
import type { AppendRequest, AppendResult } from './port.ts';

/** What became of one request of a batch, provided that the transaction commits. */
export type AppendOutcome =
  | {
      readonly accepted: true;
      readonly result: AppendResult;
      readonly publishes: boolean;
      /** Where the stream stands then; null when no event was written. */
      readonly head: StreamHead | null;
    }
  | { readonly accepted: false; readonly error: unknown };

/** Indices of requests that belong together: more than one. */
export type Bond = readonly number[];

/** One outcome for each request, by index. */
export type Outcomes = Map<number, AppendOutcome>;

/** Requests with those that belong together in one list, as they stand side by side, and who belongs to whom. */
export function flattened(units: readonly (readonly AppendRequest[])[]): {
  readonly requests: readonly AppendRequest[];
  readonly bonds: readonly Bond[];
} {
  const bonds: Bond[] = [];
  let first = 0;
  for (const { length } of units) {
    const start = first;
    if (length > 1) bonds.push(Array.from({ length }, (_, offset) => start + offset));
    first += length;
  }
  return { requests: units.flat(), bonds };
}

/** The outcomes of `flattened` requests, together again. */
export function regrouped<T>(
  units: readonly (readonly unknown[])[],
  outcomes: readonly T[],
): readonly (readonly T[])[] {
  let first = 0;
  return units.map(({ length }) => outcomes.slice(first, (first += length)));
}

/** One that is refused refuses all that it belongs to: that the key is taken is said before all else. */
export function refuseBonds(bonds: readonly Bond[], outcomes: Outcomes): void {
  for (const bond of bonds) {
    const errors = bond.flatMap((index) => {
      const outcome = outcomes.get(index);
      return outcome?.accepted === false ? [outcome.error] : [];
    });
    if (errors.length === 0) continue;
    const error = errors.find(isReplay) ?? errors[0];
    for (const index of bond) outcomes.set(index, { accepted: false, error });
  }
}

/** What came of requests that are all written, or none. @throws the error of the first that was refused */
export function resultsOf(outcomes: readonly AppendOutcome[]): readonly AppendResult[] {
  return outcomes.map((outcome) => {
    if (!outcome.accepted) throw outcome.error;
    return outcome.result;
  });
}

function isReplay(error: unknown): boolean {
  return error instanceof IdempotencyConflictError || error instanceof StreamErasedError;
}

/** One for each request, in their order. */
export function outcomesInOrder(requests: readonly AppendRequest[], outcomes: Outcomes): readonly AppendOutcome[] {
  return requests.map((_, index) => outcomes.get(index) ?? { accepted: false, error: new Error('no outcome') });
}
