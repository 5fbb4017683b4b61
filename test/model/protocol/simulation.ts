import { ChoiceTape } from '@acogida/testing';
import { judgeCircles } from './key-oracles.ts';
import { noteReached, type Reached } from './reached.ts';
import { judgeCustody, judgeRest, type Terms } from './oracles.ts';
import { comeToRest, deliverAll } from './rest.ts';
import { takeStep } from './simulated-steps.ts';
import { type Adapt, SimulatedWorld } from './simulated-world.ts';

/**
 * One sequence: the tape chooses what happens until it is at its end, then everybody rests. Judged after every step and at rest.
 *
 * @param reached is told how far it came
 * @param adapt takes a check away, to see that the simulation notices
 * @throws CounterexampleError, with what happened as its `cause`
 */
export async function simulate(choices: readonly number[], reached: Reached, adapt?: Adapt): Promise<void> {
  const world = await SimulatedWorld.create(adapt);
  const tape = new ChoiceTape(choices);
  const terms: Terms = new Map();
  try {
    await deliverAll(world); // whom nobody has heard of, nobody can say anything to
    while (!tape.isAtEnd) {
      await takeStep(world, tape);
      await judgeCustody(world, terms);
    }
    await noteReached(world, terms, reached);
    await comeToRest(world);
    await judgeCustody(world, terms);
    await judgeCircles(world, reached);
    await judgeRest(world);
    await noteReached(world, terms, reached);
  } catch (error) {
    const failed = [...world.nodes.values()].flatMap((node) =>
      node.failures.map((one) => `${node.agencyId}: ${String(one)}`),
    );
    throw new Error(`${String(error)}\n  ${[...world.story, ...failed].join('\n  ')}`, { cause: error });
  }
}
