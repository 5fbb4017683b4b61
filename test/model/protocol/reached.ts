import type { Terms } from './oracles.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** How far sequences came: a simulation in which little happens would find nothing. */
export class Reached {
  /** Pairs of statuses of which a referral was seen in. */
  readonly pairs = new Set<string>();
  /** Most terms of custody of one case. */
  mostTerms = 0;
  /** Processes that ended and started again. */
  restarts = 0;
  /** Times that an agency was shut out of a circle. */
  removals = 0;
  /** What was sealed for circles after that, and did not open for the one shut out. */
  closedWords = 0;
  /** What was sealed for circles, and read by whoever is in. */
  sharedWords = 0;
}

/** Takes note of where the referrals of a world are, and of its custody. */
export async function noteReached(world: SimulatedWorld, terms: Terms, reached: Reached): Promise<void> {
  for (const { referralId, sender } of world.referrals) {
    const state = await world.referralAt(sender, referralId);
    if (state !== null) reached.pairs.add(`${state.requestStatus} ${state.fulfilment}`);
  }
  reached.mostTerms = Math.max(reached.mostTerms, ...terms.values());
  reached.restarts += world.restarts;
}
