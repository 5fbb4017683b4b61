import type { RemovalHold } from '@acogida/reference';
import { holdLedgerProcedure } from '@acogida/safeguards';
import type { NodeDefinition } from '../node-definition.ts';
import { randomIds } from '../node/system-time.ts';
import { CreateKnownHoldTable1795550000000 } from './create-known-hold-table.migration.ts';
import { HoldMandate, OWN_HOLDS } from './hold-mandate.ts';
import { HoldsController } from './holds.controller.ts';
import { knownHoldProjection } from './known-hold-projection.ts';
import { MONOTONIC_CLOCK, processClock } from './monotonic-clock.ts';
import { ProtectionController } from './protection.controller.ts';

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
export function holdDesk(
  own: readonly RemovalHold[],
): Pick<NodeDefinition, 'procedures' | 'controllers' | 'providers' | 'migrations' | 'contractProjections'> {
  return {
    procedures: [holdLedgerProcedure],
    controllers: [HoldsController, ProtectionController],
    providers: [
      HoldMandate,
      { provide: OWN_HOLDS, useValue: own },
      { provide: MONOTONIC_CLOCK, useFactory: () => processClock(randomIds) },
    ],
    migrations: [CreateKnownHoldTable1795550000000],
    contractProjections: [knownHoldProjection],
  };
}
