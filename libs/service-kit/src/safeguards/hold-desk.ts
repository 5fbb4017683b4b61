import type { RemovalHold } from '@acogida/reference';
import { holdLedgerProcedure } from '@acogida/safeguards';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import { randomIds } from '../node/system-time.ts';
import { NODE_CONTEXT } from '../tokens.ts';
import { CreateKnownHoldTable1795550000000 } from './create-known-hold-table.migration.ts';
import { HoldMandate, OWN_HOLDS } from './hold-mandate.ts';
import { HoldsController } from './holds.controller.ts';
import { knownHoldProjection } from './known-hold-projection.ts';
import { MONOTONIC_CLOCK, processClock } from './monotonic-clock.ts';
import { ProcedureHolds } from './placing-with.ts';
import { ProtectionController } from './protection.controller.ts';

/** Holds at a service, and what places them with its procedures: for policies and deadlines, which Nest does not make. */
export interface HoldDesk extends Pick<
  NodeDefinition,
  'procedures' | 'controllers' | 'providers' | 'migrations' | 'contractProjections'
> {
  readonly procedureHolds: (node: Pick<NodeContext, 'agencyId' | 'clock'>) => ProcedureHolds;
}

/** No gate asks any authority yet, so that nothing can be out that a hold has to wait for. */
const NOTHING_OUT = { unawareGates: [], unknownLeases: null } as const;

/**
 * What every service that works on cases adds to its `NodeDefinition`: the ledger of its own holds, and what it hears of those of
 * others.
 *
 * ```ts
 * const holds = holdDesk(['ASYLUM_INTENT', 'ASYLUM_PENDING']);
 * ```
 *
 * @param own kinds of holds that the procedures of the service place (domain.md §1.5); what the directory names an agency for, such as
 * court orders, comes on top
 */
export function holdDesk(own: readonly RemovalHold[]): HoldDesk {
  const monotonic = processClock(randomIds);
  const surroundings = () => Promise.resolve(NOTHING_OUT);
  const procedureHolds: HoldDesk['procedureHolds'] = ({ agencyId, clock }) =>
    new ProcedureHolds({ agencyId, clock, monotonic, own, surroundings });
  return {
    procedureHolds,
    procedures: [holdLedgerProcedure],
    controllers: [HoldsController, ProtectionController],
    providers: [
      HoldMandate,
      { provide: OWN_HOLDS, useValue: own },
      { provide: MONOTONIC_CLOCK, useValue: monotonic },
      { provide: ProcedureHolds, inject: [NODE_CONTEXT], useFactory: procedureHolds },
    ],
    migrations: [CreateKnownHoldTable1795550000000],
    contractProjections: [knownHoldProjection],
  };
}
