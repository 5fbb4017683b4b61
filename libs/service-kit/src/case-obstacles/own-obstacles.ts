import { waitingOfCases } from '@acogida/event-log';
import type { Situation } from '@acogida/safeguards';
import { Inject, Injectable } from '@nestjs/common';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { NODE_RUNTIME } from '../tokens.ts';

/** What at this node itself stands against that anybody leaves. */
export interface OwnObstaclesOfCases {
  readonly obstacles: Situation['obstacles'];
  /** Agencies that said something of class hold that this release does not know: it counts as a hold. */
  readonly unknownHolds: readonly string[];
}

/**
 * What a node waits for, so that it knows less than it was told (architecture.md §3, point 4 and §7): events of the cases that
 * are parked, in quarantine or held back behind one, and a restore that no officer has attested. Gates and authorities refuse
 * while there is any.
 */
@Injectable()
export class OwnObstacles {
  constructor(@Inject(NODE_RUNTIME) private readonly node: Pick<NodeRuntime, 'pool' | 'sealing' | 'recovery'>) {}

  /** @param caseIds one case, and those linked to it; in lower case */
  async of(caseIds: readonly string[]): Promise<OwnObstaclesOfCases> {
    const { pool, sealing, recovery } = this.node;
    const waiting = await waitingOfCases(pool, sealing, caseIds);
    const has = (...reasons: (typeof waiting)[number]['because'][]): boolean =>
      waiting.some(({ because }) => reasons.includes(because));
    const obstacles: Situation['obstacles'][number][] = [];
    if (has('parked', 'held')) obstacles.push('EVENT_PARKED');
    if (has('quarantined')) obstacles.push('EVENT_QUARANTINED');
    if (recovery.awaitsAttestation()) obstacles.push('AWAITS_ATTESTATION');
    const unknown = waiting.filter(({ because }) => because === 'unknown-hold').map(({ source }) => source);
    return { obstacles, unknownHolds: [...new Set(unknown)] };
  }
}
