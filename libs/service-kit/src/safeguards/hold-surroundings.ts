import { isTransientDatabaseError, type Transaction } from '@acogida/event-store';
import type { Surroundings } from '@acogida/safeguards';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeContext } from '../node-definition.ts';
import type { ForgottenLeases } from './forgotten-leases.ts';
import { otherGates } from './gate-agencies.ts';
import { successorOf } from './known-holds.ts';

type Node = Pick<NodeContext, 'agencyId' | 'members'>;

/** A connection that broke says so to whoever uses it next: without another try a hold waited ten minutes for leases that nobody gave. */
const MAX_TRIES = 3;

/**
 * What a hold that is placed now has to wait for beside the leases of its ledger. `of` never rejects: nobody is refused protection because
 * something cannot be looked up (S4), and what is not known is waited for.
 */
export class HoldSurroundings {
  readonly #forgotten: Pick<ForgottenLeases, 'current' | 'fromNowOn'>;

  constructor(forgotten: Pick<ForgottenLeases, 'current' | 'fromNowOn'>) {
    this.#forgotten = forgotten;
  }

  /** @param lookup the node's pool; null where there is none */
  async of(node: Node, lookup: Pick<Transaction, 'query'> | null): Promise<Surroundings> {
    for (let tries = 1; lookup !== null && tries <= MAX_TRIES; tries += 1) {
      try {
        return await this.within(node, lookup);
      } catch (error) {
        if (!isTransientDatabaseError(error)) break;
      }
    }
    const gates = otherGates(node).map(({ agencyId }) => agencyId);
    return { unawareGates: gates, unknownLeases: { count: this.#forgotten.fromNowOn(), gates } };
  }

  /**
   * The same in the transaction in which the hold is placed, which a failure ends: whoever began it begins again.
   *
   * @throws what the database throws
   */
  async within(node: Node, transaction: Pick<Transaction, 'query'>): Promise<Surroundings> {
    const gates = otherGates(node).map(({ agencyId }) => agencyId);
    const unaware = await unawareGates(node, transaction);
    const count = await this.#forgotten.current(node, transaction); // a transaction answers one question at a time
    return { unawareGates: unaware, unknownLeases: count === null ? null : { count, gates } };
  }
}

/**
 * Gates that do not ask this agency until they have heard of one of its holds: their jurisdiction's list of authorities names others.
 * Where there is no list, a gate refuses every departure, whoever has a hold.
 */
export async function unawareGates(node: Node, lookup: Pick<Transaction, 'query'>): Promise<readonly string[]> {
  const gates = otherGates(node);
  if (gates.length === 0) return [];
  const lists = await new LocalDirectory(node, lookup).clearanceLists();
  const members = node.members();
  const isThis = (agencyId: string): boolean => (successorOf(agencyId, members) ?? agencyId) === node.agencyId;
  return gates
    .filter((gate) => {
      const listed = lists.find(({ jurisdiction }) => jurisdiction === gate.jurisdiction)?.authorities ?? [];
      return listed.length > 0 && !listed.some(({ agencyId }) => isThis(agencyId));
    })
    .map(({ agencyId }) => agencyId);
}
