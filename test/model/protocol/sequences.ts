import * as fc from 'fast-check';
import { Reached } from './reached.ts';
import { simulate } from './simulation.ts';

/** Where the choices of one sequence come from. */
export const tapes = fc.array(fc.nat({ max: 0xffff }), { maxLength: 640, size: 'max' });

const ALL = process.env['CI'] === 'true' ? 5_000 : 600;

/** Half of all, shared by two workers: `ACOGIDA_SEQUENCES`, else 5,000 under `CI=true` and 600 at a desk. */
export const SEQUENCES = Math.ceil(Number(process.env['ACOGIDA_SEQUENCES'] ?? ALL) / 2);

/**
 * Simulates so many sequences. One that fails is made smaller, and told with what happened and how to run it again.
 *
 * `ACOGIDA_SEED` and `ACOGIDA_PATH` run one again.
 *
 * @returns how far they came
 */
export async function assertSequences(numRuns: number): Promise<Reached> {
  const { ACOGIDA_SEED: seed, ACOGIDA_PATH: path } = process.env;
  const again = { ...(seed === undefined ? {} : { seed: Number(seed) }), ...(path === undefined ? {} : { path }) };
  const reached = new Reached();
  const property = fc.asyncProperty(tapes, (tape) => simulate(tape, reached));
  const run = await fc.check(property, { numRuns, ...again });
  if (!run.failed) return reached;
  const replay = `ACOGIDA_SEED=${run.seed} ACOGIDA_PATH=${run.counterexamplePath ?? ''} npm test -- test/model/protocol`;
  throw new Error(`after ${run.numRuns} sequences; once more: ${replay}\n${String(run.errorInstance)}`, {
    cause: run.errorInstance,
  });
}
