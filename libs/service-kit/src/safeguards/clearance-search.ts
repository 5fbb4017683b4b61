import type { HoldLedger, IdentitySearch } from '@acogida/safeguards';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { type Holding, HOLDINGS } from '../consent-desk/holdings.ts';
import { IDENTITY_INDEX, type IdentityIndex } from '../identity-search/identity-index.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import type { ClearanceRequest } from './clearance-wire.ts';
import type { OfOnePerson } from './linked-cases.ts';

/** What an agency knows of a person whom a gate asks about, by the case or by a search. */
@Injectable()
export class ClearanceSearch {
  private readonly logger = new Logger('Clearance');

  constructor(
    @Inject(NODE_RUNTIME) private readonly node: Pick<NodeRuntime, 'pool' | 'context'>,
    @Optional() @Inject(HOLDINGS) private readonly holdings: readonly Holding[] = [],
    @Optional() @Inject(IDENTITY_INDEX) private readonly index?: IdentityIndex,
  ) {}

  /**
   * Searches also where the case is known: the person may have another one here. Where nothing can be searched, only a case that this
   * agency has is known to be the person's. Each identity that the gate keeps of the person is searched for; cases of the person are no
   * matches: what stands on them counts by itself.
   */
  async search(gate: string, request: ClearanceRequest, person: OfOnePerson<HoldLedger>): Promise<IdentitySearch> {
    const { caseId, identity, linkedIdentities } = request;
    const isKnown = gate === this.node.context.agencyId || (await this.knows(caseId, person));
    const sought = [...(identity === null ? [] : [{ caseId, identity }]), ...linkedIdentities];
    if (sought.length === 0 || this.index === undefined) return isKnown ? 'KNOWN' : 'NOT_SEARCHED';
    try {
      for (const { caseId: of, identity: elements } of sought) {
        const linked = person.map(([id]) => id).filter((id) => id !== of);
        const found = await this.index.search(elements, { by: gate, caseId: of, linked: linked.sort() });
        if (found !== 'NO_MATCH') return found;
      }
      return isKnown ? 'KNOWN' : 'NO_MATCH';
    } catch (error) {
      this.logger.warn({ msg: 'an identity could not be searched', failure: describeError(error) });
      return 'NOT_SEARCHED';
    }
  }

  /**
   * Whether the case is one of this agency's, or its own officers linked it to one, who saw both. What others link makes nobody known:
   * they are believed since it makes leaving harder, and this would make it easier.
   */
  private async knows(caseId: string, person: OfOnePerson<HoldLedger>): Promise<boolean> {
    const { agencyId } = this.node.context;
    const links = person.find(([id]) => id === caseId)?.[1].links ?? [];
    const own = links.filter(({ by, isLinked }) => isLinked && by === agencyId).map((link) => link.linkedCaseId);
    for (const [id, { holds }] of person.filter(([one]) => one === caseId || own.includes(one))) {
      if (holds.length > 0) return true;
      for (const holding of this.holdings) if (await holding.isHeld(this.node.pool, id)) return true;
    }
    return false;
  }
}
