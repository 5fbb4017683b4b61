import {
  casesIn,
  consentDesk,
  DATABASE_POOL,
  gateDesk,
  heldInTable,
  holdDesk,
  identityHeld,
  LIFTING_CONDITION,
  NODE_CONTEXT,
  type NodeContext,
  type NodeDefinition,
  ProcedureHolds,
  referralDesk,
  WITHDRAWN_HERE,
  withVault,
} from '@acogida/service-kit';
import type pg from 'pg';
import { ConsentInForce } from './http/consent-in-force.ts';
import { ReturnCaseQueriesController } from './http/return-case-queries.controller.ts';
import { ReturnCasesController } from './http/return-cases.controller.ts';
import { ReturnDeparturesController } from './http/return-departures.controller.ts';
import { ReturnsWithdrawnHere } from './integration/returns-withdrawn-here.ts';
import { whenAReturnConsentComesDue } from './integration/when-a-return-consent-comes-due.ts';
import { whenChildIdentifiedThenNoteChild } from './integration/when-child-identified-then-note-child.ts';
import { whenConsentWithdrawnThenWithdrawReturnConsent } from './integration/when-consent-withdrawn-then-withdraw-return-consent.ts';
import { CreateIdentifiedChildTable1795563000000 } from './migrations/create-identified-child-table.ts';
import { CreateReturnCaseTable1795402517274 } from './migrations/create-return-case-table.ts';
import { identifiedChildProjection } from './projections/identified-child.projection.ts';
import { ReturnCaseEntity } from './projections/return-case.entity.ts';
import { returnCaseProjection } from './projections/return-case.projection.ts';
import { returnCaseProcedure } from './return-case.procedure.ts';

const desk = referralDesk();
const consents = consentDesk([
  heldInTable('return_case', 'CASE_FILE', 'OPEN_PROCEDURE'),
  identityHeld('OPEN_PROCEDURE'),
]);
const holds = holdDesk(['VOLUNTARINESS']);
const gate = gateDesk(['RETURN_DEPARTURE'], { byProcedure: true });

const withoutVault: NodeDefinition = {
  kind: 'return-reintegration',
  description: 'Voluntary return from the application to boarding (domain.md 2.6).',
  ownCases: casesIn({ table: 'return_case', idColumn: 'return_case_id', procedure: returnCaseProcedure }),
  procedures: [
    returnCaseProcedure,
    ...desk.procedures,
    ...consents.procedures,
    ...holds.procedures,
    ...gate.procedures,
  ],
  controllers: [
    ReturnCasesController,
    ReturnCaseQueriesController,
    ReturnDeparturesController,
    ...desk.controllers,
    ...consents.controllers,
    ...holds.controllers,
    ...gate.controllers,
  ],
  providers: [
    ...consents.providers,
    ...holds.providers,
    ...gate.providers,
    { provide: LIFTING_CONDITION, useClass: ConsentInForce },
    {
      ...{ provide: WITHDRAWN_HERE, inject: [NODE_CONTEXT, DATABASE_POOL, ProcedureHolds] },
      useFactory: (node: NodeContext, pool: pg.Pool, placing: ProcedureHolds) =>
        new ReturnsWithdrawnHere(node, pool, placing),
    },
  ],
  entities: [ReturnCaseEntity, ...desk.entities, ...consents.entities],
  migrations: [
    CreateReturnCaseTable1795402517274,
    CreateIdentifiedChildTable1795563000000,
    ...desk.migrations,
    ...consents.migrations,
    ...holds.migrations,
  ],
  inlineProjections: [
    returnCaseProjection,
    ...desk.inlineProjections,
    ...consents.inlineProjections,
    ...holds.inlineProjections,
  ],
  contractProjections: [identifiedChildProjection, ...holds.contractProjections],
  policies: (context) => [
    ...desk.policies(context),
    ...consents.policies(context),
    ...holds.policies(context),
    ...gate.policies(context),
    whenChildIdentifiedThenNoteChild(context, holds.procedureHolds(context)),
    whenConsentWithdrawnThenWithdrawReturnConsent(context, holds.procedureHolds(context)),
  ],
  deadlines: [
    ...desk.deadlines,
    ...consents.deadlines,
    ...holds.deadlines,
    whenAReturnConsentComesDue(holds.procedureHolds),
  ],
  channelServices: holds.channelServices,
};

/** The return service: voluntary returns up to boarding, and the gate that they pass. */
export const returnReintegrationNode: NodeDefinition = withVault(withoutVault, {
  matchOfficers: ['caseworker', 'supervisor'],
});
