import type { Transaction } from '@acogida/event-store';
import type { RemovalHold } from '@acogida/reference';
import {
  caseLinkProcedure,
  DEFAULT_LEASE_TERMS,
  holdLedgerProcedure,
  linkDisregardProcedure,
} from '@acogida/safeguards';
import type pg from 'pg';
import { OwnObstacles } from '../case-obstacles/own-obstacles.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import { randomIds } from '../node/system-time.ts';
import { DATABASE_POOL, NODE_CONFIGURATION, NODE_CONTEXT } from '../tokens.ts';
import { casesOfHaltsProjection } from '../gate/cases-of-halts.ts';
import { CaseLinks } from './case-links.ts';
import { ClearanceSearch } from './clearance-search.ts';
import { ClearanceService } from './clearance-service.ts';
import { ClearancesController } from './clearances.controller.ts';
import { CreateCaseOfHaltTables1795567000000 } from './create-case-of-halt-tables.migration.ts';
import { CreateForgottenLeaseTable1795561200000 } from './create-forgotten-lease-table.migration.ts';
import { CreateGrantedClearanceTable1795561300000 } from './create-granted-clearance-table.migration.ts';
import { CreateKnownHoldTable1795550000000 } from './create-known-hold-table.migration.ts';
import { ForgottenLeases } from './forgotten-leases.ts';
import { grantedClearanceProjection } from './granted-clearance-projection.ts';
import { holdDeadlines } from './hold-deadlines.ts';
import { HoldMandate, OWN_HOLDS } from './hold-mandate.ts';
import { HoldSurroundings } from './hold-surroundings.ts';
import { HoldTakeoverController } from './hold-takeover.controller.ts';
import { HoldsController } from './holds.controller.ts';
import { knownHoldProjection } from './known-hold-projection.ts';
import { LEASE_TERMS } from './lease-terms.ts';
import { LinkDisregarding } from './link-disregarding.ts';
import { LinksController } from './links.controller.ts';
import { MONOTONIC_CLOCK, type MonotonicClock, processClock } from './monotonic-clock.ts';
import { ProcedureHolds } from './placing-with.ts';
import { ProtectionController } from './protection.controller.ts';
import { RestoredHolds } from './restored-holds.ts';
import {
  whenCasesLinkedThenLinkLedgers,
  whenCasesUnlinkedThenUnlinkLedgers,
} from './when-cases-linked-then-link-ledgers.ts';
import { whenHaltAcknowledgedThenRecord } from './when-halt-acknowledged-then-record.ts';

type Parts =
  | 'procedures'
  | 'controllers'
  | 'providers'
  | 'migrations'
  | 'inlineProjections'
  | 'contractProjections'
  | 'policies'
  | 'deadlines'
  | 'channelServices';

/** Holds at a service, and what places them with its procedures: for policies and deadlines, which Nest does not make. */
export interface HoldDesk extends Required<Pick<NodeDefinition, Parts>> {
  readonly procedureHolds: (node: Pick<NodeContext, 'agencyId' | 'clock' | 'members'>) => ProcedureHolds;
}

/** How a desk differs. */
export interface HoldDeskOptions {
  /** What leases are counted by, instead of the clock of the process. */
  readonly monotonic?: MonotonicClock;
}

/**
 * What every service that works on cases adds to its `NodeDefinition`, all of it: the ledger of its own holds, the clearances that it
 * gives to gates, and what it hears of the holds of others.
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
  { monotonic = processClock(randomIds) }: HoldDeskOptions = {},
): HoldDesk {
  const forgotten = new ForgottenLeases(monotonic);
  const surroundings = new HoldSurroundings(forgotten);
  const placingWith = (node: Parameters<HoldDesk['procedureHolds']>[0], pool: pg.Pool | null) =>
    new ProcedureHolds({
      ...{ agencyId: node.agencyId, clock: node.clock, monotonic, own },
      surroundings: (transaction?: Transaction) =>
        transaction === undefined ? surroundings.of(node, pool) : surroundings.within(node, transaction),
    });
  return {
    procedureHolds: (node) => placingWith(node, null),
    procedures: [holdLedgerProcedure, caseLinkProcedure, linkDisregardProcedure],
    controllers: [HoldsController, HoldTakeoverController, ProtectionController, ClearancesController, LinksController],
    providers: [
      ...[HoldMandate, OwnObstacles, CaseLinks, LinkDisregarding, ClearanceSearch, RestoredHolds],
      { provide: OWN_HOLDS, useValue: own },
      { provide: MONOTONIC_CLOCK, useValue: monotonic },
      { provide: ForgottenLeases, useValue: forgotten },
      { provide: HoldSurroundings, useValue: surroundings },
      { provide: ProcedureHolds, inject: [NODE_CONTEXT, DATABASE_POOL], useFactory: placingWith },
      {
        ...{ provide: LEASE_TERMS, inject: [NODE_CONFIGURATION] },
        useFactory: ({ leaseMs = DEFAULT_LEASE_TERMS.leaseMs }: NodeConfiguration) => ({
          ...DEFAULT_LEASE_TERMS,
          leaseMs,
        }),
      },
    ],
    migrations: [
      CreateKnownHoldTable1795550000000,
      CreateForgottenLeaseTable1795561200000,
      CreateGrantedClearanceTable1795561300000,
      CreateCaseOfHaltTables1795567000000,
    ],
    inlineProjections: [grantedClearanceProjection, casesOfHaltsProjection],
    contractProjections: [knownHoldProjection],
    policies: (node) => [
      whenHaltAcknowledgedThenRecord(node, monotonic),
      whenCasesLinkedThenLinkLedgers(node, { monotonic, forgotten }),
      whenCasesUnlinkedThenUnlinkLedgers(node, { monotonic, forgotten }),
    ],
    deadlines: [holdDeadlines(monotonic, forgotten)],
    channelServices: [ClearanceService],
  };
}
