import type { Removal } from '@acogida/reference';
import { erasedCaseHaltsProcedure, gateProcedure } from '@acogida/safeguards';
import { OwnObstacles } from '../case-obstacles/own-obstacles.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { ClearanceAsking } from './clearance-asking.ts';
import { DepartureGate } from './departure-gate.ts';
import { BY_PROCEDURE, DepartureScreenController } from './departure-screen.controller.ts';
import { DeparturesController, OWN_REMOVALS } from './departures.controller.ts';
import { GATE_HEARS_LINKS, hearLinkAtGate } from './linked-gates.ts';
import {
  whenCasesLinkedThenHearCaseLink,
  whenCasesUnlinkedThenHearCaseUnlink,
  whenHaltOrderedThenRecordHalt,
  whenHoldLiftedThenHearHoldLifted,
  whenHoldPlacedThenHearHold,
} from './policies.ts';
import { Situations } from './situations.ts';

/** How a service asks at its gate. */
export interface GateDeskOptions {
  /** A procedure asks and confirms with its own commands, by `DepartureGate`: the routes that do are left out. */
  readonly byProcedure?: boolean;
}

/**
 * What every service by whose commands people leave adds to its `NodeDefinition`, beside a `holdDesk`, whose clock and read model
 * of holds it shares:
 *
 * ```ts
 * const gate = gateDesk(['EXPULSION', 'REFUSAL_OF_ENTRY']);
 * ```
 *
 * @param removals that the service decides on (domain.md §1.5)
 */
export function gateDesk(
  removals: readonly Removal[],
  { byProcedure = false }: GateDeskOptions = {},
): Pick<NodeDefinition, 'procedures' | 'controllers' | 'providers' | 'policies'> {
  return {
    procedures: [gateProcedure, erasedCaseHaltsProcedure],
    controllers: byProcedure ? [DepartureScreenController] : [DeparturesController, DepartureScreenController],
    providers: [
      { provide: OWN_REMOVALS, useValue: removals },
      { provide: BY_PROCEDURE, useValue: byProcedure },
      { provide: GATE_HEARS_LINKS, useValue: hearLinkAtGate },
      ...[OwnObstacles, Situations, ClearanceAsking, DepartureGate],
    ],
    policies: (context) => [
      whenHaltOrderedThenRecordHalt(context),
      whenHoldPlacedThenHearHold(context),
      whenHoldLiftedThenHearHoldLifted(context),
      whenCasesLinkedThenHearCaseLink(context),
      whenCasesUnlinkedThenHearCaseUnlink(context),
    ],
  };
}
