import type { Property } from './counterexample.ts';
import { explore, type Exploration, type Model, replay } from './explore.ts';

/** A scenario that is explored whole. */
export interface ExploredScenario {
  readonly name: string;
  explore(): Exploration;
}

/** A guard that is taken away, and missed. */
export interface ExploredGuard {
  readonly name: string;
  /** What is broken first. */
  readonly breaks: Property;
  explore(): Exploration;
  /** What a schedule breaks without the guard, null where it breaks nothing. */
  replay(schedule: readonly string[]): string | null;
}

/** One part of the platform that is explored: what it promises, where that is looked for, and what it takes. */
export interface ExploredPart {
  readonly properties: readonly Property[];
  readonly scenarios: readonly ExploredScenario[];
  readonly guards: readonly ExploredGuard[];
}

/** A scenario by the model of it, made when it is wanted. */
export function exploredScenario<W>(name: string, modelOf: () => Model<W>): ExploredScenario {
  return { name, explore: () => explore(modelOf()) };
}

/** A guard by the model of what nodes do without it. */
export function exploredGuard<W>(name: string, breaks: Property, modelOf: () => Model<W>): ExploredGuard {
  return { name, breaks, explore: () => explore(modelOf()), replay: (schedule) => replay(modelOf(), schedule) };
}
