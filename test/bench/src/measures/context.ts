import type { BenchBroker, NoBroker } from '../environment/kafka.ts';
import type { BenchServer } from '../environment/postgres.ts';

/** How long and how often is measured. */
export interface BenchPlan {
  readonly quick: boolean;
  /** Rounds in which the peers take turns. */
  readonly rounds: number;
  /** One peer's turn in a round. */
  readonly sliceMs: number;
  /** Rounds, and turns, of two that are measured against each other alone: many and short, so that the machine drifts less between them. */
  readonly pairRounds: number;
  readonly pairSliceMs: number;
  /** Before the first round: compilers and caches settle. */
  readonly warmUpMs: number;
  /** Events of the rebuild. */
  readonly rebuildEvents: number;
  /** Events in the store for growth, the smallest first. */
  readonly growthSizes: readonly number[];
}

/** What a measure works with. */
export interface BenchContext {
  readonly server: BenchServer;
  readonly broker: BenchBroker | NoBroker;
  readonly plan: BenchPlan;
  /** Says on a terminal what is going on. */
  readonly progress: (text: string) => void;
}

/** The plan of a full run, or of a quick one. */
export function planOf(quick: boolean): BenchPlan {
  return quick
    ? {
        ...{ quick, rounds: 3, sliceMs: 800, pairRounds: 8, pairSliceMs: 500, warmUpMs: 1_000, rebuildEvents: 5_000 },
        growthSizes: [10_000, 100_000],
      }
    : {
        ...{
          quick,
          rounds: 5,
          sliceMs: 2_000,
          pairRounds: 30,
          pairSliceMs: 700,
          warmUpMs: 3_000,
          rebuildEvents: 20_000,
        },
        growthSizes: [10_000, 100_000, 1_000_000],
      };
}

/** Lets the participants take turns for all rounds; gives the figures of each, by round. */
export async function inTurns<K extends string>(
  rounds: number,
  participants: Readonly<Record<K, () => Promise<number>>>,
): Promise<Record<K, readonly number[]>> {
  const names = Object.keys(participants) as K[];
  const figures = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // each begins as often as it ends, so that none always comes after the same neighbour
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      figures.get(name)?.push(await participants[name]());
    }
  }
  return Object.fromEntries(figures) as unknown as Record<K, readonly number[]>;
}
