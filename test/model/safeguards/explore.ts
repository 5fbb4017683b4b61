import { CounterexampleError, type Property } from './counterexample.ts';
import { fingerprint } from './fingerprint.ts';
import { judgeRest, judgeState } from './judge.ts';
import type { Setting } from './setting.ts';
import { stepsFrom } from './steps.ts';
import { initialWorld, type World } from './world.ts';

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

interface Visited {
  readonly world: World;
  readonly depth: number;
  /** The state that it was reached from, by its place; -1 for the first. */
  readonly parent: number;
}

function judged(setting: Setting, world: World): readonly ReturnType<typeof stepsFrom>[number][] {
  judgeState(setting, world);
  const steps = stepsFrom(setting, world);
  if (!steps.some(({ isFair }) => isFair)) judgeRest(setting, world);
  return steps;
}

/**
 * Visits every state that can be reached, the nearest first, and judges each. Ends with the first counterexample, which is
 * therefore a shortest one.
 */
export function explore(setting: Setting): Exploration {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // refusals are answers here, hundreds of thousands of them
  try {
    return visitAll(setting);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function visitAll(setting: Setting): Exploration {
  const { scenario } = setting;
  const first = initialWorld(scenario);
  const seen = new Set([fingerprint(scenario, first)]);
  const parents: number[] = [-1];
  const labels: string[] = [''];
  let layer: Visited[] = [{ world: first, depth: 0, parent: 0 }];
  let [depth, restingStates] = [0, 0];
  const scheduleTo = (place: number): string[] => {
    const way: string[] = [];
    for (let at = place; at > 0; at = parents[at] ?? -1) way.unshift(labels[at] ?? '');
    return way;
  };
  while (layer.length > 0) {
    const next: Visited[] = [];
    for (const { world, parent: place } of layer) {
      try {
        const steps = judged(setting, world);
        if (!steps.some(({ isFair }) => isFair)) restingStates += 1;
        for (const step of steps) {
          const key = fingerprint(scenario, step.next);
          if (seen.has(key)) continue;
          seen.add(key);
          parents.push(place);
          labels.push(step.label);
          next.push({ world: step.next, depth: depth + 1, parent: parents.length - 1 });
        }
      } catch (error) {
        if (!(error instanceof CounterexampleError)) throw error;
        const counterexample = { property: error.property, what: error.message, schedule: scheduleTo(place) };
        return { states: seen.size, depth, restingStates, counterexample };
      }
    }
    if (next.length > 0) depth += 1;
    layer = next;
  }
  return { states: seen.size, depth, restingStates, counterexample: null };
}

/**
 * Takes one schedule, and judges every state on it.
 *
 * @returns what it breaks, null where it breaks nothing
 * @throws Error a step of the schedule cannot be taken
 */
export function replay(setting: Setting, schedule: readonly string[]): string | null {
  let world = initialWorld(setting.scenario);
  try {
    for (const label of schedule) {
      const step = judged(setting, world).find((one) => one.label === label);
      if (step === undefined) throw new Error(`this cannot happen here: ${label}`);
      world = step.next;
    }
    judged(setting, world);
    return null;
  } catch (error) {
    if (error instanceof CounterexampleError) return error.message;
    throw error;
  }
}
