import { CounterexampleError, type Property } from './counterexample.ts';

/** Something that may happen next. */
export interface Step<W> {
  readonly label: string;
  /** Whether it happens some time, if nothing else does: deliveries, and what a node has begun. */
  readonly isFair: boolean;
  readonly next: W;
}

/** What is explored: a world, what may happen in it, and what must hold. */
export interface Model<W> {
  readonly first: W;
  /** Equal for worlds from which the same can follow. */
  fingerprint(world: W): string;
  /** All that may happen next. @throws CounterexampleError for what no step may do */
  stepsFrom(world: W): readonly Step<W>[];
  /** What holds in every state. @throws CounterexampleError */
  judgeState(world: W): void;
  /** What holds where nothing is on its way any more. @throws CounterexampleError */
  judgeRest(world: W): void;
}

/** What came of exploring one scenario. */
export interface Exploration {
  readonly states: number;
  /** Steps of the longest of all shortest ways to a state. */
  readonly depth: number;
  /** States in which nothing is on its way. */
  readonly restingStates: number;
  /** Null where all properties hold. */
  readonly counterexample: Counterexample | null;
}

/** A shortest schedule that breaks a property. */
export interface Counterexample {
  readonly property: Property;
  readonly what: string;
  /** What happens, step by step: `replay` takes the same way. */
  readonly schedule: readonly string[];
}

interface Visited<W> {
  readonly world: W;
  /** Its place among all that were visited. */
  readonly place: number;
}

function judged<W>(model: Model<W>, world: W): { readonly steps: readonly Step<W>[]; readonly isAtRest: boolean } {
  model.judgeState(world);
  const steps = model.stepsFrom(world);
  const isAtRest = !steps.some(({ isFair }) => isFair);
  if (isAtRest) model.judgeRest(world);
  return { steps, isAtRest };
}

/**
 * Visits every state that can be reached, the nearest first, and judges each. Ends with the first counterexample, which is
 * therefore a shortest one.
 */
export function explore<W>(model: Model<W>): Exploration {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // refusals are answers here, hundreds of thousands of them
  try {
    return visitAll(model);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The states that were seen, and the way to each. */
class Ways {
  readonly #seen = new Set<string>();
  /** The state that each was reached from, by its place; -1 for the first. */
  readonly #parents: number[] = [];
  readonly #labels: string[] = [];

  get count(): number {
    return this.#seen.size;
  }

  /** Its place; null where it was seen before. */
  enter(key: string, parent: number, label: string): number | null {
    if (this.#seen.has(key)) return null;
    this.#seen.add(key);
    this.#parents.push(parent);
    this.#labels.push(label);
    return this.#parents.length - 1;
  }

  to(place: number): readonly string[] {
    const way: string[] = [];
    for (let at = place; at > 0; at = this.#parents[at] ?? -1) way.unshift(this.#labels[at] ?? '');
    return way;
  }
}

function visitAll<W>(model: Model<W>): Exploration {
  const ways = new Ways();
  ways.enter(model.fingerprint(model.first), -1, '');
  let layer: Visited<W>[] = [{ world: model.first, place: 0 }];
  let [depth, restingStates] = [0, 0];
  while (layer.length > 0) {
    const next: Visited<W>[] = [];
    for (const { world, place } of layer) {
      try {
        const { steps, isAtRest } = judged(model, world);
        if (isAtRest) restingStates += 1;
        for (const step of steps) {
          const fresh = ways.enter(model.fingerprint(step.next), place, step.label);
          if (fresh !== null) next.push({ world: step.next, place: fresh });
        }
      } catch (error) {
        if (!(error instanceof CounterexampleError)) throw error;
        const counterexample = { property: error.property, what: error.message, schedule: ways.to(place) };
        return { states: ways.count, depth, restingStates, counterexample };
      }
    }
    if (next.length > 0) depth += 1;
    layer = next;
  }
  return { states: ways.count, depth, restingStates, counterexample: null };
}

/**
 * Takes one schedule, and judges every state on it.
 *
 * @returns what it breaks, null where it breaks nothing
 * @throws Error a step of the schedule cannot be taken
 */
export function replay<W>(model: Model<W>, schedule: readonly string[]): string | null {
  let world = model.first;
  try {
    for (const label of schedule) {
      const step = judged(model, world).steps.find((one) => one.label === label);
      if (step === undefined) throw new Error(`this cannot happen here: ${label}`);
      world = step.next;
    }
    judged(model, world);
    return null;
  } catch (error) {
    if (error instanceof CounterexampleError) return error.message;
    throw error;
  }
}
