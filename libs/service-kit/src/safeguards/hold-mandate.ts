import { HOLD_RULES } from '@acogida/safeguards';
import type { RemovalHold } from '@acogida/reference';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeContext } from '../node-definition.ts';
import { DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';

/** Injection token of the kinds of holds that the service itself places. */
export const OWN_HOLDS = Symbol('acogida.own-holds');

/**
 * Which holds this agency places and lifts: those of the procedure that it runs (domain.md §1.5), whatever the directory has said so
 * far, since nobody is refused protection because a list is late (S4); and those that the directory names it for, such as court
 * orders, itself or as successor of an agency that is gone.
 */
@Injectable()
export class HoldMandate {
  constructor(
    @Inject(OWN_HOLDS) private readonly own: readonly RemovalHold[],
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  /** Those among which this kind is, if it is this agency's: what the service itself places needs no look at the directory. */
  async kindsFor(kind: RemovalHold): Promise<readonly RemovalHold[]> {
    return this.own.includes(kind) ? this.own : this.kinds();
  }

  /** In the order of domain.md §1.5. */
  private async kinds(): Promise<readonly RemovalHold[]> {
    const { agencyId, jurisdiction } = this.node;
    const left = this.node.members().filter(({ successor }) => successor === agencyId);
    const speaksFor = new Set([agencyId, ...left.map((member) => member.agencyId)]);
    const countries = new Set([jurisdiction, ...left.map((member) => member.jurisdiction)]);
    const directory = new LocalDirectory(this.node, this.pool);
    const kinds = new Set(this.own);
    for (const country of countries) {
      if (country === null) continue;
      for (const { agencyId: listed, holds } of await directory.clearanceAuthorities(country)) {
        if (speaksFor.has(listed)) for (const kind of holds) kinds.add(kind);
      }
    }
    return (Object.keys(HOLD_RULES) as RemovalHold[]).filter((kind) => kinds.has(kind));
  }
}
